// Package extension encodes and decodes what travels inside extended messages
// (BEP 10): the extended handshake itself with upload_only (BEP 21) and tls
// ([TLS]), and the messages ut_metadata (BEP 9), ut_pex (BEP 11), lt_donthave
// (BEP 54) and ut_holepunch (BEP 55).
//
// Append functions write the payload that peerwire.AppendExtended frames, and
// Parse functions take what peerwire.ParseExtended returns. Clients write
// sloppy dictionaries, so parsing tolerates keys out of order, unknown keys and
// bytes behind a dictionary, and takes a value of the wrong type or out of
// bounds for absent where the message makes sense without it. It does not give
// way on sizes. Errors are a *peerwire.Error that names the message.
package extension

import (
	"fmt"
	"net/netip"

	"github.com/warren-p2p/warren/internal/wire/bencode"
	"github.com/warren-p2p/warren/peerwire"
)

// The names under which the m dictionary of an extended handshake lists the
// messages of this package.
const (
	NameMetadata  = "ut_metadata"
	NamePex       = "ut_pex"
	NameDontHave  = "lt_donthave"
	NameHolepunch = "ut_holepunch"
)

func refuse(message string, sentinel error, format string, args ...any) error {
	return &peerwire.Error{
		Message: message,
		Reason:  fmt.Errorf("%w: %s", sentinel, fmt.Sprintf(format, args...)),
	}
}

// parseDict reads the dictionary that payload begins with.
func parseDict(message string, payload []byte) (dict bencode.Value, rest []byte, err error) {
	if len(payload) > peerwire.MaxExtendedLen {
		return bencode.Value{}, nil, refuse(message, peerwire.ErrLength, "%d bytes, want at most %d",
			len(payload), peerwire.MaxExtendedLen)
	}
	dict, rest, err = bencode.ParseLenient(payload)
	if err != nil {
		err = fmt.Errorf("%w: %w", peerwire.ErrBencode, err)
		return bencode.Value{}, nil, &peerwire.Error{Message: message, Reason: err}
	}
	if dict.Kind() != bencode.Dict {
		return bencode.Value{}, nil, refuse(message, peerwire.ErrBencode, "not a dictionary")
	}
	return dict, rest, nil
}

// number returns v if it is an integer from low to high.
func number(v bencode.Value, low, high int64) (int, bool) {
	n, ok := v.Int()
	if !ok || n < low || n > high {
		return 0, false
	}
	return int(n), true
}

// address returns v if it is a compact address of 4 or 16 bytes. One of IPv4
// written as IPv6 becomes IPv4, so that no filter is passed in disguise.
func address(v bencode.Value) netip.Addr {
	b, _ := v.Bytes()
	addr, _ := netip.AddrFromSlice(b)
	return addr.Unmap()
}
