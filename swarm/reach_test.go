package swarm_test

import (
	"net"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/portmap/routertest"
	"github.com/warren-p2p/warren/metainfo/create"
	"github.com/warren-p2p/warren/swarm"
	"github.com/warren-p2p/warren/swarm/reachability"
)

// A session gets its port from the router, and knows that others can reach it as
// soon as somebody has, over either carrier; one that was dialled shows nothing.
func TestReachability(t *testing.T) {
	for _, carrier := range []swarm.Carrier{swarm.TCPOnly, swarm.UTPOnly} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t)
			router, err := routertest.Start(t.Context(), w.net, routertest.Config{
				Addr: netip.MustParseAddr("192.168.1.1"), External: netip.MustParseAddr("8.8.4.4"), PCP: true,
			})
			if err != nil {
				t.Fatal(err)
			}
			defer router.Close()
			c := sample(1, map[string]int{"file": 100_000})
			m := c.create(t, create.Hybrid, 16384)
			home := w.start(func(cfg *swarm.Config) {
				cfg.Policy = routertest.Behind(w.net, netip.MustParseAddr("192.168.1.5"), netip.MustParseAddr("192.168.1.1"))
				cfg.Listen, cfg.Carrier = "0.0.0.0:6881", carrier
			})
			c.write(t, home.disk)
			home.add(m, swarm.TLSPrefer)
			home.wait(time.Minute)
			time.Sleep(10 * time.Second)
			check := func(when string, state reachability.State, cause reachability.Cause) {
				t.Helper()
				got := home.session.Reachability()
				if best := got.Best(); best.State != state || best.Cause != cause || best.External != netip.MustParseAddrPort("8.8.4.4:6881") {
					t.Errorf("%s: %+v", when, got)
				}
			}
			check("mapped", reachability.Probably, reachability.Mapped)
			outside := func(ip string, from ...*node) *node {
				n := w.start(func(cfg *swarm.Config) {
					cfg.Policy, cfg.Carrier = w.net.Host(netip.MustParseAddr(ip)), carrier
					cfg.Listen = netip.AddrPortFrom(netip.MustParseAddr(ip), 6881).String()
				})
				n.add(m, swarm.TLSPrefer, from...)
				return n
			}
			dialled := outside("9.9.9.9")
			home.torrent.AddPeers(dialled.addr())
			dialled.wait(time.Minute)
			check("we have dialled", reachability.Probably, reachability.Mapped)
			came := outside("9.9.9.10")
			came.torrent.AddPeers(netip.MustParseAddrPort("192.168.1.5:6881")) // what the router translates to
			came.wait(time.Minute)
			check("somebody came", reachability.Yes, reachability.Connected)
			for _, n := range []*node{home, dialled, came} {
				n.close()
			}
			if left := router.Mappings(); len(left) > 0 {
				t.Errorf("left at the router: %v", left)
			}
		})
	}
}

// Without a host to listen on a session is there in both families, over both
// carriers.
func TestDualStack(t *testing.T) {
	if l, err := net.Listen("tcp6", "[::1]:0"); err != nil {
		t.Skip("this machine has no IPv6:", err)
	} else if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	w := newWorld(t)
	c := sample(1, map[string]int{"file": 100_000})
	m := c.create(t, create.Hybrid, 16384)
	direct := func(listen string, carrier swarm.Carrier) *node {
		return w.start(func(cfg *swarm.Config) {
			cfg.Policy, cfg.Listen, cfg.Carrier = netpolicy.Direct{}, listen, carrier
			cfg.NoLSD, cfg.NoPortmap = true, true
		})
	}
	seed := direct(":0", swarm.TCPAndUTP)
	defer seed.close()
	c.write(t, seed.disk)
	seed.add(m, swarm.TLSPrefer)
	seed.wait(time.Minute)
	for _, carrier := range []swarm.Carrier{swarm.TCPOnly, swarm.UTPOnly} {
		for _, host := range []string{"127.0.0.1", "::1"} {
			n := direct(net.JoinHostPort(host, "0"), carrier)
			n.add(m, swarm.TLSPrefer)
			n.torrent.AddPeers(netip.AddrPortFrom(netip.MustParseAddr(host), seed.session.Port()))
			n.wait(20 * time.Second)
			n.close()
		}
	}
	r := seed.session.Reachability()
	if r.IPv4.Cause == reachability.Closed || r.IPv6.Cause == reachability.Closed || r.Best().State == reachability.Yes {
		t.Errorf("%+v", r)
	}
}

// Peers tell as whom they see us (BEP 10), and three networks are enough.
func TestSeen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		c := sample(1, map[string]int{"file": 100_000})
		m := c.create(t, create.Hybrid, 16384)
		at := func(ip string) *node {
			return w.start(func(cfg *swarm.Config) {
				cfg.Policy = w.net.Host(netip.MustParseAddr(ip))
				cfg.Listen = netip.AddrPortFrom(netip.MustParseAddr(ip), 6881).String()
			})
		}
		us := at("8.8.4.4")
		c.write(t, us.disk)
		us.add(m, swarm.TLSPrefer)
		us.wait(time.Minute)
		var all []*node
		for i, ip := range []string{"1.2.3.4", "1.2.4.5", "2.2.3.4", "3.2.3.4"} {
			if seen := us.session.Reachability().IPv4.Seen; seen.IsValid() {
				t.Errorf("%d peers, two of one network, decide on %v", i, seen)
			}
			n := at(ip)
			n.add(m, swarm.TLSPrefer, us)
			n.wait(time.Minute)
			all = append(all, n)
		}
		if seen := us.session.Reachability().IPv4.Seen; seen != netip.MustParseAddr("8.8.4.4") {
			t.Errorf("seen as %v", seen)
		}
		for _, n := range append(all, us) {
			n.close()
		}
	})
}
