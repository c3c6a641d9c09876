package limiter

import (
	"testing"
	"time"
)

func TestChainRate(t *testing.T) {
	now := time.Unix(0, 0)
	for _, c := range []struct{ own, above, want int64 }{
		{0, 0, 0}, {5, 0, 5}, {0, 7, 7}, {5, 7, 5}, {7, 5, 5},
	} {
		above := New(c.above, now)
		if got := (Chain{above.Child(c.own, now)}).Rate(); got != c.want {
			t.Errorf("own %d, above %d: %d, want %d", c.own, c.above, got, c.want)
		}
	}
}

// Buckets that are put below another share its limit from then on.
func TestAttach(t *testing.T) {
	now := time.Unix(0, 0)
	root := New(Unlimited, now)
	group := root.Child(1<<20, now)
	a, b := root.Child(Unlimited, now), root.Child(Unlimited, now)
	if wait := a.Reserve(10<<20, now); wait != 0 {
		t.Fatalf("waits %v without a limit", wait)
	}
	changed := a.Changed()
	a.Attach(group)
	b.Attach(group)
	select {
	case <-changed:
	default:
		t.Error("who waits is not told")
	}
	a.Reserve(1<<20, now)
	if wait := b.Reserve(1<<20, now); wait < 1800*time.Millisecond {
		t.Errorf("waits %v for what both reserved", wait)
	}
	b.Attach(root)
	if wait := b.Reserve(1<<20, now); wait != 0 {
		t.Errorf("waits %v once it has left", wait)
	}
}
