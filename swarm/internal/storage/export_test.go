package storage

// WritePiece stores a piece that is right.
func (s *Store) WritePiece(piece int, data []byte) error {
	if err := s.Arrive(piece, data); err != nil {
		return err
	}
	return s.Confirm(piece)
}
