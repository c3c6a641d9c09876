package storage

import "errors"

// RemoveData closes the store and deletes the content and the directories that
// become empty by it. A file under its own name is deleted only if it is
// complete: otherwise it was there before us and is somebody else's.
func (s *Store) RemoveData() error {
	s.maintain.Lock()
	defer s.maintain.Unlock()
	err := s.shut()
	for i := range s.files {
		f := &s.files[i]
		if f.File != nil {
			err = errors.Join(err, f.Remove(f.left.Load() == 0))
		}
	}
	return errors.Join(err, s.parts.Remove(true))
}

// RemoveState closes the store and deletes what the node's home holds about
// the torrent. The content stays.
func (s *Store) RemoveState() error {
	s.maintain.Lock()
	defer s.maintain.Unlock()
	return errors.Join(s.shut(), s.log.Remove(), s.parts.Remove(true))
}

// shut closes the store without making anything last. The caller holds
// maintain.
func (s *Store) shut() error {
	s.syncMu.Lock()
	defer s.syncMu.Unlock()
	s.layout.Lock()
	defer s.layout.Unlock()
	s.closed = true
	s.tree.Close()
	return s.log.Close()
}
