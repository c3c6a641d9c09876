package swarm_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/swarm"
)

// A torrent that came by a magnet link, of one hash or of both, sleeps once it is
// complete and serves who comes.
func TestMagnetSleeps(t *testing.T) {
	for name, kind := range kinds {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				c := many()
				m := c.create(t, kind, 16<<10)
				seed := w.seeder(m, c, swarm.TLSPrefer)
				n := w.start(nil)
				link := linkOf(m)
				if h := m.Hashes(); h.HasV1 && h.HasV2 {
					link.Hashes = metainfo.InfoHashes{V1: h.V1, HasV1: true}
				}
				tor := n.addMagnet(link, seed)
				n.wait(time.Minute)
				seed.close()
				time.Sleep(5 * time.Minute)
				if tor.Name() != m.Info.Name || tor.Hashes() != m.Hashes() {
					t.Errorf("asleep it is %q, %v", tor.Name(), tor.Hashes())
				}
				if got := tor.Metainfo(); got == nil || len(got.Trackers()) != 2 {
					t.Errorf("what it is of is not got back: %v", got)
				}
				get := w.start(nil)
				get.add(m, swarm.TLSPrefer, n)
				get.wait(time.Minute)
				c.check(t, get.disk)
				if n.session.Woken() != 1 {
					t.Error("it did not sleep")
				}
				if err := tor.Remove(false); err != nil {
					t.Error(err)
				}
				if tor = n.addMagnet(linkOf(m)); tor.Metainfo() != nil {
					t.Error("known after it was removed")
				}
				together(get.close, n.close)
			})
		})
	}
}
