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
		if got := (Chain{above.Child(c.own, now), above}).Rate(); got != c.want {
			t.Errorf("own %d, above %d: %d, want %d", c.own, c.above, got, c.want)
		}
	}
}
