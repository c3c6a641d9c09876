package storage

import (
	"errors"

	"github.com/warren-p2p/warren/swarm/internal/storage/content"
	"github.com/warren-p2p/warren/swarm/internal/storage/resume"
)

// begin makes the resume file say that a session is running, before the first
// change. The caller holds layout.
func (s *Store) begin() error {
	if s.begun.Load() {
		return nil
	}
	return s.save()
}

// save writes the table of files. The caller holds layout.
func (s *Store) save() error {
	s.beginMu.Lock()
	defer s.beginMu.Unlock()
	err := s.log.Save(s.entries(), false)
	if err == nil {
		s.begun.Store(true)
	}
	return s.stateError("write", err)
}

func (s *Store) stateError(op string, err error) error {
	if err == nil {
		return nil
	}
	return &Error{Op: op, File: s.stateName("resume"), Err: err}
}

func (s *Store) entries() []resume.Entry {
	out := make([]resume.Entry, len(s.files)+1)
	for i := range s.files {
		f := &s.files[i]
		out[i] = resume.Entry{
			Path: f.entry.Path, Next: f.entry.Next,
			Unwanted: f.entry.Unwanted, InParts: f.entry.InParts, Allocated: f.allocated.Load(),
		}
	}
	return out
}

// Sync makes what was written durable and records which pieces that were.
// After an error, ask Have again: when a file could not be synced, its pieces
// written since the last Sync are taken for lost.
func (s *Store) Sync() error {
	s.syncMu.Lock()
	defer s.syncMu.Unlock()
	s.layout.RLock()
	if s.closed || !s.begun.Load() {
		defer s.layout.RUnlock()
		if s.closed {
			return ErrClosed
		}
		return nil
	}
	nameErr := s.settle()
	failed, err := s.flush()
	s.layout.RUnlock()
	if len(failed) > 0 {
		s.layout.Lock()
		err = errors.Join(err, s.forget(failed))
		s.layout.Unlock()
	}
	return errors.Join(nameErr, s.promote(err))
}

// flush syncs the content behind a snapshot of the log, and returns the files
// for which that failed, with their errors.
func (s *Store) flush() (failed []*content.File, err error) {
	s.log.Snapshot()
	sync := func(f *content.File) {
		if e := f.Sync(); e != nil {
			failed = append(failed, f)
			err = errors.Join(err, e)
		}
	}
	for i := range s.files {
		if s.files[i].File != nil {
			sync(s.files[i].File)
		}
	}
	sync(s.parts)
	return failed, err
}

// promote records the snapshot as durable, without the pieces forgotten since.
func (s *Store) promote(failed error) error {
	if err := s.tree.SyncNames(); err != nil {
		return errors.Join(failed, err)
	}
	return errors.Join(failed, s.stateError("sync", s.log.Promote()))
}

// forget clears the pieces of files that were not durable yet. The caller
// holds layout exclusively.
func (s *Store) forget(failed []*content.File) (err error) {
	for _, bad := range failed {
		for i := range s.files {
			f := &s.files[i]
			if f.File != bad && (bad != s.parts || !f.entry.InParts) {
				continue
			}
			first, end := s.info.FilePieces(i)
			for p := first; p < end; p++ {
				if s.log.Unsynced(p) {
					err = errors.Join(err, s.clear(p))
				}
			}
		}
	}
	return err
}

// settle gives complete files their names and adds what has no pieces. The
// caller holds layout.
func (s *Store) settle() (err error) {
	for i := range s.files {
		f := &s.files[i]
		if f.File != nil && !f.entry.InParts && s.info.Files[i].Length > 0 && f.left.Load() == 0 {
			err = errors.Join(err, f.Finish())
		}
	}
	if s.left.Load() == 0 {
		err = errors.Join(err, s.addExtras())
	}
	return err
}

// addExtras makes the empty files and the links (BEP 47), once all else is
// there.
func (s *Store) addExtras() (err error) {
	if s.extra.Load() {
		return nil
	}
	for i := range s.files {
		f := &s.files[i]
		if f.File != nil && s.info.Files[i].Length == 0 && !f.entry.Unwanted {
			err = errors.Join(err, f.Create())
		}
	}
	s.extra.Store(err == nil)
	return err
}

// Close makes everything durable and records sizes and times of the files, so
// that the next Open can trust what has not changed.
func (s *Store) Close() error {
	s.maintain.Lock()
	defer s.maintain.Unlock()
	s.syncMu.Lock()
	defer s.syncMu.Unlock()
	s.layout.Lock()
	defer s.layout.Unlock()
	if s.closed {
		return nil
	}
	s.closed = true
	defer s.tree.Close()
	if !s.begun.Load() {
		return s.log.Close()
	}
	nameErr := s.settle()
	failed, err := s.flush()
	err = errors.Join(err, s.forget(failed))
	if err = s.promote(err); err != nil {
		return errors.Join(nameErr, err, s.log.Close())
	}
	s.tree.Close()
	entries, err := s.stat()
	if err != nil {
		return errors.Join(nameErr, err, s.log.Close())
	}
	return errors.Join(nameErr, s.stateError("write", s.log.Save(entries, true)))
}

// stat is entries with what the files look like.
func (s *Store) stat() ([]resume.Entry, error) {
	out := s.entries()
	for i := range out {
		f := s.parts
		if i < len(s.files) {
			f = s.files[i].File
		}
		if f == nil {
			continue
		}
		info, ok, err := f.Stat()
		if err != nil {
			return nil, err
		}
		if ok {
			out[i].Present, out[i].Size, out[i].ModTime = true, info.Size(), info.ModTime().UnixNano()
		}
	}
	return out, nil
}
