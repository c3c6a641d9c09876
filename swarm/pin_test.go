package swarm_test

import (
	"context"
	"net"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"github.com/warren-p2p/warren/metainfo/create"
	"github.com/warren-p2p/warren/swarm"
	"github.com/warren-p2p/warren/tracker/message"
)

// toPeer watches what is dialled at one address, and leaves trackers alone.
type toPeer struct {
	*spy
	at netip.AddrPort
}

func (p toPeer) Dial(ctx context.Context, addr string) (net.Conn, error) {
	if addr != p.at.String() {
		return p.spy.Policy.Dial(ctx, addr)
	}
	return p.spy.Dial(ctx, addr)
}

// What a tracker says of TLS is heeded: a peer must show the key that it names, and
// is not asked in clear if it does not.
func TestKeyFromTracker(t *testing.T) {
	for name, c := range map[string]struct {
		wrong, require bool
		ok             bool
	}{
		"right key":          {false, false, true},
		"right key, require": {false, true, true},
		"wrong key":          {true, false, false},
		"wrong key, require": {true, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				content := sample(61, map[string]int{"file.bin": 300_000})
				m := content.create(t, create.V1, 64<<10)
				w := newWorld(t)
				g, url := w.registry("10.99.0.1")
				policy := swarm.TLSPrefer
				if c.require {
					policy = swarm.TLSRequire
				}
				seed := w.start(nil)
				content.write(t, seed.disk)
				opts := swarm.Options{Metainfo: m, Trackers: []string{url}, TLS: policy}
				w.join(seed, opts)
				seed.wait(time.Minute)
				time.Sleep(time.Second) // until it has announced itself: it hears of nobody then
				pin, err := seed.session.Pin()
				if err != nil {
					t.Fatal(err)
				}
				if c.wrong { // as if somebody else answered there
					pin[0]++
				}
				g.mu.Lock()
				g.pins = map[netip.AddrPort]message.Pin{seed.addr(): pin}
				g.mu.Unlock()
				seen := &spy{}
				get := w.start(func(cfg *swarm.Config) {
					seen.Policy = cfg.Policy
					cfg.Policy, cfg.Carrier = toPeer{seen, seed.addr()}, swarm.TCPOnly // which is watched
				})
				w.join(get, opts)
				time.Sleep(5 * time.Minute)
				if done := get.torrent.Status().State == swarm.StateSeeding; done != c.ok {
					t.Errorf("complete: %t; %+v", done, get.torrent.Status())
				}
				if seen.tls.Load() == 0 || seen.clear.Load() != 0 {
					t.Errorf("%d dials over TLS, %d in clear", seen.tls.Load(), seen.clear.Load())
				}
				g.mu.Lock()
				if said := g.tls[get.ip.String()]; said != (message.TLS{Support: true, Require: c.require}) {
					t.Errorf("the tracker heard %+v", said) // no key in clear
				}
				g.mu.Unlock()
				together(get.close, seed.close)
			})
		})
	}
}

// A peer tells which key it has (BEP 10). Somebody else who answers at its address
// later, and knows the torrent as well, gets nothing: neither a request, which would
// tell him that we have it, nor a dial in clear.
func TestKeyFromPeer(t *testing.T) {
	for name, restart := range map[string]bool{"same run": false, "next run": true} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := sample(62, map[string]int{"file.bin": 300_000})
				m := c.create(t, create.V1, 64<<10)
				w := newWorld(t)
				at := "10.8.8.8:6881"
				listen := func(cfg *swarm.Config) {
					cfg.Listen, cfg.Policy = at, w.net.Host(netip.MustParseAddr("10.8.8.8"))
				}
				seed := w.start(listen)
				c.write(t, seed.disk)
				seed.add(m, swarm.TLSPrefer)
				seed.wait(time.Minute)
				get, seen := w.watched(func(cfg *swarm.Config) { cfg.Carrier = swarm.TCPOnly })
				get.add(m, swarm.TLSPrefer, seed)
				get.wait(time.Minute)
				seed.close()

				impostor := w.start(listen) // with a key of its own
				c.write(t, impostor.disk)
				impostor.add(m, swarm.TLSPrefer)
				impostor.wait(time.Minute)
				if restart {
					next := &node{w: w, ip: get.ip, home: get.home, disk: newDisk()}
					get.close()
					seen = &spy{}
					next.open(func(cfg *swarm.Config) {
						seen.Policy = cfg.Policy
						cfg.Policy, cfg.Carrier = seen, swarm.TCPOnly
					})
					next.add(m, swarm.TLSPrefer, impostor)
					get = next
				} else {
					seen.tls.Store(0)
					seen.clear.Store(0)
					get.torrent.AddPeers(netip.MustParseAddrPort(at))
				}
				time.Sleep(5 * time.Minute)
				if p := get.torrent.Peers(); len(p) != 0 {
					t.Errorf("the impostor is a peer: %+v", p)
				}
				if p := impostor.torrent.Peers(); len(p) != 0 {
					t.Errorf("the impostor has a peer: %+v", p)
				}
				if seen.tls.Load() == 0 || seen.clear.Load() != 0 {
					t.Errorf("%d dials over TLS, %d in clear", seen.tls.Load(), seen.clear.Load())
				}
				together(get.close, impostor.close)
			})
		})
	}
}
