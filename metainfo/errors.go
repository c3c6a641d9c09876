package metainfo

import (
	"errors"

	"github.com/warren-p2p/warren/metainfo/internal/check"
	"github.com/warren-p2p/warren/metainfo/internal/pathname"
)

// The reasons a torrent is refused, found with errors.Is. They come wrapped in a
// [FieldError]; bad bencoding is an error of its own.
var (
	ErrMissing     = check.ErrMissing
	ErrType        = check.ErrType
	ErrRange       = check.ErrRange
	ErrVersion     = check.ErrVersion
	ErrEmpty       = check.ErrEmpty
	ErrPieceLength = check.ErrPieceLength
	ErrPieceCount  = check.ErrPieceCount
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

// FieldError says which part of a torrent or magnet link is bad: Field is such
// as info.files[3].path, or empty for the whole; Err is the reason.
type FieldError = check.Error
