package metainfo

import (
	"errors"
	"fmt"

	"github.com/warren-p2p/warren/metainfo/internal/pathname"
)

// The reasons a torrent or magnet link is refused, found with errors.Is. They
// come wrapped in a [FieldError]; bad bencoding is an error of its own.
var (
	ErrMissing     = errors.New("is missing")
	ErrType        = errors.New("has the wrong type")
	ErrRange       = errors.New("is out of range")
	ErrVersion     = errors.New("is of an unsupported version")
	ErrEmpty       = errors.New("there is nothing in it")
	ErrPieceLength = errors.New("not a usable piece length")
	ErrPieceCount  = errors.New("number of pieces does not fit the length of the content")
	ErrLayer       = errors.New("merkle layer does not lead to its root")
	ErrHybrid      = errors.New("version 1 and version 2 describe different content")
	ErrPad         = errors.New("padding is misplaced")
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

// FieldError says which part of a torrent or magnet link is bad.
type FieldError struct {
	Field string // such as info.files[3].path; empty for the whole
	Err   error
}

func (e *FieldError) Error() string {
	if e.Field == "" {
		return e.Err.Error()
	}
	return e.Field + ": " + e.Err.Error()
}

func (e *FieldError) Unwrap() error { return e.Err }

func bad(field string, err error) error { return &FieldError{Field: field, Err: err} }

// badf adds what was found to the reason, which stays visible to errors.Is.
func badf(field string, reason error, format string, args ...any) error {
	return bad(field, fmt.Errorf("%w: "+format, append([]any{reason}, args...)...))
}

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
