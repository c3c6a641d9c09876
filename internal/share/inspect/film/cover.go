package film

import (
	"bytes"
	"encoding/binary"

	"github.com/warren-p2p/warren/internal/share/inspect/picture"
	"github.com/warren-p2p/warren/internal/share/inspect/sound"
)

// maxCovers is how many bytes the pictures of an album have at most.
const maxCovers = 32 << 20

// cover notes what the pictures of an album tell; in a copy each is without it, in as many
// bytes, or all go.
func (b *boxes) cover(one box) error {
	text, err := one.text(maxCovers)
	if err != nil {
		return err
	}
	before := b.list.Len()
	var with []byte
	for rest := []byte(text); len(rest) >= 16; {
		n := int64(binary.BigEndian.Uint32(rest))
		if n < 16 || n > int64(len(rest)) {
			break
		}
		data := rest[16:n]
		sound.Cover(b.list, data)
		with = append(append(with, rest[:16]...), padded(data)...)
		rest = rest[n:]
	}
	switch {
	case b.list.Len() == before:
	case len(with) == len(text):
		b.found = append(b.found, erasure{at: int64(one.Offset + one.HeaderSize), n: int64(len(text)), with: with})
	default:
		b.free(one)
	}
	return nil
}

// padded returns a JPEG without what it tells, in as many bytes: fill bytes may stand
// before any marker (ISO/IEC 10918-1, B.1.1.2). nil of what is none.
func padded(b []byte) []byte {
	short := sound.CleanCover(b)
	if picture.Of(b[:min(len(b), 16)]) != picture.JPEG || len(short) < 2 || len(short) > len(b) {
		return nil
	}
	filled := append(bytes.Clone(short[:2]), bytes.Repeat([]byte{0xff}, len(b)-len(short))...)
	return append(filled, short[2:]...)
}
