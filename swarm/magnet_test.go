package swarm_test

import (
	"testing"
	"time"

	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/create"
	"github.com/warren-p2p/warren/metainfo/magnet"
	"github.com/warren-p2p/warren/swarm"
)

// addMagnet adds a torrent of which nothing but the link is known.
func (n *node) addMagnet(link *magnet.Link, from ...*node) *swarm.Torrent {
	n.w.t.Helper()
	opts := swarm.Options{Magnet: link, Content: n.disk}
	for _, f := range from {
		opts.Peers = append(opts.Peers, f.addr())
	}
	t, err := n.session.Add(opts)
	if err != nil {
		n.w.t.Fatal(err)
	}
	n.torrent = t
	return t
}

func linkOf(m *metainfo.Torrent) *magnet.Link { return &magnet.Link{Hashes: m.Hashes(), Name: "a suggestion"} }

// TestMagnet: a link is enough, whatever the version.
func TestMagnet(t *testing.T) {
	for name, kind := range map[string]create.Kind{"v1": create.V1, "v2": create.V2, "hybrid": create.Hybrid} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			c := many()
			m := c.create(t, kind, 16<<10)
			seed := w.seeder(m, c, swarm.TLSPrefer)
			defer seed.close()
			n := w.start(nil)
			defer n.close()
			tor := n.addMagnet(linkOf(m), seed)
			n.wait(20 * time.Second)
			c.check(t, n.disk)
			if got := tor.Metainfo(); got == nil || got.Hashes() != m.Hashes() || len(got.MissingLayers()) > 0 {
				t.Errorf("metainfo %v", got)
			}
		})
	}
}
