package storage

import (
	"github.com/warren-p2p/warren/swarm/internal/storage/content"
	"github.com/warren-p2p/warren/swarm/internal/storage/resume"
)

// distrust puts in doubt what the files on disk do not bear out.
func (s *Store) distrust(entries []resume.Entry, origin resume.Origin) error {
	parts := entries[len(s.files)]
	partsSame, err := unchanged(s.parts, parts)
	if err != nil {
		return err
	}
	for i := range s.files {
		f := &s.files[i]
		if f.File == nil || s.info.Files[i].Length == 0 {
			continue
		}
		same := partsSame
		where := s.parts
		if !f.entry.InParts {
			where = f.File
			if same, err = unchanged(f.File, entries[i]); err != nil {
				return err
			}
		}
		first, end := s.info.FilePieces(i)
		switch origin {
		case resume.Absent, resume.Damaged:
			if f.State() != content.Absent {
				s.log.Doubt(first, end)
			}
		case resume.Clean:
			if !same {
				s.log.Doubt(first, end)
			}
		default:
			if err := s.distrustShort(i, where); err != nil {
				return err
			}
		}
	}
	return nil
}

// unchanged reports whether a file is as it was when the session was closed.
func unchanged(f *content.File, e resume.Entry) (bool, error) {
	info, ok, err := f.Stat()
	if err != nil || ok != e.Present {
		return false, err
	}
	return !ok || info.Size() == e.Size && info.ModTime().UnixNano() == e.ModTime, nil
}

// distrustShort doubts the pieces of a file that should be there and lie
// beyond its end, and with them all its others: it is not the file we left.
func (s *Store) distrustShort(i int, where *content.File) error {
	first, end := s.info.FilePieces(i)
	last := end - 1
	for last >= first && !s.log.Has(last) {
		last--
	}
	if last < first {
		return nil
	}
	info, ok, err := where.Stat()
	if err != nil {
		return err
	}
	f := &s.info.Files[i]
	need := min(int64(last+1)*s.info.PieceLength, f.Offset+f.Length)
	if where != s.parts {
		need -= f.Offset
	}
	if ok && info.Size() >= need {
		return nil
	}
	for p := first; p <= last; p++ {
		if s.log.Has(p) {
			s.log.Doubt(p, p+1)
		}
	}
	return nil
}

// count works out how much is left of each file.
func (s *Store) count() {
	var left int64
	for i := range s.files {
		f := &s.files[i]
		f.left.Store(0)
		if f.File == nil {
			continue
		}
		first, end := s.info.FilePieces(i)
		for p := first; p < end; p++ {
			if !s.log.Has(p) {
				f.left.Add(1)
			}
		}
		if f.left.Load() > 0 && !f.entry.Unwanted {
			left++
		}
	}
	s.left.Store(left)
}
