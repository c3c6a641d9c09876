package storage

import (
	"context"
	"errors"

	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/swarm/internal/storage/content"
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
func (s *Store) Move(ctx context.Context, to vfs.FS) error {
	s.maintain.Lock()
	defer s.maintain.Unlock()
	if err := s.fits(to); err != nil {
		return err
	}
	copies, err := s.copyTo(ctx, to)
	if err != nil {
		for _, c := range copies {
			err = errors.Join(err, c.Discard())
		}
		return err
	}
	return s.switchTo(ctx, to, copies)
}

// fits checks that the other volume has room for what is here.
func (s *Store) fits(to vfs.FS) error {
	s.layout.RLock()
	defer s.layout.RUnlock()
	if s.closed {
		return ErrClosed
	}
	space := SpaceError{Reserve: s.cfg.Reserve}
	for i := range s.files {
		space.Need += s.FileProgress(i)
	}
	var err error
	if space.Free, err = to.Free(); err != nil {
		return &Error{Op: "free space", File: ".", Err: err}
	}
	if space.Need > 0 && space.Free-space.Need < space.Reserve {
		return &space
	}
	return s.begin()
}

func (s *Store) copyTo(ctx context.Context, to vfs.FS) (copies []*content.Copy, err error) {
	for i := range s.files {
		if s.files[i].File == nil {
			continue
		}
		c, err := s.files[i].CopyTo(ctx, to)
		if err != nil {
			return copies, err
		}
		copies = append(copies, c)
	}
	return copies, nil
}

// switchTo brings the copies up to date, nobody writing any more, and puts
// them in the place of the originals.
func (s *Store) switchTo(ctx context.Context, to vfs.FS, copies []*content.Copy) error {
	s.layout.Lock()
	defer s.layout.Unlock()
	if s.closed {
		return ErrClosed
	}
	for _, step := range []func(*content.Copy) error{
		func(c *content.Copy) error { return c.Refresh(ctx) },
		(*content.Copy).Land,
	} {
		for _, c := range copies {
			if err := step(c); err != nil {
				for _, c := range copies {
					err = errors.Join(err, c.Discard())
				}
				return err
			}
		}
	}
	if err := s.tree.SyncNames(); err != nil {
		return err
	}
	s.fsys = to
	var err error
	for _, c := range copies {
		remove, e := c.Finish()
		err = errors.Join(err, e, remove())
	}
	return err
}
