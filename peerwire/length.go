package peerwire

import "fmt"

// Limits on what a peer may send, in the units named.
const (
	// MaxPieces caps a bitfield that comes before the metadata is known.
	MaxPieces = 1 << 23
	// MaxExtendedLen caps the payload of an extended message in bytes.
	MaxExtendedLen = 1 << 16
	// MaxMessageLen is the largest length prefix CheckLength passes when the
	// number of pieces is unknown.
	MaxMessageLen = 1 + MaxPieces/8
	// maxUnknownLen caps messages of unknown ids, which are to be skipped.
	maxUnknownLen = 1 << 14
)

// CheckLength tells whether n can be the length prefix of a message of id, n
// counting the id byte and the payload. A reader calls it before it reads on,
// so that no peer decides how much is read or kept. numPieces is the number of
// pieces of the torrent, or 0 while that is unknown. Unknown ids pass when they
// are short, since BEP 4 keeps adding to them. The error is an *Error with
// ErrLength.
func CheckLength(id ID, n uint32, numPieces int) error {
	low, high := lengths(id, numPieces)
	if n < low || n > high {
		return &Error{id.String(), fmt.Errorf("%w: length prefix %d, want %d to %d", ErrLength, n, low, high)}
	}
	return nil
}

func lengths(id ID, numPieces int) (low, high uint32) {
	switch id {
	case IDChoke, IDUnchoke, IDInterested, IDNotInterested, IDHaveAll, IDHaveNone:
		return 1, 1
	case IDHave, IDSuggest, IDAllowedFast:
		return 1 + 4, 1 + 4
	case IDBitfield:
		if numPieces == 0 {
			return 1, MaxMessageLen
		}
		exact := uint32(1 + (numPieces+7)/8)
		return exact, exact
	case IDRequest, IDCancel, IDReject:
		return 1 + requestLen, 1 + requestLen
	case IDPiece:
		return 1 + 8, 1 + 8 + BlockLen
	case IDPort:
		return 1 + 2, 1 + 2
	case IDExtended:
		return 1 + 1, 1 + MaxExtendedLen
	case IDHashRequest, IDHashReject:
		return 1 + hashRequestLen, 1 + hashRequestLen
	case IDHashes:
		return 1 + hashRequestLen, 1 + hashRequestLen + 32*(MaxHashes+MaxLayers)
	}
	return 1, maxUnknownLen
}
