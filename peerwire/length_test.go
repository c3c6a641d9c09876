package peerwire

import "testing"

func TestCheckLength(t *testing.T) {
	const pieces = 1000 // 125 bytes of bitfield
	for _, tt := range []struct {
		id        ID
		numPieces int
		low, high uint32
	}{
		{IDChoke, pieces, 1, 1},
		{IDUnchoke, pieces, 1, 1},
		{IDInterested, pieces, 1, 1},
		{IDNotInterested, pieces, 1, 1},
		{IDHave, pieces, 5, 5},
		{IDBitfield, pieces, 126, 126},
		{IDBitfield, 1001, 127, 127},
		{IDBitfield, 0, 1, 1 + 1<<20},
		{IDRequest, pieces, 13, 13},
		{IDPiece, pieces, 9, 9 + 16384},
		{IDCancel, pieces, 13, 13},
		{IDPort, pieces, 3, 3},
		{IDSuggest, pieces, 5, 5},
		{IDHaveAll, pieces, 1, 1},
		{IDHaveNone, pieces, 1, 1},
		{IDReject, pieces, 13, 13},
		{IDAllowedFast, pieces, 5, 5},
		{IDExtended, pieces, 2, 1 + 65536},
		{IDHashRequest, pieces, 49, 49},
		{IDHashes, pieces, 49, 49 + 32*(512+50)},
		{IDHashReject, pieces, 49, 49},
		{ID(99), pieces, 1, 16384},
	} {
		for _, n := range []uint32{tt.low, tt.high} {
			if err := CheckLength(tt.id, n, tt.numPieces); err != nil {
				t.Errorf("%v", err)
			}
		}
		for _, n := range []uint32{tt.low - 1, tt.high + 1, 1<<32 - 1} {
			checkError(t, CheckLength(tt.id, n, tt.numPieces), tt.id.String(), ErrLength)
		}
	}
}

// Without metadata no message of any id may be longer than MaxMessageLen.
func FuzzCheckLength(f *testing.F) {
	f.Add(uint8(IDBitfield), uint32(MaxMessageLen), uint16(0))
	f.Fuzz(func(t *testing.T, id uint8, n uint32, pieces uint16) {
		if CheckLength(ID(id), n, int(pieces)) == nil && (n == 0 || n > MaxMessageLen) {
			t.Fatalf("%v of %d bytes passed", ID(id), n)
		}
	})
}
