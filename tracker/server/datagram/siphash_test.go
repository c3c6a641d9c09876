package datagram

import (
	"encoding/binary"
	"encoding/hex"
	"testing"
)

// The vector for 24 bytes of the reference implementation (vectors_sip64[24]).
func TestSiphash(t *testing.T) {
	var key [16]byte
	var in [24]byte
	for i := range in {
		in[i] = byte(i)
	}
	copy(key[:], in[:])
	word := func(i int) uint64 { return binary.LittleEndian.Uint64(in[8*i:]) }
	got := binary.LittleEndian.AppendUint64(nil, siphash(key, word(0), word(1), word(2)))
	if hex.EncodeToString(got) != "94af49f6c650adb8" {
		t.Errorf("%x", got)
	}
}
