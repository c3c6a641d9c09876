package verify

import (
	"errors"
	"slices"

	"github.com/warren-p2p/warren/metainfo/internal/hasher"
)

// Options are the choices in verifying. The zero value is usable.
type Options struct {
	Workers int // hashing goroutines; 0 is one for each core
	// Progress, if set, is told how many of the bytes are read. It is called
	// from one goroutine at a time and must return quickly.
	Progress func(done, total int64)
}

// Report is the outcome of verifying content on disk.
type Report struct {
	Pieces    []byte // one bit for each good piece, the first is 0x80 of byte 0 (BEP 3)
	NumGood   int
	NumPieces int
	Files     []FileReport // one for each file of the torrent
}

// FileReport is what was found of one file. Padding is always in order.
type FileReport struct {
	// Err tells why the file cannot be right: it matches fs.ErrNotExist if the
	// file is missing, [ErrShort], [ErrLong], [metainfo.ErrSymlink] for a link
	// that is not as it should be, or is what reading it returned. It is nil for
	// a file of the right kind and length.
	Err error
	// BadPieces counts the pieces with bytes of the file that are not good,
	// the first of which is FirstBad (-1 if there is none).
	BadPieces, FirstBad int
}

// The lengths a file can have other than the right one.
var (
	ErrShort = hasher.ErrShort
	ErrLong  = errors.New("file is longer than expected")
)

// Good reports whether the file is there, whole and right.
func (f *FileReport) Good() bool { return f.Err == nil && f.BadPieces == 0 }

// Complete reports whether all files are good.
func (r *Report) Complete() bool {
	return r.NumGood == r.NumPieces && !slices.ContainsFunc(r.Files, func(f FileReport) bool { return !f.Good() })
}

// Has reports whether piece i is good.
func (r *Report) Has(i int) bool { return r.Pieces[i/8]&(0x80>>(i%8)) != 0 }
