// Package hear reads what a peer says about pieces (BEP 3, 6, 54) and checks it
// against how many there are.
package hear

import (
	"fmt"

	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/peerwire/extension"
)

// Said is a message about pieces. What it does not have is zero.
type Said struct {
	Piece   int               // have, suggest, allowed fast, don't have
	Request peerwire.Request  // reject, cancel: unchecked, to be compared with what is known
	Bits    peerwire.Bitfield // bitfield: a view of the payload; nil for have all and have none
}

// Read reads a message of a peer about a torrent of n pieces. Of messages that
// are about something else it says nothing.
func Read(id peerwire.ID, payload []byte, n int) (Said, error) {
	switch id {
	case peerwire.IDHave:
		i, err := peerwire.ParseHave(payload)
		return index(i, n, err)
	case peerwire.IDSuggest:
		i, err := peerwire.ParseSuggest(payload)
		return index(i, n, err)
	case peerwire.IDAllowedFast:
		i, err := peerwire.ParseAllowedFast(payload)
		return index(i, n, err)
	case peerwire.IDReject, peerwire.IDCancel:
		r, err := peerwire.ParseRequest(payload)
		return Said{Request: r}, err
	case peerwire.IDBitfield:
		if err := peerwire.CheckBitfield(payload, n); err != nil {
			return Said{}, err
		}
		return Said{Bits: payload}, nil
	}
	return Said{}, nil
}

// DontHave reads the extended message of BEP 54.
func DontHave(payload []byte, n int) (Said, error) {
	m, err := extension.ParseDontHave(payload)
	return index(m.Piece, n, err)
}

// index checks what a parser returned.
func index(i uint32, n int, err error) (Said, error) {
	if err == nil && int64(i) >= int64(n) {
		err = fmt.Errorf("peer speaks of piece %d of %d", i, n)
	}
	if err != nil {
		return Said{}, err
	}
	return Said{Piece: int(i)}, nil
}
