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
	s.layout.RLock()
	defer s.layout.RUnlock()
	if s.closed {
		return ErrClosed
	}
	todo, need := s.unfinished()
	if len(todo) == 0 {
		return s.settle()
	}
	space, err := s.room(need)
	if err != nil {
		return err
	}
	if !s.cfg.Preallocate {
		return s.files[todo[0]].Touch()
	}
	return s.allocate(todo, space)
}

// unfinished returns the wanted files that are not complete and how many bytes
// they still need.
func (s *Store) unfinished() (files []int, need int64) {
	for i := range s.files {
		f := &s.files[i]
		if f.File == nil || f.entry.Unwanted || f.left.Load() == 0 {
			continue
		}
		files = append(files, i)
		if !f.allocated.Load() {
			need += s.info.Files[i].Length - s.FileProgress(i)
		}
	}
	return files, need
}

// room checks that need bytes fit beside the reserve.
func (s *Store) room(need int64) (SpaceError, error) {
	space := SpaceError{Need: need, Reserve: s.cfg.Reserve}
	var err error
	if space.Free, err = s.fsys.Free(); err != nil {
		return space, &Error{Op: "free space", File: ".", Err: err}
	}
	if need > 0 && space.Free-need < space.Reserve {
		return space, &space
	}
	return space, nil
}

func (s *Store) allocate(files []int, space SpaceError) error {
	changed := false
	var err error
	for _, i := range files {
		f := &s.files[i]
		if f.allocated.Load() {
			continue
		}
		if err = f.Allocate(); err != nil {
			break
		}
		f.allocated.Store(true)
		changed = true
	}
	if changed {
		if e := s.save(); e != nil {
			return errors.Join(err, e)
		}
	}
	if errors.Is(err, vfs.ErrNoSpace) {
		return errors.Join(&space, err)
	}
	return err
}
