package peerwire

// AppendKeepalive appends a message of length zero (BEP 3).
func AppendKeepalive(dst []byte) []byte { return append(dst, 0, 0, 0, 0) }

// AppendChoke appends a choke message (BEP 3).
func AppendChoke(dst []byte) []byte { return appendHeader(dst, IDChoke, 0) }

// AppendUnchoke appends an unchoke message (BEP 3).
func AppendUnchoke(dst []byte) []byte { return appendHeader(dst, IDUnchoke, 0) }

// AppendInterested appends an interested message (BEP 3).
func AppendInterested(dst []byte) []byte { return appendHeader(dst, IDInterested, 0) }

// AppendNotInterested appends a not interested message (BEP 3).
func AppendNotInterested(dst []byte) []byte { return appendHeader(dst, IDNotInterested, 0) }

// AppendHaveAll appends a have all message, a bitfield of ones (BEP 6).
func AppendHaveAll(dst []byte) []byte { return appendHeader(dst, IDHaveAll, 0) }

// AppendHaveNone appends a have none message, a bitfield of zeros (BEP 6).
func AppendHaveNone(dst []byte) []byte { return appendHeader(dst, IDHaveNone, 0) }

// AppendExtended appends an extended message (BEP 10). extID is 0 for the
// extended handshake, otherwise the id the receiver chose for the extension.
func AppendExtended(dst []byte, extID byte, payload []byte) []byte {
	dst = append(appendHeader(dst, IDExtended, 1+len(payload)), extID)
	return append(dst, payload...)
}

// ParseExtended splits the payload of an extended message (BEP 10).
func ParseExtended(payload []byte) (extID byte, message []byte, err error) {
	if len(payload) == 0 {
		return 0, nil, lengthError(IDExtended, 0, 1)
	}
	return payload[0], payload[1:], nil
}
