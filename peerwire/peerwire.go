// Package peerwire encodes and decodes the messages BitTorrent peers exchange:
// the handshake and core messages (BEP 3), port (BEP 5), the fast extension
// (BEP 6), the frame of extended messages (BEP 10) and v2 hash transfer
// (BEP 52). Package peerwire/extension has what travels in extended messages.
//
// It does no I/O and keeps no state. Append functions write a whole message,
// length prefix included; Parse functions take the payload, which is what
// follows the length prefix and the message id, and return views of it. A
// reader that has read those five bytes calls CheckLength before it reads, or
// makes room for, anything more.
//
//	| length uint32 | id uint8 | payload, length-1 bytes |
//
// A length of zero is a keepalive and has no id. Integers are big endian.
package peerwire

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// BlockLen is how many bytes a request asks for, save at the end of the data.
const BlockLen = 16384

// headerLen is the length prefix and the message id.
const headerLen = 5

// ID is the byte that says which message follows.
type ID uint8

// The message ids of BEP 3, 5, 6, 10 and 52.
const (
	IDChoke         ID = 0
	IDUnchoke       ID = 1
	IDInterested    ID = 2
	IDNotInterested ID = 3
	IDHave          ID = 4
	IDBitfield      ID = 5
	IDRequest       ID = 6
	IDPiece         ID = 7
	IDCancel        ID = 8
	IDPort          ID = 9
	IDSuggest       ID = 13
	IDHaveAll       ID = 14
	IDHaveNone      ID = 15
	IDReject        ID = 16
	IDAllowedFast   ID = 17
	IDExtended      ID = 20
	IDHashRequest   ID = 21
	IDHashes        ID = 22
	IDHashReject    ID = 23
)

// String returns the name the BEPs give the message.
func (id ID) String() string {
	names := [...]string{
		IDChoke: "choke", IDUnchoke: "unchoke", IDInterested: "interested",
		IDNotInterested: "not interested", IDHave: "have", IDBitfield: "bitfield",
		IDRequest: "request", IDPiece: "piece", IDCancel: "cancel", IDPort: "port",
		IDSuggest: "suggest", IDHaveAll: "have all", IDHaveNone: "have none",
		IDReject: "reject", IDAllowedFast: "allowed fast", IDExtended: "extended",
		IDHashRequest: "hash request", IDHashes: "hashes", IDHashReject: "hash reject",
	}
	if int(id) < len(names) && names[id] != "" {
		return names[id]
	}
	return fmt.Sprintf("message %d", uint8(id))
}

// What can be wrong with a message, found with errors.Is.
var (
	ErrLength   = errors.New("wrong length")
	ErrValue    = errors.New("value not allowed")
	ErrProtocol = errors.New("not the BitTorrent protocol")
	ErrBencode  = errors.New("bad bencoding")
)

// Error says which message was refused and why. Message is the name in the
// BEPs, such as "request" or "ut_pex"; Reason wraps one of the Err values.
type Error struct {
	Message string
	Reason  error
}

func (e *Error) Error() string { return "parse " + e.Message + ": " + e.Reason.Error() }

func (e *Error) Unwrap() error { return e.Reason }

// lengthError is about a payload of got bytes.
func lengthError(id ID, got, want int) error {
	return &Error{id.String(), fmt.Errorf("%w: payload of %d bytes, want %d", ErrLength, got, want)}
}

// appendHeader begins a message of id with n bytes of payload.
func appendHeader(dst []byte, id ID, n int) []byte {
	return append(binary.BigEndian.AppendUint32(dst, uint32(1+n)), byte(id))
}
