package storage

import (
	"sync/atomic"

	"github.com/warren-p2p/warren/swarm/internal/storage/layout"
	"github.com/warren-p2p/warren/swarm/internal/storage/resume"
)

// distrust puts in doubt what the files on disk do not bear out.
func (s *Store) distrust(then []resume.Entry, origin resume.Origin) error {
	now, err := s.lay.Stat()
	if err != nil {
		return err
	}
	for i := range s.lay.Files {
		f := &s.lay.Files[i]
		if f.File == nil {
			continue
		}
		where := i
		if f.Entry.InParts {
			where = len(s.lay.Files)
		}
		first, end := s.info.FilePieces(i)
		switch origin {
		case resume.Absent, resume.Damaged:
			if now[i].Present {
				s.log.Doubt(first, end)
			}
		case resume.Clean:
			if !layout.Same(then[where], now[where]) {
				s.log.Doubt(first, end)
			}
		default:
			s.distrustShort(i, now[where])
		}
	}
	return nil
}

// distrustShort doubts the pieces of a file that ends before the last of them:
// it is not the file we left.
func (s *Store) distrustShort(file int, now resume.Entry) {
	first, end := s.info.FilePieces(file)
	last := end - 1
	for last >= first && !s.log.Has(last) {
		last--
	}
	if last < first || s.lay.Reaches(file, last, now) {
		return
	}
	for p := first; p <= last; p++ {
		if s.log.Has(p) {
			s.log.Doubt(p, p+1)
		}
	}
}

// count works out how much is left of each file.
func (s *Store) count() {
	s.left = make([]atomic.Int64, len(s.lay.Files))
	for i := range s.lay.Files {
		if s.lay.Files[i].File == nil {
			continue
		}
		first, end := s.info.FilePieces(i)
		for p := first; p < end; p++ {
			if !s.log.Has(p) {
				s.left[i].Add(1)
			}
		}
		if s.left[i].Load() > 0 && !s.lay.Files[i].Entry.Unwanted {
			s.unfinished.Add(1)
		}
	}
}
