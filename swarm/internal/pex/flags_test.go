package pex_test

import (
	"testing"

	"github.com/warren-p2p/warren/peerwire/extension"
	"github.com/warren-p2p/warren/swarm/internal/pex"
)

func TestFlags(t *testing.T) {
	for i, want := range []extension.PexFlags{0, 0x10, 0x01, 0x11, 0x02, 0x12, 0x03, 0x13, 0x20, 0x30, 0x21, 0x31, 0x22, 0x32, 0x23, 0x33} {
		if got := pex.Flags(i&1 != 0, i&2 != 0, i&8 != 0, i&4 != 0); got != want {
			t.Errorf("case %d: %#x, want %#x", i, got, want)
		}
	}
}
