package storage

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
)

// Rename gives a file another path below the content folder. A path that is none,
// that leads out of the folder or that some system would not take matches
// fs.ErrInvalid, one that some system would take for that of another file
// [ErrExists]. The name lasts: the next Open finds the file by it, and if the process
// ends meanwhile under either.
func (s *Store) Rename(file int, newPath string) error {
	if file < 0 || file >= len(s.lay.Files) || s.info.Files[file].Pad {
		return fmt.Errorf("rename file %d to %q: %w", file, newPath, fs.ErrInvalid)
	}
	return s.rename(func() map[int]string { return map[int]string{file: newPath} })
}

// RenameFolder gives all files below a folder a path below another, which may be
// the folder that the whole torrent lies in. Errors are those of Rename, and
// fs.ErrNotExist if nothing lies there; after one all files are where they were.
func (s *Store) RenameFolder(from, to string) error {
	return s.rename(func() map[int]string { return s.lay.Below(from, to) })
}

func (s *Store) rename(names func() map[int]string) error {
	s.maintain.Lock()
	defer s.maintain.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return ErrClosed
	}
	to := names()
	if len(to) == 0 {
		return &Error{Op: "rename", File: ".", Err: fs.ErrNotExist}
	}
	maps.DeleteFunc(to, func(i int, name string) bool { return s.lay.Files[i].Path() == name })
	if len(to) == 0 {
		return nil
	}
	if err := s.lay.MayRename(to); err != nil {
		return fmt.Errorf("rename: %w", err)
	}
	if err := s.lay.MakeFolders(to); err != nil {
		return err
	}
	// Until the rename is done a later Open looks in both places.
	s.next(to)
	err := s.save()
	s.next(nil)
	if err != nil {
		return err
	}
	from, err := s.lay.Rename(to)
	if err != nil {
		return errors.Join(err, s.save())
	}
	// Only now: a power cut would undo the rename and leave the record of it, or
	// keep the end of a folder and not that its files have left it.
	if err := s.lay.Tree.SyncNames(); err != nil {
		return err
	}
	s.lay.Tidy(from)
	return s.save()
}

// next notes where files are to go.
func (s *Store) next(to map[int]string) {
	for i := range s.lay.Files {
		s.lay.Files[i].Entry.Next = to[i]
	}
}

// Path returns where a file lies below the content folder, "" for padding. A file that
// is not complete lies beside it, with a suffix.
func (s *Store) Path(file int) string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if f := s.lay.Files[file].File; f != nil {
		return f.Path()
	}
	return ""
}
