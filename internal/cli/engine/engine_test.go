package engine

import (
	"testing"

	"github.com/warren-p2p/warren/swarm"
)

func TestPolicies(t *testing.T) {
	for name, want := range map[string]swarm.TLSPolicy{"off": swarm.TLSOff, "prefer": swarm.TLSPrefer, "require": swarm.TLSRequire} {
		if got := (&Flags{TLS: name}).Policy(); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
