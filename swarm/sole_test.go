package swarm_test

import (
	"bytes"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/warren-p2p/warren/btls/certificate"
	"github.com/warren-p2p/warren/internal/vfs/memfs"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/create"
	"github.com/warren-p2p/warren/swarm"
	"github.com/warren-p2p/warren/tracker"
)

// sole starts a tracker over HTTPS on a host of the world, which shows a key of its own.
func (w *world) sole(ip string) (*register, *swarm.SoleTracker) {
	w.t.Helper()
	cert, err := certificate.SelfSigned(time.Now(), rand.Reader)
	if err != nil {
		w.t.Fatal(err)
	}
	pin, err := certificate.Pin(cert)
	if err != nil {
		w.t.Fatal(err)
	}
	l, err := w.net.Host(netip.MustParseAddr(ip)).Listen(w.t.Context(), ":443")
	if err != nil {
		w.t.Fatal(err)
	}
	g := &register{peers: map[string][]byte{}}
	s := &http.Server{Handler: g}
	var wg sync.WaitGroup
	wg.Go(func() {
		_ = s.Serve(tls.NewListener(l, &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS13}))
	})
	w.t.Cleanup(func() {
		s.Close()
		wg.Wait()
	})
	return g, &swarm.SoleTracker{URL: "https://" + ip + "/KEY/announce", Pin: pin}
}

// private returns the torrent of a private share.
func (c tree) private(t *testing.T) *metainfo.Torrent {
	t.Helper()
	disk := memfs.New()
	c.write(t, disk)
	m, err := create.Torrent(t.Context(), disk, "file.bin", create.Options{Kind: create.Hybrid, PieceLength: 64 << 10, Private: true})
	if err != nil {
		t.Fatal(err)
	}
	m.TLS = &metainfo.TLS{Level: metainfo.TLSStrict, Secret: bytes.Repeat([]byte{7}, 32)}
	return m
}

// What one tracker alone may know is told to it, by the info-hash and to the right key,
// and neither to the trackers that the torrent and the user name nor near by.
func TestSole(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := sample(65, map[string]int{"file.bin": 300_000})
		m := c.private(t)
		w, near := newWorld(t), &lan{cables: map[*cable]bool{}}
		g, sole := w.sole("10.99.0.1")
		other, url := w.registry("10.99.0.2")
		m.SetTrackers([][]string{{url}})
		host := func(cfg *swarm.Config) {
			cfg.Policy = onLAN{cfg.Policy, near, netip.MustParseAddrPort(cfg.Listen).Addr()}
		}
		groups, err := onLAN{w.net, near, netip.MustParseAddr("10.0.9.9")}.Groups(t.Context(), netip.MustParseAddrPort("10.0.9.9:6771"))
		if err != nil {
			t.Fatal(err)
		}
		ear := groups[0].(*cable)
		seed, get := w.start(host), w.start(host)
		c.write(t, seed.disk)
		w.join(seed, swarm.Options{Metainfo: m, Sole: sole, Trackers: []string{url}})
		time.Sleep(time.Second)
		w.join(get, swarm.Options{Metainfo: m, Sole: sole, AnnounceDiscovery: true})
		get.wait(10 * time.Minute)
		get.torrent.SetTrackers([]string{url}, [][]string{{url}})
		time.Sleep(time.Hour)
		c.check(t, get.disk)
		h := m.Hashes()
		v1, v2 := h.V1, h.Truncated()
		g.mu.Lock()
		slices.Sort(g.names)
		if d := cmp.Diff([]string{string(v1[:]), string(v2[:])}, slices.Compact(g.names), cmpopts.SortSlices(strings.Compare)); d != "" {
			t.Error(d)
		}
		if len(g.tls) != 2 || g.tls[get.ip.String()].Pin == ([32]byte{}) {
			t.Errorf("told %+v", g.tls)
		}
		g.mu.Unlock()
		if list, _ := get.torrent.Announces(); len(list) != 1 || list[0].Err != nil || list[0].URL != sole.URL {
			t.Errorf("%+v", list)
		}
		together(seed.close, get.close)
		if said := other.said(); len(said) > 0 || len(ear.heard) > 0 {
			t.Errorf("told to others: %q, near by: %d", said, len(ear.heard))
		}
		if err := ear.Close(); err != nil {
			t.Error(err)
		}
	})
}

// A tracker with another key is told nothing.
func TestSoleOfAnotherKey(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := sample(66, map[string]int{"file.bin": 100_000})
		w := newWorld(t)
		g, sole := w.sole("10.99.0.1")
		sole.Pin[0]++
		n := w.start(nil)
		w.join(n, swarm.Options{Metainfo: c.private(t), Sole: sole})
		time.Sleep(time.Hour)
		if list, _ := n.torrent.Announces(); len(list) != 1 || !errors.Is(list[0].Err, tracker.ErrPin) {
			t.Errorf("%+v", list)
		}
		n.close()
		if said := g.said(); len(said) > 0 {
			t.Errorf("told %q", said)
		}
	})
}

// What would be told to more than one tracker, or in clear, is not begun.
func TestSoleRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := sample(67, map[string]int{"file.bin": 100_000})
		w := newWorld(t)
		n := w.start(nil)
		whole := c.private(t)
		open, basic := c.create(t, create.Hybrid, 64<<10), c.private(t)
		open.TLS, basic.TLS = whole.TLS, nil
		for name, o := range map[string]swarm.Options{
			"not private": {Metainfo: open, Sole: &swarm.SoleTracker{URL: "https://a.example/KEY/announce"}},
			"basic":       {Metainfo: basic, TLS: swarm.TLSRequire, Sole: &swarm.SoleTracker{URL: "https://a.example/KEY/announce"}},
			"in clear":    {Metainfo: whole, Sole: &swarm.SoleTracker{URL: "http://a.example/KEY/announce"}},
		} {
			o.Content = n.disk
			if _, err := n.session.Add(o); err == nil || !strings.Contains(err.Error(), "one tracker alone") || strings.Contains(err.Error(), "KEY") {
				t.Errorf("%s: %v", name, err)
			}
		}
		n.close()
	})
}
