package storage

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/warren-p2p/warren/metainfo"
)

// SetWanted says whether a file is to be stored under its name. The parts of
// an unwanted file that come with the pieces of its neighbours are kept in a
// sparse file in the node's home, and move over when it becomes wanted. A file
// that has verified bytes already stays where it is.
func (s *Store) SetWanted(file int, wanted bool) error {
	if file < 0 || file >= len(s.files) {
		return fmt.Errorf("want file %d: %w", file, ErrRange)
	}
	s.maintain.Lock()
	defer s.maintain.Unlock()
	s.layout.Lock()
	defer s.layout.Unlock()
	if s.closed {
		return ErrClosed
	}
	f := &s.files[file]
	if f.File == nil || f.entry.Unwanted == !wanted {
		return nil
	}
	before := f.entry
	f.entry.Unwanted = !wanted
	if s.info.Files[file].Length > 0 {
		if err := s.relayout(file); err != nil {
			f.entry = before
			return err
		}
	}
	if err := s.save(); err != nil {
		f.entry = before
		return err
	}
	if f.left.Load() > 0 {
		s.left.Add(map[bool]int64{true: 1, false: -1}[wanted])
	}
	s.extra.Store(false)
	return errors.Join(s.dropParts(), s.settle())
}

// relayout moves a file into or out of the parts file as its entry demands.
func (s *Store) relayout(file int) error {
	f := &s.files[file]
	switch {
	case f.entry.InParts && !f.entry.Unwanted:
		if err := s.fromParts(file); err != nil {
			return err
		}
		f.entry.InParts = false
	case f.entry.Unwanted && !f.entry.InParts && !s.mayHold(file):
		if err := f.Remove(false); err != nil { // space reserved for nothing
			return err
		}
		f.allocated.Store(false)
		f.entry.InParts = true
	}
	return nil
}

// mayHold reports whether a file has a piece, or may have one.
func (s *Store) mayHold(file int) bool {
	first, end := s.info.FilePieces(file)
	for p := first; p < end; p++ {
		if s.log.InDoubt(p) || s.log.Has(p) {
			return true
		}
	}
	return false
}

// fromParts copies the verified bytes of a file from the parts file and makes
// them durable.
func (s *Store) fromParts(file int) error {
	f := &s.files[file]
	first, end := s.info.FilePieces(file)
	var spans []metainfo.Span
	for p := first; p < end; p++ {
		if !s.log.Has(p) {
			continue
		}
		spans = s.info.AppendSpans(spans[:0], p)
		for _, sp := range spans {
			if sp.File != file {
				continue
			}
			buf := make([]byte, sp.Len)
			from, off := s.place(p, sp)
			if err := from.ReadVec([][]byte{buf}, off); err != nil {
				return err
			}
			if err := f.WriteAt(buf, sp.FileOff); err != nil {
				return err
			}
		}
	}
	return errors.Join(f.Sync(), s.tree.SyncNames())
}

// dropParts removes the parts file when nothing is kept in it any more.
func (s *Store) dropParts() error {
	for i := range s.files {
		if s.files[i].entry.InParts {
			return nil
		}
	}
	return s.parts.Remove(true)
}

// Rename gives a file another path below the content folder, slash-separated.
// What lies there already is not replaced: the error matches [ErrExists].
func (s *Store) Rename(file int, newPath string) error {
	if file < 0 || file >= len(s.files) || s.info.Files[file].Pad || !fs.ValidPath(newPath) || newPath == "." {
		return fmt.Errorf("rename file %d to %q: %w", file, newPath, fs.ErrInvalid)
	}
	s.maintain.Lock()
	defer s.maintain.Unlock()
	s.layout.Lock()
	defer s.layout.Unlock()
	if s.closed {
		return ErrClosed
	}
	f := &s.files[file]
	from := f.Path()
	if from == newPath {
		return nil
	}
	if s.taken(file, newPath) {
		return &Error{Op: "rename", File: from, Err: fmt.Errorf("to %s: %w", newPath, ErrExists)}
	}
	// Until the rename is done a later Open looks in both places.
	f.entry.Next = newPath
	if err := s.save(); err != nil {
		f.entry.Next = ""
		return err
	}
	f.entry.Next = ""
	if err := f.File.Rename(newPath); err != nil {
		return errors.Join(err, s.save())
	}
	f.entry.Path = newPath
	if newPath == s.info.Files[file].Name() {
		f.entry.Path = ""
	}
	// Only now: a power cut would undo the rename and leave the record of it.
	if err := s.tree.SyncNames(); err != nil {
		return err
	}
	return s.save()
}

// taken reports whether another file has the path, or would have it while it
// is not complete.
func (s *Store) taken(file int, name string) bool {
	for i := range s.files {
		if i == file || s.files[i].File == nil {
			continue
		}
		other := s.files[i].Path()
		if strings.EqualFold(other, name) || strings.EqualFold(other+s.suffix, name) || strings.EqualFold(other, name+s.suffix) {
			return true
		}
	}
	return false
}
