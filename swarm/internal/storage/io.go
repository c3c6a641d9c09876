package storage

import "fmt"

// Arrive stores the DataLen(piece) bytes of a piece that nobody has verified
// yet: one write per file, then the record that it needs a check. So a process
// that is killed between arrival and check finds the bytes again and reads
// them instead of fetching them. If it fails nothing is recorded and the piece
// can be stored again later. What is there already is not written again.
// Pieces may be stored concurrently.
func (s *Store) Arrive(piece int, data []byte) error {
	if piece < 0 || piece >= s.info.NumPieces() || len(data) != s.info.DataLen(piece) {
		return fmt.Errorf("store piece %d of %d bytes: %w", piece, len(data), ErrRange)
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.closed {
		return ErrClosed
	}
	if s.log.Has(piece) {
		return nil
	}
	if err := s.begin(); err != nil {
		return err
	}
	lock := &s.checking[piece%len(s.checking)]
	lock.RLock()
	defer lock.RUnlock()
	if err := s.lay.Write(piece, data); err != nil {
		return err
	}
	return s.stateError("write", s.log.Suspect(piece))
}

// Confirm records that the bytes that arrived for a piece are right.
func (s *Store) Confirm(piece int) error {
	if piece >= 0 && piece < s.info.NumPieces() && s.log.Has(piece) {
		return nil
	}
	return s.settled(piece, s.mark)
}

// Reject records that they are not: the piece is missing.
func (s *Store) Reject(piece int) error { return s.settled(piece, s.clear) }

func (s *Store) settled(piece int, record func(int) error) error {
	if piece < 0 || piece >= s.info.NumPieces() {
		return fmt.Errorf("settle piece %d: %w", piece, ErrRange)
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.closed {
		return ErrClosed
	}
	return record(piece)
}

// mark records that a piece is there, and finishes files that are complete by
// it.
func (s *Store) mark(piece int) error {
	var room [4]int
	whole, err := s.inv.Mark(piece, room[:0])
	finished := false
	for _, i := range whole {
		f := &s.lay.Files[i]
		finished = finished || !f.Entry.Unwanted
		if !f.Entry.InParts {
			// The piece is stored whatever becomes of the name: Sync tries
			// again and tells.
			_ = f.Finish()
		}
	}
	if finished && s.Complete() {
		_ = s.addExtras()
	}
	return s.stateError("write", err)
}

// clear records that a piece is not there.
func (s *Store) clear(piece int) error { return s.stateError("write", s.inv.Clear(piece)) }

// ReadVec fills the buffers, in order and whole, with the bytes of a piece
// from begin on, padding included. It does not ask whether the piece is there.
func (s *Store) ReadVec(piece, begin int, bufs [][]byte) error {
	size := 0
	for _, b := range bufs {
		size += len(b)
	}
	if piece < 0 || piece >= s.info.NumPieces() || begin < 0 || begin+size > s.info.PieceLen(piece) {
		return fmt.Errorf("read %d bytes of piece %d at %d: %w", size, piece, begin, ErrRange)
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.closed {
		return ErrClosed
	}
	return s.lay.ReadVec(piece, begin, size, bufs)
}
