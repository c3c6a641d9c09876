package sndbuf

import (
	"testing"
	"time"
)

func TestWanted(t *testing.T) {
	for name, c := range map[string]struct {
		s    state
		want int
	}{
		"long and fast":      {state{4 << 20, 5 << 20, 100 * time.Millisecond}, 10 << 20},
		"has it":             {state{10 << 20, 5 << 20, 100 * time.Millisecond}, 0},
		"slow":               {state{2 << 20, 100 << 10, 100 * time.Millisecond}, 0},
		"has more than most": {state{20 << 20, 12 << 20, 100 * time.Millisecond}, 0},
		"at most":            {state{4 << 20, 100 << 20, time.Second}, most},
		"this machine":       {state{4 << 20, 100 << 20, 20 * time.Microsecond}, 0},
		"unknown":            {state{4 << 20, 5 << 20, 0}, 0},
	} {
		if got := c.s.wanted(); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}
