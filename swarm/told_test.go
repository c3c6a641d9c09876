package swarm_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/warren-p2p/warren/btls"
	"github.com/warren-p2p/warren/metainfo/create"
	"github.com/warren-p2p/warren/swarm"
)

// named returns under what the tracker was asked since the last call: "hash", "id"
// for anything else, "" if it was not.
func (g *register) named(hash [20]byte) string {
	g.mu.Lock()
	defer g.mu.Unlock()
	var said []string
	for _, n := range g.names {
		what := "id"
		if n == string(hash[:]) {
			what = "hash"
		}
		if !slices.Contains(said, what) {
			said = append(said, what)
		}
	}
	g.names = nil
	slices.Sort(said)
	return strings.Join(said, " ")
}

// What a tracker in clear is told follows the policy of the torrent, and what the
// status says is what is done.
func TestToldInClear(t *testing.T) {
	for name, c := range map[string]struct {
		policy  swarm.TLSPolicy
		secret  *btls.Secret
		private bool
		wanted  bool // AnnounceDiscovery
		want    string
		byID    bool // the status says that the tracker is asked by an id
	}{
		"prefer":                     {policy: swarm.TLSPrefer, want: "hash"},
		"off":                        {policy: swarm.TLSOff, want: "hash"},
		"private, prefer":            {policy: swarm.TLSPrefer, private: true, wanted: true, want: "hash"},
		"require":                    {policy: swarm.TLSRequire, want: "id", byID: true},
		"passphrase":                 {policy: swarm.TLSRequire, secret: &btls.Secret{7}, wanted: true},
		"private, require":           {policy: swarm.TLSRequire, private: true},
		"private, require, id asked": {policy: swarm.TLSRequire, private: true, wanted: true, want: "id", byID: true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				g, url := w.registry("10.99.0.1")
				n := w.start(func(cfg *swarm.Config) { cfg.NoLSD = true })
				data := sample(63, map[string]int{"file.bin": 100_000})
				data.write(t, n.disk)
				m, err := create.Torrent(t.Context(), n.disk, "file.bin", create.Options{Kind: create.V1, PieceLength: 16 << 10, Private: c.private})
				if err != nil {
					t.Fatal(err)
				}
				w.join(n, swarm.Options{
					Metainfo: m, Trackers: []string{url}, TLS: c.policy, Secret: c.secret, AnnounceDiscovery: c.wanted,
				})
				time.Sleep(10 * time.Minute)
				if got := g.named(m.Hashes().V1); got != c.want {
					t.Errorf("the tracker was asked by %q, want %q", got, c.want)
				}
				list := n.torrent.Status().Unprotected
				said := len(list) == 1 && list[0].Source == "tracker 10.99.0.1"
				if said != (c.want != "hash") || said && list[0].ByID != c.byID {
					t.Errorf("the status says %+v", list)
				}
				n.close()
				if got := g.named(m.Hashes().V1); got != c.want {
					t.Errorf("in the end by %q", got)
				}
			})
		})
	}
}

// From the moment on that TLS is demanded the info-hash is told to nobody, not even
// to take leave.
func TestToldUntilTLSIsDemanded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		g, url := w.registry("10.99.0.1")
		n := w.start(func(cfg *swarm.Config) { cfg.NoLSD = true })
		data := sample(64, map[string]int{"file.bin": 100_000})
		m := data.create(t, create.V1, 16<<10)
		data.write(t, n.disk)
		w.join(n, swarm.Options{Metainfo: m, Trackers: []string{url}})
		time.Sleep(time.Minute)
		if got := g.named(m.Hashes().V1); got != "hash" {
			t.Errorf("before: %q", got)
		}
		if err := n.torrent.SetTLS(swarm.TLSRequire); err != nil {
			t.Fatal(err)
		}
		time.Sleep(45 * time.Minute)
		if got := g.named(m.Hashes().V1); got != "id" {
			t.Errorf("after: %q", got)
		}
		n.close()
		if got := g.named(m.Hashes().V1); got == "hash" || got == "hash id" {
			t.Errorf("in the end: %q", got)
		}
	})
}
