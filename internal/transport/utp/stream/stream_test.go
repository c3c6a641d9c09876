package stream_test

import (
	"errors"
	"testing"
	"time"

	"github.com/warren-p2p/warren/internal/netpolicy/impair"
	"github.com/warren-p2p/warren/internal/transport/utp/stream"
)

// Everything arrives both ways, and both ends come to an end, over links that
// lose a tenth.
func TestToTheEnd(t *testing.T) {
	for seed := range uint64(20) {
		l := impair.Link{Delay: 30 * time.Millisecond, Rate: 10e6, Loss: .1, Seed: seed}
		n := connect(t, l, impair.Link{Delay: 30 * time.Millisecond, Loss: .1, Seed: seed + 100})
		n.ends[0].todo, n.ends[1].todo = 300_000, 100_000
		there := func() bool { return n.ends[1].got == 300_000 && n.ends[0].got == 100_000 }
		if !n.run(5*time.Minute, there) {
			t.Fatalf("seed %d: %d and %d bytes came", seed, n.ends[1].got, n.ends[0].got)
		}
		n.ends[0].end, n.ends[1].end = true, true
		if !n.run(2*time.Minute, func() bool { return n.ends[0].s.Dead() && n.ends[1].s.Dead() }) {
			t.Fatalf("seed %d: an end does not come to its end", seed)
		}
	}
}

// The same seed makes the same packets.
func TestReplays(t *testing.T) {
	once := func() (time.Duration, int) {
		l := impair.Link{Delay: 10 * time.Millisecond, Rate: 20e6, Loss: .02, Seed: 3}
		n := connect(t, l, l)
		n.ends[0].todo = 2 << 20
		n.run(time.Minute, func() bool { return n.ends[1].got == 2<<20 })
		return n.now.Sub(epoch), n.packets
	}
	took, packets := once()
	for range 3 {
		if again, p := once(); again != took || p != packets {
			t.Fatalf("%v and %d packets, then %v and %d", took, packets, again, p)
		}
	}
}

// A reader that stops stops the writer, which holds little, and goes on later.
func TestShutWindow(t *testing.T) {
	n := connect(t, impair.Link{Delay: time.Millisecond}, impair.Link{Delay: time.Millisecond})
	n.ends[0].todo, n.ends[1].idle = 10<<20, true
	n.run(time.Minute, func() bool { return false })
	if held := n.ends[0].s.Held() + n.ends[1].s.Held(); held > 1<<20 {
		t.Errorf("%d bytes are held", held)
	}
	n.ends[1].idle = false
	if !n.run(time.Minute, func() bool { return n.ends[1].got == 10<<20 }) {
		t.Fatalf("%d bytes came, %v", n.ends[1].got, n.ends[0].s.Err())
	}
}

// Who hears nothing gives up.
func TestSilence(t *testing.T) {
	nothing := impair.Link{Loss: 1}
	n := connect(t, nothing, nothing)
	if !n.run(time.Minute, func() bool { return n.ends[0].s.Dead() }) || !errors.Is(n.ends[0].s.Err(), stream.ErrTimeout) {
		t.Errorf("dialled nobody: %v", n.ends[0].s.Err())
	}
	l := impair.Link{Delay: time.Millisecond}
	n = connect(t, l, l)
	n.ends[0].todo = 1000
	n.run(time.Minute, func() bool { return n.ends[1].got == 1000 })
	n.ends[0].out = impair.NewPipe(nothing)
	n.ends[0].todo = 1000
	if !n.run(5*time.Minute, func() bool { return n.ends[0].s.Dead() }) || !errors.Is(n.ends[0].s.Err(), stream.ErrTimeout) {
		t.Errorf("the peer has gone: %v", n.ends[0].s.Err())
	}
}

// A path that takes no more than the first size is found out, at little cost.
func TestSmallPath(t *testing.T) {
	l := impair.Link{Delay: 5 * time.Millisecond, Rate: 50e6}
	n := connect(t, l, l)
	n.mtu = 1400
	n.ends[0].todo = 4 << 20
	if !n.run(3*time.Second, func() bool { return n.ends[1].got == 4<<20 }) {
		t.Errorf("%d bytes came", n.ends[1].got)
	}
}
