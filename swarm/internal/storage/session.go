package storage

import (
	"errors"

	"github.com/warren-p2p/warren/swarm/internal/storage/content"
	"github.com/warren-p2p/warren/swarm/internal/storage/resume"
)

// begin makes the resume file say that a session is running, before the first
// change. The caller holds mu.
func (s *Store) begin() error {
	if s.begun.Load() {
		return nil
	}
	return s.save()
}

// save writes the table of files. The caller holds mu.
func (s *Store) save() error {
	s.beginMu.Lock()
	defer s.beginMu.Unlock()
	err := s.log.Save(s.lay.Entries(), false)
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

// Sync makes what was written durable and records which pieces that were.
// After an error, ask Have again: when a file could not be synced, its pieces
// written since the last Sync are taken for lost.
func (s *Store) Sync() error {
	s.syncMu.Lock()
	defer s.syncMu.Unlock()
	s.mu.RLock()
	if s.closed || !s.begun.Load() {
		defer s.mu.RUnlock()
		if s.closed {
			return ErrClosed
		}
		return nil
	}
	nameErr := s.settle()
	s.log.Snapshot()
	failed, err := s.lay.Sync()
	s.mu.RUnlock()
	if len(failed) > 0 {
		s.mu.Lock()
		err = errors.Join(err, s.forget(failed))
		s.mu.Unlock()
	}
	return errors.Join(nameErr, s.promote(err))
}

// promote records the snapshot as durable, without the pieces forgotten since.
func (s *Store) promote(failed error) error {
	if err := s.lay.Tree.SyncNames(); err != nil {
		return errors.Join(failed, err)
	}
	return errors.Join(failed, s.stateError("sync", s.log.Promote()))
}

// forget clears the pieces of files that were not durable yet. The caller
// holds mu exclusively.
func (s *Store) forget(failed []*content.File) (err error) {
	for _, bad := range failed {
		for _, i := range s.lay.HeldBy(bad) {
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
// caller holds mu.
func (s *Store) settle() (err error) {
	err = s.lay.Finish(s.inv.Whole)
	if s.Complete() {
		err = errors.Join(err, s.addExtras())
	}
	return err
}

// addExtras makes the empty files and the links (BEP 47), once all else is
// there.
func (s *Store) addExtras() error {
	if s.extra.Load() {
		return nil
	}
	err := s.lay.AddExtras()
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
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	s.closed = true
	defer s.lay.Tree.Close()
	if !s.begun.Load() {
		return s.log.Close()
	}
	nameErr := s.settle()
	s.log.Snapshot()
	failed, err := s.lay.Sync()
	err = errors.Join(err, s.forget(failed))
	var entries []resume.Entry
	if err = s.promote(err); err == nil {
		s.lay.Tree.Close()
		entries, err = s.lay.Stat()
	}
	if err != nil {
		return errors.Join(nameErr, err, s.log.Close())
	}
	return errors.Join(nameErr, s.stateError("write", s.log.Save(entries, true)))
}
