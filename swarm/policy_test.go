package swarm_test

import (
	"context"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"github.com/warren-p2p/warren/metainfo/create"
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
				m := c.create(t, create.Hybrid, 64<<10)
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

// generous thinks well of one address, and looks around while it does.
type generous struct {
	friend netip.Addr
	node   *node
}

func (g generous) Weight(p swarm.PeerInfo) float64 {
	for _, t := range g.node.session.Torrents() {
		_, _ = t.Status(), t.Peers()
	}
	if p.Addr.Addr() == g.friend {
		return 100
	}
	return 1
}

// With one slot to give, a friend gets more of it than others do.
func TestStanding(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := sample(16, map[string]int{"file.bin": 4 << 20})
		disk := newDisk()
		c.write(t, disk)
		// Private, or those who fetch would find each other.
		m, err := create.Torrent(t.Context(), disk, "file.bin", create.Options{Kind: create.V1, PieceLength: 64 << 10, Private: true})
		if err != nil {
			t.Fatal(err)
		}
		w := newWorld(t)
		g := &generous{friend: netip.AddrFrom4([4]byte{10, 0, 2, 1})}
		seed := w.start(func(cfg *swarm.Config) { cfg.Standing, cfg.UploadSlots, cfg.UploadLimit = g, 2, 16<<10 })
		g.node = seed
		c.write(t, seed.disk)
		seed.add(m, swarm.TLSPrefer)
		seed.wait(time.Minute)
		var got []*node
		for range 4 { // they may hear of each other, and cannot connect
			n := w.start(func(cfg *swarm.Config) { cfg.Listen = "" })
			n.add(m, swarm.TLSPrefer, seed)
			got = append(got, n)
		}
		time.Sleep(3 * time.Minute)
		friend, most := got[0].torrent.Status().Received, int64(0)
		for _, n := range got[1:] {
			most = max(most, n.torrent.Status().Received)
		}
		if got[0].ip != g.friend || friend <= most {
			t.Errorf("the friend got %d bytes, another %d", friend, most)
		}
		for _, n := range got {
			n.close()
		}
		seed.close()
	})
}
