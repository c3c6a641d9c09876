package swarm_test

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/warren-p2p/warren/metainfo/create"
	"github.com/warren-p2p/warren/metainfo/magnet"
	"github.com/warren-p2p/warren/swarm"
	"github.com/warren-p2p/warren/tracker/message"
)

// register is an HTTP tracker.
type register struct {
	mu    sync.Mutex
	peers map[string][]byte      // by hash and address: compact, and whether it is a seed
	heard []string               // event and what was left
	names []string               // info-hashes, or what stood for them
	tls   map[string]message.TLS // what hosts have said of it
	// pins are told of those peers that support TLS.
	pins map[netip.AddrPort]message.Pin
}

// registry starts a tracker on a host of the world, and returns its URL.
func (w *world) registry(ip string) (*register, string) {
	w.t.Helper()
	l, err := w.net.Host(netip.MustParseAddr(ip)).Listen(w.t.Context(), ":80")
	if err != nil {
		w.t.Fatal(err)
	}
	g := &register{peers: map[string][]byte{}}
	s := &http.Server{Handler: g}
	var wg sync.WaitGroup
	wg.Go(func() { _ = s.Serve(l) })
	w.t.Cleanup(func() {
		s.Close()
		wg.Wait()
	})
	return g, "http://" + ip + "/announce"
}

func (g *register) ServeHTTP(out http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	host, _, _ := net.SplitHostPort(r.RemoteAddr)
	port, _ := strconv.Atoi(q.Get("port"))
	hash, ip := q.Get("info_hash"), netip.MustParseAddr(host).As4()
	g.mu.Lock()
	defer g.mu.Unlock()
	g.heard = append(g.heard, q.Get("event")+" "+q.Get("left"))
	g.names = append(g.names, hash)
	said := message.TLS{Support: q.Get("supporttls") == "1", Require: q.Get("requiretls") == "1"}
	copy(said.Pin[:], q.Get("tlspin"))
	if g.tls == nil {
		g.tls = map[string]message.TLS{}
	}
	g.tls[host] = said
	seed := byte(0)
	if q.Get("left") == "0" {
		seed = 1
	}
	g.peers[hash+host] = append(ip[:], byte(port>>8), byte(port), seed)
	if q.Get("event") == "stopped" {
		delete(g.peers, hash+host)
	}
	answer := message.Response{Interval: 30 * time.Minute, TLS: map[netip.AddrPort]message.Pin{}}
	for key, p := range g.peers {
		if !strings.HasPrefix(key, hash) {
			continue
		}
		at := netip.AddrPortFrom(netip.AddrFrom4([4]byte(p)), uint16(p[4])<<8|uint16(p[5]))
		if of := g.tls[strings.TrimPrefix(key, hash)]; of.Support {
			answer.TLS[at] = g.pins[at]
		} else if said.Require {
			continue
		}
		answer.Peers = append(answer.Peers, at)
		if p[6] == 1 {
			answer.Seeders++
		} else {
			answer.Leechers++
		}
	}
	_, _ = out.Write(message.AppendAnswer(nil, &answer))
}

// said returns what was heard since the last call.
func (g *register) said() []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	heard := g.heard
	g.heard = nil
	return heard
}

func (g *register) len() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.peers)
}

// Two nodes that know nothing of each other but a tracker meet, by a torrent and
// by a magnet link, and the tracker hears how it went.
func TestTracker(t *testing.T) {
	for name, link := range map[string]bool{"torrent": false, "magnet": true} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := sample(60, map[string]int{"file.bin": 300_000})
				m := c.create(t, create.Hybrid, 64<<10)
				w := newWorld(t)
				g, url := w.registry("10.99.0.1")
				seed := w.start(nil)
				c.write(t, seed.disk)
				opts := swarm.Options{Metainfo: m, Trackers: []string{url}}
				w.join(seed, opts)
				time.Sleep(time.Second)
				if said := g.said(); !slices.Equal(said, []string{"started 0", "started 0"}) {
					t.Errorf("heard %q of the seed", said)
				}
				get := w.start(nil)
				left := "300000"
				if link {
					opts.Metainfo, opts.Magnet, left = nil, &magnet.Link{Hashes: m.Hashes()}, "16384"
				}
				w.join(get, opts)
				get.wait(10 * time.Minute)
				time.Sleep(time.Second)
				if said := g.said(); !slices.Equal(said, []string{"started " + left, "started " + left, "completed 0", "completed 0"}) {
					t.Errorf("heard %q", said)
				}
				if list, next := get.torrent.Announces(); len(list) != 1 || list[0].Err != nil || list[0].URL != url || !next.After(time.Now()) {
					t.Errorf("%+v, %v", list, next)
				}
				get.torrent.Stop()
				time.Sleep(time.Second)
				if n := g.len(); n != 2 {
					t.Errorf("%d peers after one has stopped", n)
				}
				get.torrent.Start()
				time.Sleep(time.Second)
				if err := get.torrent.Remove(false); err != nil {
					t.Fatal(err)
				}
				together(seed.close, get.close)
				if n := g.len(); n != 0 {
					t.Errorf("%d peers in the end", n)
				}
			})
		})
	}
}

func (w *world) join(n *node, opts swarm.Options) {
	w.t.Helper()
	opts.Content = n.disk
	var err error
	if n.torrent, err = n.session.Add(opts); err != nil {
		w.t.Fatal(err)
	}
}

// What a torrent names at home is not asked; nor is anything if it is so said.
func TestTrackersNotAsked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := sample(61, map[string]int{"file.bin": 100_000})
		m := c.create(t, create.V1, 64<<10)
		w := newWorld(t)
		g, url := w.registry("10.99.0.1")
		m.SetTrackers([][]string{{url}, {"http://127.0.0.1/announce"}})
		n := w.start(nil)
		w.join(n, swarm.Options{Metainfo: m})
		off := w.start(func(cfg *swarm.Config) { cfg.NoTrackers = true })
		w.join(off, swarm.Options{Metainfo: m, Trackers: []string{url}})
		time.Sleep(time.Hour)
		if list, _ := n.torrent.Announces(); len(list) != 2 || list[0].Err == nil || list[1].Err == nil {
			t.Errorf("%+v", list)
		}
		if list, _ := off.torrent.Announces(); list != nil {
			t.Errorf("%+v", list)
		}
		together(n.close, off.close)
		if said := g.said(); len(said) > 0 {
			t.Errorf("asked: %q", said)
		}
	})
}

// A session that ends does not wait for trackers that are dead.
func TestCloseWithDeadTracker(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := sample(62, map[string]int{"file.bin": 100_000})
		w := newWorld(t)
		n := w.start(nil)
		var urls []string
		for i := range 10 {
			urls = append(urls, fmt.Sprintf("udp://10.99.0.%d:6969", i))
		}
		w.join(n, swarm.Options{Metainfo: c.create(t, create.V1, 64<<10), Trackers: urls})
		time.Sleep(time.Second)
		begun := time.Now()
		n.close()
		if took := time.Since(begun); took > 2*time.Second {
			t.Errorf("took %v", took)
		}
	})
}

// A torrent that sleeps is announced, and does not wake for it.
func TestAnnounceAsleep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		g, url := w.registry("10.99.0.1")
		seed := newSleeper(w, many(), swarm.Options{Trackers: []string{url}})
		time.Sleep(2 * time.Hour)
		said := g.said()
		if len(said) < 6 || said[0] != "started 0" || said[2] != " 0" {
			t.Errorf("heard %q", said)
		}
		seed.expectAsleep(0)
		seed.close()
		if n := g.len(); n != 0 {
			t.Errorf("%d peers in the end", n)
		}
	})
}

// Trackers that are replaced while a torrent runs hear that it has left, and those that
// have come that it is there.
func TestTrackersReplaced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := sample(63, map[string]int{"file.bin": 100_000})
		m := c.create(t, create.V1, 64<<10)
		w := newWorld(t)
		before, was := w.registry("10.99.0.1")
		after, is := w.registry("10.99.0.2")
		n := w.start(nil)
		w.join(n, swarm.Options{Metainfo: m})
		time.Sleep(time.Minute)
		if list, _ := n.torrent.Announces(); list != nil {
			t.Errorf("without trackers: %+v", list)
		}
		n.torrent.SetTrackers([]string{was}, nil)
		time.Sleep(time.Minute)
		if before.len() != 1 {
			t.Error("the first one does not know it")
		}
		n.torrent.SetTrackers([]string{is}, nil)
		time.Sleep(time.Minute)
		if before.len() != 0 || after.len() != 1 {
			t.Errorf("%d peers at the first, %d at the second", before.len(), after.len())
		}
		n.torrent.SetTrackers(nil, nil)
		time.Sleep(time.Minute)
		if after.len() != 0 {
			t.Error("the second one still knows it")
		}
		n.close()
	})
}
