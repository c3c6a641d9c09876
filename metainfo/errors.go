package metainfo

import (
	"errors"
	"fmt"

	"github.com/warren-p2p/warren/metainfo/internal/check"
	"github.com/warren-p2p/warren/metainfo/internal/pathname"
)

// The reasons a torrent or magnet link is refused, found with errors.Is. They
// come wrapped in a [FieldError]; bad bencoding is an error of its own.
var (
	ErrMissing     = check.ErrMissing
	ErrType        = check.ErrType
	ErrRange       = check.ErrRange
	ErrVersion     = check.ErrVersion
	ErrEmpty       = check.ErrEmpty
	ErrPieceLength = check.ErrPieceLength
	ErrPieceCount  = errors.New("number of pieces does not fit the length of the content")
	ErrLayer       = errors.New("merkle layer does not lead to its root")
	ErrHybrid      = check.ErrHybrid
	ErrPad         = check.ErrPad
	ErrEncoding    = pathname.ErrEncoding

	ErrSymlink   = pathname.ErrSymlink
	ErrEmptyName = pathname.ErrEmpty
	ErrTraversal = pathname.ErrTraversal
	ErrAbsolute  = pathname.ErrAbsolute
	ErrReserved  = pathname.ErrReserved
	ErrNUL       = pathname.ErrNUL
	ErrTooLong   = pathname.ErrTooLong
	ErrDuplicate = pathname.ErrDuplicate
	ErrCollision = pathname.ErrCollision
	ErrOverlap   = pathname.ErrOverlap
)

// ErrNoHashes reports a piece for which no hash is known: the merkle layers
// of a version 2 torrent from a magnet link are still to be fetched.
var ErrNoHashes = errors.New("no hash is known for this piece")

// FieldError says which part of a torrent or magnet link is bad: Field is such
// as info.files[3].path, or empty for the whole; Err is the reason.
type FieldError = check.Error

// PieceError reports data that does not have the hashes the torrent gives.
type PieceError struct {
	Piece  int
	V1, V2 bool // which versions' hashes failed
}

func (e *PieceError) Error() string {
	which := "version 1 and version 2 hashes differ"
	switch {
	case !e.V2:
		which = "version 1 hash differs"
	case !e.V1:
		which = "version 2 hash differs"
	}
	return fmt.Sprintf("check piece %d: %s", e.Piece, which)
}
