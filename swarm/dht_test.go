//go:build !race

package swarm_test

// The race detector of Go 1.26 crashes now and then where a bubble of synctest has many
// timers in selects, as a node of the DHT has: these tests run without it (Makefile), those
// of internal/dht with it.

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/create"
	"github.com/warren-p2p/warren/metainfo/magnet"
	"github.com/warren-p2p/warren/swarm"
)

// inDHT makes a session find peers by the DHT alone, and enter it by a node.
func inDHT(entry ...*node) func(*swarm.Config) {
	return func(c *swarm.Config) {
		c.NoLSD, c.NoTrackers, c.DHT = true, true, &swarm.DHT{}
		for _, n := range entry {
			c.DHT.Bootstrap = append(c.DHT.Bootstrap, n.addr().String())
		}
	}
}

// A magnet link is enough: who has the torrent is known to the DHT.
func TestDHT(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		c := many()
		m := c.create(t, create.Hybrid, 16<<10)
		entry := w.start(inDHT())
		seed := w.start(inDHT(entry))
		c.write(t, seed.disk)
		seed.add(m, swarm.TLSPrefer)
		seed.wait(time.Minute)
		time.Sleep(time.Minute)
		if l, ok := seed.torrent.Lookup(); !ok || l.Answered == 0 || l.Nodes == 0 || l.At.IsZero() {
			t.Errorf("lookup of the seed: %+v, %v", l, ok)
		}
		get := w.start(inDHT(entry))
		var err error
		if get.torrent, err = get.session.Add(swarm.Options{Magnet: magnet.Of(m), Content: get.disk}); err != nil {
			t.Fatal(err)
		}
		get.wait(time.Minute)
		c.check(t, get.disk)
		if st, ok := get.session.DHT(); !ok || st.Nodes < 2 {
			t.Errorf("state %+v, %v", st, ok)
		}
		for _, n := range []*node{get, seed, entry} {
			n.close()
		}
	})
}

// What is private, or rests, is not looked up.
func TestDHTLeavesAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		n := w.start(inDHT())
		c := sample(1, map[string]int{"file.bin": 100_000})
		c.write(t, n.disk)
		sought := func(want bool, when string) {
			t.Helper()
			time.Sleep(time.Second)
			if _, ok := n.torrent.Lookup(); ok != want {
				t.Errorf("%s it is looked up: %v", when, ok)
			}
		}
		secret, err := create.Torrent(t.Context(), n.disk, "file.bin", create.Options{Kind: create.V1, PieceLength: 16 << 10, Private: true})
		if err != nil {
			t.Fatal(err)
		}
		n.add(secret, swarm.TLSPrefer)
		n.wait(time.Minute)
		sought(false, "private,")

		n.add(c.create(t, create.V1, 16<<10), swarm.TLSPrefer)
		n.wait(time.Minute)
		sought(true, "seeding,")
		n.torrent.Stop()
		sought(false, "stopped,")
		n.torrent.Start()
		sought(true, "started again,")
		if err := n.torrent.Remove(false); err != nil {
			t.Fatal(err)
		}
		sought(false, "removed,")
		n.close()
		without := w.start(nil)
		if _, ok := without.session.DHT(); ok {
			t.Error("a session that was not told to has a node")
		}
		without.close()
	})
}

// The DHT knows nobody under its info-hash.
func TestLeakedHashDHT(t *testing.T) {
	var entry *node
	enter := func(w *world) func(*swarm.Config) {
		entry = w.start(inDHT())
		return inDHT(entry)
	}
	leaked(t, enter, func(l *leak) {
		time.Sleep(90 * time.Second) // for both to be announced there, if they ever are
		out := l.start(inDHT(entry))
		found := func(m *metainfo.Torrent) int {
			out.add(m, swarm.TLSPrefer)
			for range 30 {
				time.Sleep(10 * time.Second)
				if last, ok := out.torrent.Lookup(); ok && last.Answered > 0 {
					return last.Found
				}
			}
			t.Fatal("nobody was asked")
			return 0
		}
		if found(l.plain) == 0 {
			t.Error("the ordinary torrent is not known: nothing was tested")
		}
		if n := found(l.bare); n > 0 {
			t.Errorf("%d peers of the strict torrent are known", n)
		}
		if p := out.torrent.Peers(); len(p) > 0 {
			t.Errorf("the outsider has peers: %+v", p)
		}
		together(entry.close, out.close)
	})
}
