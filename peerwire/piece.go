package peerwire

import "encoding/binary"

// PieceHeaderLen is what a piece message has in front of its block, in bytes:
// length prefix, id, index and begin.
const PieceHeaderLen = 13

// PutPieceHeader writes what stands in front of a block of n bytes into the
// first PieceHeaderLen bytes of dst, and panics if dst is shorter (BEP 3). The
// block itself follows; keeping it apart spares a copy.
func PutPieceHeader(dst []byte, index, begin uint32, n int) {
	_ = dst[PieceHeaderLen-1]
	binary.BigEndian.PutUint32(dst, uint32(PieceHeaderLen-4+n))
	dst[4] = byte(IDPiece)
	binary.BigEndian.PutUint32(dst[5:], index)
	binary.BigEndian.PutUint32(dst[9:], begin)
}

// ParsePiece reads index and begin from the first eight bytes of the payload
// of a piece message. The block is the rest of the payload and need not have
// been read yet. Whether it was asked for is for the caller to check.
func ParsePiece(payload []byte) (index, begin uint32, err error) {
	if len(payload) < 8 {
		return 0, 0, lengthError(IDPiece, len(payload), 8)
	}
	return binary.BigEndian.Uint32(payload), binary.BigEndian.Uint32(payload[4:]), nil
}
