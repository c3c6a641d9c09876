package buffer_test

import (
	"bytes"
	"testing"

	"pgregory.net/rapid"

	"github.com/warren-p2p/warren/internal/transport/utp/buffer"
)

// Whatever is written, read and taken in whatever pieces: the bytes come out in
// order, and those that were taken are not written over.
func TestChunks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var c buffer.Chunks
		var in, out []byte
		type piece struct{ taken, want []byte }
		var pieces []piece
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			switch n := rapid.IntRange(0, 20_000).Draw(t, "n"); rapid.IntRange(0, 2).Draw(t, "what") {
			case 0:
				b := make([]byte, n)
				for i := range b {
					b[i] = byte(len(in) + i)
				}
				c.Write(b)
				in = append(in, b...)
			case 1:
				b := make([]byte, n)
				out = append(out, b[:c.Read(b)]...)
			case 2:
				if n = min(n, c.Len()); n > 0 {
					b := c.Take(n)
					pieces = append(pieces, piece{b, bytes.Clone(b)})
					out = append(out, b...)
				}
			}
			if c.Len() != len(in)-len(out) {
				t.Fatalf("%d bytes, want %d", c.Len(), len(in)-len(out))
			}
		}
		rest := make([]byte, c.Len())
		c.Read(rest)
		if out = append(out, rest...); !bytes.Equal(in, out) {
			t.Fatal("other bytes came out")
		}
		for _, p := range pieces {
			if !bytes.Equal(p.taken, p.want) {
				t.Fatal("bytes that were taken have changed")
			}
		}
	})
}

func TestBudget(t *testing.T) {
	b := buffer.NewBudget(100)
	b.Add(100)
	if b.Over() {
		t.Error("over the budget with all of it")
	}
	b.Add(1)
	if !b.Over() || b.Used() != 101 {
		t.Errorf("%d bytes used, over: %v", b.Used(), b.Over())
	}
	var none *buffer.Budget
	none.Add(1 << 40)
	if none.Over() {
		t.Error("no budget bounds")
	}
}
