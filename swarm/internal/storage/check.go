package storage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/warren-p2p/warren/metainfo"
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
	total := len(pieces)
	if pieces == nil {
		total = s.info.NumPieces()
	}
	for _, p := range pieces {
		if p < 0 || p >= s.info.NumPieces() {
			return fmt.Errorf("check piece %d: %w", p, ErrRange)
		}
	}
	if err := s.relocate(); err != nil {
		return err
	}
	err := recheck.Run(ctx, recheck.Config{
		Pieces: pieces, Total: total, Workers: workers, Buffer: int(s.info.PieceLength),
		Clock: s.cfg.Clock, Piece: s.checkPiece, Progress: progress,
		Tolerable: func(err error) bool { return errors.Is(err, ErrDevice) },
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

// checkPiece reads one piece into buf and records whether it is good.
func (s *Store) checkPiece(piece int, buf []byte) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.closed {
		return ErrClosed
	}
	lock := &s.checking[piece%len(s.checking)]
	lock.Lock()
	defer lock.Unlock()
	data := buf[:s.info.DataLen(piece)]
	err := s.lay.ReadVec(piece, 0, len(data), [][]byte{data})
	if err == nil {
		err = s.torrent.VerifyPiece(piece, data)
	}
	var wrong *metainfo.PieceError
	switch {
	case err == nil:
		return s.found(piece)
	case errors.As(err, &wrong), errors.Is(err, fs.ErrNotExist), errors.Is(err, io.ErrUnexpectedEOF):
		return s.clear(piece)
	case errors.Is(err, ErrDevice):
		return errors.Join(err, s.clear(piece))
	}
	return err
}

// found records a piece that was read and is good. It may still be nowhere
// but in the page cache, so its files have to be synced before it counts.
func (s *Store) found(piece int) error {
	if !s.log.Has(piece) || s.log.Unsynced(piece) {
		s.lay.MarkDirty(piece)
	}
	return s.mark(piece)
}
