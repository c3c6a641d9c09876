package storage

import (
	"errors"

	"github.com/warren-p2p/warren/internal/vfs"
)

// Prepare finds out whether what is wanted can be stored now, and reserves the
// space if the configuration says so. It returns a [*SpaceError] when the
// volume has too little room left beside the reserve, and an error that matches
// [ErrReadOnly] when it takes no writes. It may be called again at any time.
func (s *Store) Prepare() error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.closed {
		return ErrClosed
	}
	todo, need := s.needed()
	if len(todo) == 0 {
		return s.settle()
	}
	free, err := s.lay.Free()
	if err != nil {
		return err
	}
	space := &SpaceError{Need: need, Free: free, Reserve: s.cfg.Reserve}
	if space.lacking() {
		return space
	}
	if !s.cfg.Preallocate {
		return s.lay.Files[todo[0]].Touch()
	}
	return s.allocate(todo, space)
}

// needed returns the wanted files that are not complete and how many bytes
// they still need.
func (s *Store) needed() (files []int, need int64) {
	for i := range s.lay.Files {
		f := &s.lay.Files[i]
		if f.File == nil || f.Entry.Unwanted || s.inv.Whole(i) {
			continue
		}
		files = append(files, i)
		if !f.Allocated.Load() {
			need += s.info.Files[i].Length - s.FileProgress(i)
		}
	}
	return files, need
}

func (s *Store) allocate(files []int, space *SpaceError) error {
	changed := false
	var err error
	for _, i := range files {
		f := &s.lay.Files[i]
		if f.Allocated.Load() {
			continue
		}
		if err = f.Allocate(); err != nil {
			break
		}
		f.Allocated.Store(true)
		changed = true
	}
	if changed {
		if e := s.save(); e != nil {
			return errors.Join(err, e)
		}
	}
	if errors.Is(err, vfs.ErrNoSpace) {
		return errors.Join(space, err)
	}
	return err
}
