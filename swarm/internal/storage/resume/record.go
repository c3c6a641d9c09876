package resume

import (
	"encoding/binary"
	"hash/crc64"
)

// A record covers 64 pieces: three planes of bits in the order of the bitfield
// message (BEP 3: piece 0 is the high bit of the first byte) and a checksum
// over them, the torrent and the record's place.
const (
	planeSize  = 8
	recordBits = 8 * planeSize
	recordSize = 4 * planeSize
)

type record []byte

func (r record) written() []byte { return r[0:8:8] }
func (r record) synced() []byte  { return r[8:16:16] }
func (r record) doubt() []byte   { return r[16:24:24] }

func (r record) seal(seed uint64, k int) {
	binary.BigEndian.PutUint64(r[24:32], r.sum(seed, k))
}

func (r record) sum(seed uint64, k int) uint64 {
	var place [8]byte
	binary.BigEndian.PutUint64(place[:], uint64(k))
	table := crc64.MakeTable(crc64.ECMA)
	return crc64.Update(crc64.Update(seed, table, place[:]), table, r[:24])
}

// sound reports whether the record is whole and makes sense: planes do not
// contradict each other and name no piece outside mask.
func (r record) sound(seed uint64, k int, mask uint64) bool {
	w := binary.BigEndian.Uint64(r.written())
	s := binary.BigEndian.Uint64(r.synced())
	d := binary.BigEndian.Uint64(r.doubt())
	return binary.BigEndian.Uint64(r[24:32]) == r.sum(seed, k) && s&^w == 0 && w&d == 0 && (w|d)&^mask == 0
}

func recordCount(pieces int) int { return (pieces + recordBits - 1) / recordBits }

// maskOf has the bits of record k that stand for pieces.
func maskOf(pieces, k int) uint64 {
	n := pieces - k*recordBits
	if n >= recordBits {
		return ^uint64(0)
	}
	return ^uint64(0) << (recordBits - n)
}

func emptyRecords(cfg Config) []byte {
	b := make([]byte, recordCount(cfg.Pieces)*recordSize)
	seed := seedOf(cfg)
	for k := 0; k*recordSize < len(b); k++ {
		record(b[k*recordSize:][:recordSize]).seal(seed, k)
	}
	return b
}

func seedOf(cfg Config) uint64 {
	table := crc64.MakeTable(crc64.ECMA)
	var n [8]byte
	binary.BigEndian.PutUint64(n[:], uint64(cfg.Pieces))
	sum := crc64.Checksum(cfg.ID.V1[:], table)
	return crc64.Update(crc64.Update(sum, table, cfg.ID.V2[:]), table, n[:])
}
