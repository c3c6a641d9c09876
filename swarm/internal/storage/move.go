package storage

import (
	"context"

	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/swarm/internal/storage/layout"
)

// Move takes the content to another folder. Each file is copied, made durable
// and compared; only when all are there the store goes over to them and
// removes the originals. Reading and writing goes on meanwhile. After an error
// the store is where it was, unless all that failed is removing originals.
//
// Record where the content goes before the call and that it is there after it.
// If the process ends in between, open the store with the old folder and call
// Move again: files that have gone over already are taken as they are. The
// caller closes the old folder.
//
// Adopt says that others have put the content there: nothing is copied or removed, and
// none of it may be used before Check.
func (s *Store) Move(ctx context.Context, to vfs.FS, adopt bool) error {
	s.maintain.Lock()
	defer s.maintain.Unlock()
	m := s.lay.MoveTo(to, adopt)
	if err := s.fits(m, adopt); err != nil {
		return err
	}
	if err := m.Copy(ctx); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return m.Switch(ctx)
}

// fits checks that the other volume has room for what is here.
func (s *Store) fits(m *layout.Move, adopt bool) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.closed {
		return ErrClosed
	}
	free, err := m.Free()
	if err != nil {
		return err
	}
	space := &SpaceError{Free: free, Reserve: s.cfg.Reserve}
	for i := range s.lay.Files {
		space.Need += s.FileProgress(i)
	}
	if space.lacking() && !adopt {
		return space
	}
	return s.begin()
}
