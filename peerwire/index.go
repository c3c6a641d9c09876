package peerwire

import "encoding/binary"

// AppendHave appends a have message (BEP 3).
func AppendHave(dst []byte, piece uint32) []byte { return appendIndex(dst, IDHave, piece) }

// AppendSuggest appends a suggest message (BEP 6).
func AppendSuggest(dst []byte, piece uint32) []byte { return appendIndex(dst, IDSuggest, piece) }

// AppendAllowedFast appends an allowed fast message (BEP 6).
func AppendAllowedFast(dst []byte, piece uint32) []byte {
	return appendIndex(dst, IDAllowedFast, piece)
}

// AppendPort appends a port message: the UDP port of the DHT node (BEP 5).
func AppendPort(dst []byte, port uint16) []byte {
	return binary.BigEndian.AppendUint16(appendHeader(dst, IDPort, 2), port)
}

// ParseHave returns the piece of a have message. Whether the torrent has such
// a piece is for the caller to check.
func ParseHave(payload []byte) (piece uint32, err error) { return parseIndex(IDHave, payload) }

// ParseSuggest returns the piece of a suggest message, unchecked as in ParseHave.
func ParseSuggest(payload []byte) (piece uint32, err error) { return parseIndex(IDSuggest, payload) }

// ParseAllowedFast returns the piece of an allowed fast message, unchecked as
// in ParseHave.
func ParseAllowedFast(payload []byte) (piece uint32, err error) {
	return parseIndex(IDAllowedFast, payload)
}

// ParsePort returns the UDP port of a port message. Zero is refused, since
// nothing can be sent there.
func ParsePort(payload []byte) (port uint16, err error) {
	if len(payload) != 2 {
		return 0, lengthError(IDPort, len(payload), 2)
	}
	port = binary.BigEndian.Uint16(payload)
	if port == 0 {
		return 0, &Error{IDPort.String(), ErrValue}
	}
	return port, nil
}

func appendIndex(dst []byte, id ID, piece uint32) []byte {
	return binary.BigEndian.AppendUint32(appendHeader(dst, id, 4), piece)
}

func parseIndex(id ID, payload []byte) (uint32, error) {
	if len(payload) != 4 {
		return 0, lengthError(id, len(payload), 4)
	}
	return binary.BigEndian.Uint32(payload), nil
}
