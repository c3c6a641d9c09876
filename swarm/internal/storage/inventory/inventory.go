// Package inventory knows what there is of a torrent: which pieces, by the
// record that package resume keeps, and hence how much of which file.
//
// An [Inventory] has no lock. Its methods may be called side by side as long as
// nobody changes where things lie (package layout). [Inventory.Want] must be
// alone.
package inventory

import (
	"sync/atomic"

	"github.com/warren-p2p/warren/metainfo/piecespace"
	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/swarm/internal/storage/layout"
	"github.com/warren-p2p/warren/swarm/internal/storage/resume"
)

// Inventory is what there is of one torrent.
type Inventory struct {
	space *piecespace.Space
	log   *resume.Log
	lay   *layout.Layout

	left       []atomic.Int64 // pieces missing, by file
	unfinished atomic.Int64   // wanted files with pieces missing
}

// Open takes stock. What the files on disk do not bear out of the log it puts in
// doubt; then are the entries the log was opened with, and origin says how the
// session that wrote them ended.
func Open(space *piecespace.Space, log *resume.Log, lay *layout.Layout, then []resume.Entry, origin resume.Origin) (*Inventory, error) {
	v := &Inventory{space: space, log: log, lay: lay}
	if err := v.distrust(then, origin); err != nil {
		return nil, err
	}
	v.count()
	return v, nil
}

// count works out how much is left of each file.
func (v *Inventory) count() {
	v.left = make([]atomic.Int64, len(v.lay.Files))
	for i := range v.lay.Files {
		if v.lay.Files[i].File == nil {
			continue
		}
		first, end := v.space.FilePieces(i)
		for p := first; p < end; p++ {
			if !v.log.Has(p) {
				v.left[i].Add(1)
			}
		}
		if v.left[i].Load() > 0 && !v.lay.Files[i].Entry.Unwanted {
			v.unfinished.Add(1)
		}
	}
}

// Have returns the pieces that are there and verified.
func (v *Inventory) Have() peerwire.Bitfield { return v.log.AppendHave(nil) }

// InDoubt returns the pieces that may be there.
func (v *Inventory) InDoubt() (pieces []int) {
	doubt := peerwire.Bitfield(v.log.AppendDoubt(nil))
	for p := range v.space.NumPieces() {
		if doubt.Has(p) {
			pieces = append(pieces, p)
		}
	}
	return pieces
}

// Progress returns how many bytes of a file are there and verified.
func (v *Inventory) Progress(file int) (n int64) {
	f := &v.space.Files[file]
	first, end := v.space.FilePieces(file)
	for p := first; p < end; p++ {
		if v.log.Has(p) {
			start := int64(p) * v.space.PieceLength
			n += min(start+v.space.PieceLength, f.Offset+f.Length) - max(start, f.Offset)
		}
	}
	return n
}

// Whole reports whether all pieces of a file are there.
func (v *Inventory) Whole(file int) bool { return v.left[file].Load() == 0 }

// Complete reports whether all wanted files are whole.
func (v *Inventory) Complete() bool { return v.unfinished.Load() == 0 }

// MayHold reports whether a piece of a file is there, or may be.
func (v *Inventory) MayHold(file int) bool {
	first, end := v.space.FilePieces(file)
	for p := first; p < end; p++ {
		if v.log.InDoubt(p) || v.log.Has(p) {
			return true
		}
	}
	return false
}

// Mark records that a piece is there, and appends the files that are whole by
// it to whole.
func (v *Inventory) Mark(piece int, whole []int) ([]int, error) {
	added, err := v.log.Mark(piece)
	if err != nil || !added {
		return whole, err
	}
	var room [4]piecespace.Span
	for _, sp := range v.space.AppendSpans(room[:0], piece) {
		f := &v.lay.Files[sp.File]
		if f.File == nil || v.left[sp.File].Add(-1) > 0 {
			continue
		}
		if !f.Entry.Unwanted {
			v.unfinished.Add(-1)
		}
		whole = append(whole, sp.File)
	}
	return whole, nil
}

// Clear records that a piece is not there. After an error it is not there all
// the same, until a crash.
func (v *Inventory) Clear(piece int) error {
	removed, err := v.log.Clear(piece)
	if !removed {
		return err
	}
	var room [4]piecespace.Span
	for _, sp := range v.space.AppendSpans(room[:0], piece) {
		f := &v.lay.Files[sp.File]
		if f.File != nil && v.left[sp.File].Add(1) == 1 && !f.Entry.Unwanted {
			v.unfinished.Add(1)
		}
	}
	return err
}

// Want says that a file is wanted, or not any more: what it was before is the
// other.
func (v *Inventory) Want(file int, wanted bool) {
	switch {
	case v.Whole(file):
	case wanted:
		v.unfinished.Add(1)
	default:
		v.unfinished.Add(-1)
	}
}
