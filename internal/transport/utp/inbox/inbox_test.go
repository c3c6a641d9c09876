package inbox_test

import (
	"bytes"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/warren-p2p/warren/internal/transport/utp/buffer"
	"github.com/warren-p2p/warren/internal/transport/utp/inbox"
)

// In whatever order packets come, however often: the bytes come out in order, and
// the mask tells exactly which are there.
func TestOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		first := rapid.Uint16().Draw(t, "first")
		n := rapid.IntRange(1, 300).Draw(t, "packets")
		order := rapid.Permutation(numbers(n)).Draw(t, "order")
		i := inbox.New(1<<20, nil)
		i.Start(first)
		have := make([]bool, n+1)
		for _, k := range order {
			for range rapid.IntRange(1, 2).Draw(t, "times") {
				i.Put(first+1+uint16(k), k == n-1, []byte{byte(k), byte(k >> 8)})
			}
			have[k] = true
			next := 0
			for have[next] {
				next++
			}
			if got := i.Ack(); got != first+uint16(next) {
				t.Fatalf("acknowledges %d, want %d", got-first, next)
			}
			mask := i.Mask(nil)
			for bit := range len(mask) * 8 {
				at := next + 1 + bit
				if got, want := mask[bit/8]>>(bit%8)&1 == 1, at < n && have[at]; got != want {
					t.Fatalf("the mask says %v of %d", got, at)
				}
			}
		}
		var want []byte
		for k := range n {
			want = append(want, byte(k), byte(k>>8))
		}
		got := make([]byte, 2*n+1)
		if got = got[:i.Read(got)]; !bytes.Equal(got, want) || !i.EOF() || i.Gap() || i.Bytes() != 0 {
			t.Fatalf("%d bytes came out, of %d", len(got), len(want))
		}
	})
}

func numbers(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}

// What does not fit the window is not kept, but the next in order always is.
func TestWindow(t *testing.T) {
	b := buffer.NewBudget(1 << 30)
	i := inbox.New(1<<20, b)
	i.Start(0)
	junk := make([]byte, 1000)
	for k := range uint16(3000) {
		i.Put(2+k, false, junk)
	}
	if i.Bytes() > 256<<10 || i.Room() > len(junk) {
		t.Errorf("%d bytes are held, room for %d", i.Bytes(), i.Room())
	}
	i.Put(1, false, junk)
	if !i.Readable() || i.Ack() < 200 {
		t.Errorf("stuck at %d", i.Ack())
	}
	for i.Readable() {
		i.Read(make([]byte, 1<<16))
	}
	now := time.Unix(1, 0)
	i.Grow(time.Second, now)
	if i.Room() <= 256<<10 {
		t.Errorf("a reader that keeps up gets no more than %d", i.Room())
	}
	b.Add(2 << 30)
	if i.Room() > 32<<10 {
		t.Errorf("%d bytes while memory is short", i.Room())
	}
}
