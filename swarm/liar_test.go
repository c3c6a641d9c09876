package swarm_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/swarm"
)

// corrupt changes bytes of a file behind the back of its node.
func corrupt(t *testing.T, n *node, name string, every int) {
	t.Helper()
	b, err := vfs.ReadFile(n.disk, name)
	if err != nil {
		t.Fatal(err)
	}
	for i := 100; i < len(b); i += every {
		b[i] ^= 0xff
	}
	tree{name: b}.write(t, n.disk)
}

// A peer that sends wrong blocks is found and out; the data is right.
func TestLiar(t *testing.T) {
	for name, kind := range kinds {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := sample(5, map[string]int{"file.bin": 6 << 20})
				m := c.create(t, kind, 256<<10)
				w := newWorld(t)
				honest := w.seeder(m, c, swarm.TLSPrefer)
				liar := w.seeder(m, c, swarm.TLSPrefer)
				corrupt(t, liar, "file.bin", 300<<10)
				honest.session.SetLimits(2<<20, 0)
				liar.session.SetLimits(2<<20, 0)
				get := w.start(nil)
				get.add(m, swarm.TLSPrefer, liar, honest)
				time.Sleep(30 * time.Second)
				st := get.torrent.Status()
				if st.Banned != 1 || st.Corrupt == 0 {
					t.Errorf("after 30 s: %d banned, %d bytes found wrong", st.Banned, st.Corrupt)
				}
				for _, p := range get.torrent.Peers() {
					if p.Addr.Addr() == liar.ip {
						t.Error("the liar is still connected")
					}
				}
				get.wait(time.Minute)
				c.check(t, get.disk)
				for _, n := range []*node{honest, liar, get} {
					n.close()
				}
			})
		})
	}
}
