package frame

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

// Whatever is kept comes out in the end, in order, and all that goes out before
// the end fills records.
func TestTail(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	var tail Tail
	var in, out []byte
	for i := range 200 {
		b := make([]byte, rnd.IntN(3*recordLen))
		for j := range b {
			b[j] = byte(rnd.Uint32())
		}
		in = append(in, b...)
		whole := tail.Keep(append(tail.Take(nil), b...))
		if len(whole)%recordLen != 0 {
			t.Fatalf("write %d of %d bytes fills no records", i, len(whole))
		}
		out = append(out, whole...)
		if tail.Empty() != (len(in) == len(out)) {
			t.Fatalf("%d bytes in, %d out: empty is %v", len(in), len(out), tail.Empty())
		}
	}
	if out = tail.Take(out); !bytes.Equal(in, out) || !tail.Empty() {
		t.Errorf("%d bytes in, %d out", len(in), len(out))
	}
}

// A buffer that was given back is lent empty again.
func TestPool(t *testing.T) {
	p := NewPool()
	b := p.Get()
	if len(*b) != 0 || cap(*b) != Size {
		t.Fatalf("%d of %d bytes", len(*b), cap(*b))
	}
	*b = append(*b, 1, 2, 3)
	p.Put(b)
	if b := p.Get(); len(*b) != 0 {
		t.Errorf("%d bytes are left of the last one", len(*b))
	}
}
