package storage

import "errors"

// RemoveData closes the store and deletes the content and the directories that
// become empty by it. A file under its own name is deleted only if it is
// complete: otherwise it was there before us and is somebody else's.
func (s *Store) RemoveData() error {
	s.maintain.Lock()
	defer s.maintain.Unlock()
	err := s.shut()
	for i := range s.lay.Files {
		if f := &s.lay.Files[i]; f.File != nil {
			err = errors.Join(err, f.Remove(s.inv.Whole(i)))
		}
	}
	return errors.Join(err, s.lay.Parts.Remove(true))
}

// RemoveState closes the store and deletes what the node's home holds about
// the torrent. The content stays, but not space that was reserved for files of which
// nothing has come: a later torrent would take the zeros for content to be checked.
func (s *Store) RemoveState() error {
	s.maintain.Lock()
	defer s.maintain.Unlock()
	return errors.Join(s.shut(), s.lay.RemoveBlank(s.inv.MayHold), s.log.Remove(), s.lay.Parts.Remove(true))
}

// shut closes the store without making anything last. The caller holds
// maintain.
func (s *Store) shut() error {
	s.syncMu.Lock()
	defer s.syncMu.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	s.lay.Tree.Close()
	return s.log.Close()
}
