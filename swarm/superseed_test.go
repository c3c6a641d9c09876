package swarm_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/warren-p2p/warren/metainfo/create"
	"github.com/warren-p2p/warren/swarm"
)

// A seed that shows pieces one by one sends little more than one copy to peers
// that find each other, and they get everything.
func TestSuperSeed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := sample(31, map[string]int{"file.bin": 4 << 20})
		m := c.create(t, create.Hybrid, 64<<10)
		w := newWorld(t)
		seed := w.start(nil)
		c.write(t, seed.disk)
		var err error
		if seed.torrent, err = seed.session.Add(swarm.Options{Metainfo: m, Content: seed.disk, SuperSeed: true}); err != nil {
			t.Fatal(err)
		}
		seed.wait(time.Minute)
		var nodes []*node
		for range 4 {
			n := w.start(nil)
			n.add(m, swarm.TLSPrefer, append(nodes, seed)...)
			nodes = append(nodes, n)
		}
		for _, n := range nodes {
			n.wait(time.Hour)
			c.check(t, n.disk)
		}
		if sent := seed.torrent.Status().Sent; sent < 4<<20 || sent > 2*(4<<20) {
			t.Errorf("it sent %d bytes of %d", sent, 4<<20)
		}
		for _, n := range append(nodes, seed) {
			n.close()
		}
	})
}

// One peer alone gets everything too, without waiting.
func TestSuperSeedForOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := sample(32, map[string]int{"file.bin": 4 << 20})
		m := c.create(t, create.V1, 64<<10)
		w := newWorld(t)
		seed := w.start(nil)
		c.write(t, seed.disk)
		if _, err := seed.session.Add(swarm.Options{Metainfo: m, Content: seed.disk, SuperSeed: true}); err != nil {
			t.Fatal(err)
		}
		get := w.start(nil)
		get.add(m, swarm.TLSPrefer, seed)
		get.wait(3 * time.Minute)
		c.check(t, get.disk)
		get.close()
		seed.close()
	})
}
