package storage

import (
	"fmt"

	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/swarm/internal/storage/content"
)

// WritePiece stores a verified piece of DataLen(piece) bytes: one write per
// file, then the record of it. If it fails nothing is recorded and the piece
// can be written again later. A piece that is there already is not written
// again. Pieces may be written concurrently.
func (s *Store) WritePiece(piece int, data []byte) error {
	if piece < 0 || piece >= s.info.NumPieces() || len(data) != s.info.DataLen(piece) {
		return fmt.Errorf("write piece %d of %d bytes: %w", piece, len(data), ErrRange)
	}
	s.layout.RLock()
	defer s.layout.RUnlock()
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
	var room [4]metainfo.Span
	spans := s.info.AppendSpans(room[:0], piece)
	for _, sp := range spans {
		if s.info.Files[sp.File].Pad || sp.PieceOff >= len(data) {
			continue
		}
		f, off := s.place(piece, sp)
		if err := f.WriteAt(data[sp.PieceOff:sp.PieceOff+sp.Len], off); err != nil {
			return err
		}
	}
	return s.mark(piece, spans)
}

// place is where a span lies.
func (s *Store) place(piece int, sp metainfo.Span) (*content.File, int64) {
	f := &s.files[sp.File]
	if f.entry.InParts {
		return s.parts, int64(piece)*s.info.PieceLength + int64(sp.PieceOff)
	}
	return f.File, sp.FileOff
}

// mark records that a piece is there, and finishes files that are complete by
// it.
func (s *Store) mark(piece int, spans []metainfo.Span) error {
	added, err := s.log.Mark(piece)
	if err != nil || !added {
		return s.stateError("write", err)
	}
	finished := false
	for _, sp := range spans {
		f := &s.files[sp.File]
		if f.File == nil || f.left.Add(-1) > 0 {
			continue
		}
		if !f.entry.Unwanted {
			s.left.Add(-1)
			finished = true
		}
		if !f.entry.InParts {
			// The piece is stored whatever becomes of the name: Sync tries
			// again and tells.
			_ = f.Finish()
		}
	}
	if finished && s.left.Load() == 0 {
		_ = s.addExtras()
	}
	return nil
}

// clear records that a piece is not there.
func (s *Store) clear(piece int) error {
	removed, err := s.log.Clear(piece)
	err = s.stateError("write", err)
	if !removed {
		return err
	}
	var room [4]metainfo.Span
	for _, sp := range s.info.AppendSpans(room[:0], piece) {
		f := &s.files[sp.File]
		if f.File != nil && f.left.Add(1) == 1 && !f.entry.Unwanted {
			s.left.Add(1)
		}
	}
	return err
}

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
	s.layout.RLock()
	defer s.layout.RUnlock()
	if s.closed {
		return ErrClosed
	}
	return s.readVec(piece, begin, size, bufs)
}

func (s *Store) readVec(piece, begin, size int, bufs [][]byte) error {
	var room [4]metainfo.Span
	end := begin + size
	for _, sp := range s.info.AppendSpans(room[:0], piece) {
		from, to := max(begin, sp.PieceOff), min(end, sp.PieceOff+sp.Len)
		if from >= to {
			continue
		}
		vec := bufs
		if to-from < size {
			vec, bufs = split(bufs, to-from)
		}
		if s.info.Files[sp.File].Pad {
			for _, b := range vec {
				clear(b)
			}
			continue
		}
		f, off := s.place(piece, sp)
		if err := f.ReadVec(vec, off+int64(from-sp.PieceOff)); err != nil {
			return err
		}
	}
	return nil
}

// split cuts the first n bytes off a list of buffers, which it leaves as it
// is.
func split(bufs [][]byte, n int) (head, tail [][]byte) {
	for i, b := range bufs {
		if n < len(b) {
			head = append(head, b[:n:n])
			tail = append([][]byte{b[n:]}, bufs[i+1:]...)
			return head, tail
		}
		head = append(head, b)
		if n -= len(b); n == 0 {
			return head, bufs[i+1:]
		}
	}
	return head, nil
}
