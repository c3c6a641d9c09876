package access_test

import (
	"testing"
	"time"

	"github.com/warren-p2p/warren/internal/access"
)

func TestBackoff(t *testing.T) {
	var b access.Backoff
	now := time.Unix(1e9, 0)
	for i := range 10 {
		if w := b.Wait(now); w != 0 {
			t.Fatalf("try %d waits %v", i, w)
		}
		b.Failed(now)
	}
	for _, want := range []time.Duration{1, 2, 4, 8, 16, 32, 60, 60} {
		want *= time.Second
		if w := b.Wait(now); w != want {
			t.Errorf("waits %v, want %v", w, want)
		}
		b.Failed(now) // before its time: does not count
		if w := b.Wait(now.Add(want - 1)); w != 1 {
			t.Errorf("shortly before %v: waits %v", want, w)
		}
		now = now.Add(want)
		b.Failed(now)
	}
	if now = now.Add(5 * time.Minute); b.Wait(now) != 0 {
		t.Error("not forgotten")
	}
	b.Failed(now)
	if b.Wait(now) != 0 {
		t.Error("waits after one failure")
	}
	for range 20 {
		b.Failed(now)
	}
	b.Passed()
	if b.Wait(now) != 0 {
		t.Error("waits after a success")
	}
}
