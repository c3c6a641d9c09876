package storage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"sync"
	"sync/atomic"
	"time"

	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/swarm/internal/storage/content"
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
	c := &checker{s: s, pieces: pieces, total: len(pieces), progress: progress}
	if pieces == nil {
		c.total = s.info.NumPieces()
	}
	for _, p := range pieces {
		if p < 0 || p >= s.info.NumPieces() {
			return fmt.Errorf("check piece %d: %w", p, ErrRange)
		}
	}
	if err := s.relocate(); err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var wg sync.WaitGroup
	for range max(workers, 1) {
		wg.Go(func() {
			if err := c.run(ctx); err != nil {
				cancel(err)
			}
		})
	}
	wg.Wait()
	err := errors.Join(c.unreadable, s.afterCheck())
	if c.done < c.total {
		err = errors.Join(context.Cause(ctx), err)
	}
	return err
}

// relocate looks again where the files are: they may have come or gone.
func (s *Store) relocate() (err error) {
	s.layout.Lock()
	defer s.layout.Unlock()
	if s.closed {
		return ErrClosed
	}
	for i := range s.files {
		if s.files[i].File != nil {
			err = errors.Join(err, s.files[i].Locate())
		}
	}
	s.extra.Store(false)
	return errors.Join(err, s.parts.Locate(), s.begin())
}

// afterCheck makes the findings last: a bad piece must not come back.
func (s *Store) afterCheck() error {
	s.layout.RLock()
	defer s.layout.RUnlock()
	if s.closed {
		return ErrClosed
	}
	if s.left.Load() == 0 {
		if err := s.addExtras(); err != nil && !errors.Is(err, ErrReadOnly) {
			return err
		}
	}
	return s.stateError("sync", s.log.Flush())
}

const progressPeriod = 50 * time.Millisecond

type checker struct {
	s        *Store
	pieces   []int // nil means all
	total    int
	progress func(done int)
	next     atomic.Int64

	mu         sync.Mutex
	done       int
	reported   time.Time
	unreadable error // the first of its kind
}

func (c *checker) run(ctx context.Context) error {
	buf := make([]byte, c.s.info.PieceLength)
	for ctx.Err() == nil {
		piece := int(c.next.Add(1) - 1)
		if piece >= c.total {
			return nil
		}
		if c.pieces != nil {
			piece = c.pieces[piece]
		}
		err := c.s.checkPiece(piece, buf)
		if err != nil && !errors.Is(err, ErrDevice) {
			return err
		}
		c.finished(err)
	}
	return nil
}

func (c *checker) finished(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.done++
	if c.unreadable == nil {
		c.unreadable = err
	}
	if c.progress == nil {
		return
	}
	if now := c.s.cfg.Clock.Now(); c.done == c.total || now.Sub(c.reported) >= progressPeriod {
		c.reported = now
		c.progress(c.done)
	}
}

// checkPiece reads one piece into buf and records whether it is good.
func (s *Store) checkPiece(piece int, buf []byte) error {
	s.layout.RLock()
	defer s.layout.RUnlock()
	if s.closed {
		return ErrClosed
	}
	lock := &s.checking[piece%len(s.checking)]
	lock.Lock()
	defer lock.Unlock()
	data := buf[:s.info.DataLen(piece)]
	vec := [1][]byte{data}
	err := s.readVec(piece, 0, len(data), vec[:])
	switch {
	case err == nil:
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, io.ErrUnexpectedEOF):
		return s.clear(piece)
	case errors.Is(err, ErrDevice):
		return errors.Join(err, s.clear(piece))
	default:
		return err
	}
	err = s.torrent.VerifyPiece(piece, data)
	var wrong *metainfo.PieceError
	switch {
	case errors.As(err, &wrong):
		return s.clear(piece)
	case err != nil:
		return err
	}
	return s.found(piece)
}

// found records a piece that was read and is good. It may still be nowhere
// but in the page cache, so its files have to be synced before it counts.
func (s *Store) found(piece int) error {
	var room [4]metainfo.Span
	spans := s.info.AppendSpans(room[:0], piece)
	if !s.log.Has(piece) || s.log.Unsynced(piece) {
		for _, sp := range spans {
			var f *content.File
			if f, _ = s.place(piece, sp); f != nil {
				f.MarkDirty()
			}
		}
	}
	return s.mark(piece, spans)
}
