package storage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/warren-p2p/warren/internal/lanes"
	"github.com/warren-p2p/warren/metainfo/verify"
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
		Pieces: pieces, Total: total, Workers: workers, Row: min(s.row(), total), Buffer: int(s.info.PieceLength),
		Clock: s.cfg.Clock, Check: s.checkRow, Progress: progress,
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

// rowBytes bounds the memory a worker of a check has.
const rowBytes = 8 << 20

// row is how many pieces are hashed side by side.
func (s *Store) row() int {
	return int(min(max(rowBytes/s.info.PieceLength, 1), lanes.Width))
}

// checkRow reads pieces into bufs and records which of them are good.
func (s *Store) checkRow(pieces []int, bufs [][]byte, errs []error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.closed {
		for k := range errs {
			errs[k] = ErrClosed
		}
		return
	}
	defer s.lockPieces(pieces)()
	data := make([][]byte, len(pieces))
	for k, piece := range pieces {
		data[k] = bufs[k][:s.info.DataLen(piece)]
		errs[k] = s.lay.ReadVec(piece, 0, len(data[k]), [][]byte{data[k]})
	}
	s.verify(pieces, data, errs)
	for k, piece := range pieces {
		errs[k] = s.judge(piece, errs[k])
	}
}

// verify hashes the pieces that could be read.
func (s *Store) verify(pieces []int, data [][]byte, errs []error) {
	var (
		read []int
		good [][]byte
		at   []int
	)
	for k := range pieces {
		if errs[k] == nil {
			read, good, at = append(read, pieces[k]), append(good, data[k]), append(at, k)
		}
	}
	found := make([]error, len(read))
	verify.Pieces(s.torrent, read, good, found)
	for i, k := range at {
		errs[k] = found[i]
	}
}

// judge records what a check found out about a piece.
func (s *Store) judge(piece int, err error) error {
	var wrong *verify.PieceError
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

// lockPieces keeps Arrive away from pieces. Locks that pieces share are taken
// once, and all in the same order.
func (s *Store) lockPieces(pieces []int) (unlock func()) {
	var wanted [len(s.checking)]bool
	for _, p := range pieces {
		wanted[p%len(wanted)] = true
	}
	for i := range wanted {
		if wanted[i] {
			s.checking[i].Lock()
		}
	}
	return func() {
		for i := range wanted {
			if wanted[i] {
				s.checking[i].Unlock()
			}
		}
	}
}

// found records a piece that was read and is good. It may still be nowhere
// but in the page cache, so its files have to be synced before it counts.
func (s *Store) found(piece int) error {
	if !s.log.Has(piece) || s.log.Unsynced(piece) {
		s.lay.MarkDirty(piece)
	}
	return s.mark(piece)
}
