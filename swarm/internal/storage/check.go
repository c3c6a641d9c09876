package storage

import (
	"context"
	"errors"
	"fmt"

	"github.com/warren-p2p/warren/swarm/internal/storage/recheck"
)

// Check reads pieces from disk, nil meaning all, and records which of them are
// there. Workers read and hash side by side, each with memory for one piece.
// progress, if not nil, is told now and then, and at the end, how many pieces
// are done; never by two workers at once.
//
// A piece that is absent, cut short or wrong is missing afterwards. So is one
// the volume cannot read; that error is returned when the others are done.
// Other errors, and the end of ctx, end the check: the pieces not yet reached
// stay as they were.
func (s *Store) Check(ctx context.Context, pieces []int, workers int, progress func(done int)) error {
	for _, p := range pieces {
		if p < 0 || p >= s.info.NumPieces() {
			return fmt.Errorf("check piece %d: %w", p, ErrRange)
		}
	}
	if err := s.relocate(); err != nil {
		return err
	}
	err := recheck.Run(ctx, recheck.Config{
		Torrent: s.torrent, Source: (*checked)(s), Pieces: pieces, Workers: workers,
		Clock: s.cfg.Clock, Progress: progress,
	})
	return errors.Join(err, s.afterCheck())
}

// Trust records all pieces as there without reading them, for a torrent that was
// made from this very content a moment ago. It makes sure that no file is
// missing or shorter than it should be; if one is, nothing is recorded.
func (s *Store) Trust() error {
	if err := s.relocate(); err != nil {
		return err
	}
	if err := s.trustAll(); err != nil {
		return err
	}
	return s.afterCheck()
}

func (s *Store) trustAll() error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.closed {
		return ErrClosed
	}
	var last [1]byte
	for i := range s.info.Files {
		f := &s.info.Files[i]
		if f.Pad || f.Length == 0 {
			continue
		}
		end := f.Offset + f.Length - 1
		if err := s.lay.ReadVec(int(end/s.info.PieceLength), int(end%s.info.PieceLength), 1, [][]byte{last[:]}); err != nil {
			return err
		}
	}
	for piece := range s.info.NumPieces() {
		if err := s.found(piece); err != nil {
			return err
		}
	}
	return nil
}

// relocate looks again where the files are: they may have come or gone.
func (s *Store) relocate() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return ErrClosed
	}
	s.extra.Store(false)
	return errors.Join(s.lay.Relocate(), s.begin())
}

// afterCheck makes the findings last: a bad piece must not come back.
func (s *Store) afterCheck() error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.closed {
		return ErrClosed
	}
	err := s.stateError("sync", s.log.Flush())
	if s.Complete() {
		if e := s.addExtras(); !errors.Is(e, ErrReadOnly) {
			err = errors.Join(err, e)
		}
	}
	return err
}

// checked is the store as a check sees it.
type checked Store

// Hold implements [recheck.Source]: it keeps Arrive away. Locks that pieces
// share are taken once, and all in the same order.
func (c *checked) Hold(pieces []int) (release func(), err error) {
	c.mu.RLock()
	if c.closed {
		c.mu.RUnlock()
		return nil, ErrClosed
	}
	var wanted [len(c.checking)]bool
	for _, p := range pieces {
		wanted[p%len(wanted)] = true
	}
	for i := range wanted {
		if wanted[i] {
			c.checking[i].Lock()
		}
	}
	return func() {
		for i := range wanted {
			if wanted[i] {
				c.checking[i].Unlock()
			}
		}
		c.mu.RUnlock()
	}, nil
}

// Read implements [recheck.Source].
func (c *checked) Read(piece int, buf []byte) error {
	return c.lay.ReadVec(piece, 0, len(buf), [][]byte{buf})
}

// Found implements [recheck.Source].
func (c *checked) Found(piece int) error { return (*Store)(c).found(piece) }

// Missing implements [recheck.Source].
func (c *checked) Missing(piece int) error { return (*Store)(c).clear(piece) }

// found records a piece that was read and is good. It may still be nowhere
// but in the page cache, so its files have to be synced before it counts.
func (s *Store) found(piece int) error {
	if !s.log.Has(piece) || s.log.Unsynced(piece) {
		s.lay.MarkDirty(piece)
	}
	return s.mark(piece)
}
