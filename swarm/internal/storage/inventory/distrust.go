package inventory

import (
	"github.com/warren-p2p/warren/swarm/internal/storage/layout"
	"github.com/warren-p2p/warren/swarm/internal/storage/resume"
)

// distrust puts in doubt what the files on disk do not bear out.
func (v *Inventory) distrust(then []resume.Entry, origin resume.Origin) error {
	now, err := v.lay.Stat()
	if err != nil {
		return err
	}
	for i := range v.lay.Files {
		f := &v.lay.Files[i]
		if f.File == nil {
			continue
		}
		where := i
		if f.Entry.InParts {
			where = len(v.lay.Files)
		}
		first, end := v.space.FilePieces(i)
		switch origin {
		case resume.Absent, resume.Damaged:
			if now[i].Present {
				v.log.Doubt(first, end)
			}
		case resume.Clean:
			if !layout.Same(then[where], now[where]) {
				v.log.Doubt(first, end)
			}
		default:
			v.distrustShort(i, now[where])
		}
	}
	return nil
}

// distrustShort doubts the pieces of a file that ends before the last of them:
// it is not the file we left.
func (v *Inventory) distrustShort(file int, now resume.Entry) {
	first, end := v.space.FilePieces(file)
	last := end - 1
	for last >= first && !v.log.Has(last) {
		last--
	}
	if last < first || v.lay.Reaches(file, last, now) {
		return
	}
	for p := first; p <= last; p++ {
		if v.log.Has(p) {
			v.log.Doubt(p, p+1)
		}
	}
}
