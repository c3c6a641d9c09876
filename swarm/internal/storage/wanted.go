package storage

import (
	"errors"
	"fmt"
)

// SetWanted says whether a file is to be stored under its name. The parts of
// an unwanted file that come with the pieces of its neighbours are kept in a
// sparse file in the node's home, and move over when it becomes wanted. A file
// that has verified bytes already stays where it is.
func (s *Store) SetWanted(file int, wanted bool) error {
	if file < 0 || file >= len(s.lay.Files) {
		return fmt.Errorf("want file %d: %w", file, ErrRange)
	}
	s.maintain.Lock()
	defer s.maintain.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return ErrClosed
	}
	f := &s.lay.Files[file]
	if f.File == nil || f.Entry.Unwanted == !wanted {
		return nil
	}
	before := f.Entry
	f.Entry.Unwanted = !wanted
	if s.info.Files[file].Length > 0 {
		if err := s.relayout(file); err != nil {
			f.Entry = before
			return err
		}
	}
	if err := s.save(); err != nil {
		f.Entry = before
		return err
	}
	s.inv.Want(file, wanted)
	s.extra.Store(false)
	return errors.Join(s.lay.DropParts(), s.settle())
}

// Wanted reports what SetWanted said last, in this run or an earlier one. Files
// are wanted at first.
func (s *Store) Wanted(file int) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return !s.lay.Files[file].Entry.Unwanted
}

// relayout moves a file into or out of the parts file as its entry demands.
func (s *Store) relayout(file int) error {
	f := &s.lay.Files[file]
	switch {
	case f.Entry.InParts && !f.Entry.Unwanted:
		return s.lay.FromParts(file, s.log.Has, s.log.InDoubt)
	case f.Entry.Unwanted && !f.Entry.InParts && !s.inv.MayHold(file):
		if err := f.Remove(false); err != nil { // space reserved for nothing
			return err
		}
		f.Allocated.Store(false)
		f.Entry.InParts = true
	}
	return nil
}
