package swarm_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/swarm"
)

// What the policy forbids does not connect, in either direction.
func TestPolicies(t *testing.T) {
	c := sample(8, map[string]int{"file.bin": 300_000})
	for _, test := range []struct {
		name      string
		seed, get swarm.TLSPolicy
		ok        bool
	}{
		{"require from off", swarm.TLSOff, swarm.TLSRequire, false},
		{"off from require", swarm.TLSRequire, swarm.TLSOff, false},
		{"prefer from off", swarm.TLSOff, swarm.TLSPrefer, true},
		{"off from prefer", swarm.TLSPrefer, swarm.TLSOff, true},
		{"prefer from require", swarm.TLSRequire, swarm.TLSPrefer, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := c.create(t, metainfo.Hybrid, 64<<10)
				w := newWorld(t)
				seed := w.seeder(m, c, test.seed)
				get := w.start(nil)
				get.add(m, test.get, seed)
				ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
				defer cancel()
				if err := get.torrent.Wait(ctx); (err == nil) != test.ok {
					t.Errorf("complete: %v", err)
				}
				together(seed.close, get.close)
			})
		})
	}
}
