package reach

import (
	"log/slog"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/netpolicy/gateway"
	"github.com/warren-p2p/warren/internal/portmap/routertest"
	"github.com/warren-p2p/warren/internal/transport"
	"github.com/warren-p2p/warren/swarm/reachability"
)

// behind runs a node behind a router, in virtual time.
func behind(t *testing.T, cfg routertest.Config, f func(*Reach, *routertest.Host)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		mem := netpolicy.NewMem()
		cfg.Addr = addr("192.168.1.1")
		if !cfg.External.IsValid() {
			cfg.External = addr("8.8.4.4")
		}
		router, err := routertest.Start(t.Context(), mem, cfg)
		if err != nil {
			t.Fatal(err)
		}
		defer router.Close()
		host := routertest.Behind(mem, addr("192.168.1.5"), cfg.Addr)
		moved := 0
		r := New(Config{Policy: host, Clock: clock.System{}, Log: slog.New(slog.DiscardHandler), Moved: func() { moved++ }})
		r.Open(netip.MustParseAddrPort("[::]:6881"), transport.TCPAndUTP, true)
		defer r.Close()
		time.Sleep(20 * time.Second)
		synctest.Wait()
		if other := cfg.Shift != 0; (moved == 1) != other || moved > 1 {
			t.Errorf("the port has moved %d times", moved)
		}
		f(r, host)
	})
}

func (r *Reach) check(t *testing.T, when string, state reachability.State, cause reachability.Cause) {
	t.Helper()
	if got := r.Report().IPv4; got.State != state || got.Cause != cause {
		t.Errorf("%s: %v, %v; want %v, %v", when, got.State, got.Cause, state, cause)
	}
}

func TestReach(t *testing.T) {
	behind(t, routertest.Config{PCP: true, Shift: 100}, func(r *Reach, host *routertest.Host) {
		r.check(t, "mapped", reachability.Probably, reachability.Mapped)
		if r.Port() != 6981 || r.Report().Port != 6881 {
			t.Errorf("port %d, %d", r.Port(), r.Report().Port)
		}
		for _, near := range []string{"192.168.1.7", "127.0.0.1", "10.1.2.3", "8.8.4.4"} { // neighbours, and ourselves
			r.Arrived(addr(near), false)
		}
		r.Sent(addr("9.9.9.9"))
		r.Arrived(addr("9.9.9.9"), true) // a hole that was punched
		r.check(t, "nobody from outside", reachability.Probably, reachability.Mapped)
		r.Arrived(addr("9.9.9.10"), true)
		r.check(t, "somebody from outside", reachability.Yes, reachability.Connected)
		if at := r.Report().Best().External; at != netip.MustParseAddrPort("8.8.4.4:6981") || r.Port() != 6981 {
			t.Errorf("reached at %v", at)
		}
		time.Sleep(lasting)
		r.check(t, "a day later", reachability.Probably, reachability.Mapped)
		r.Arrived(addr("9.9.9.9"), false) // over TCP it does not matter whom we have sent to
		r.check(t, "somebody over TCP", reachability.Yes, reachability.Connected)
		host.Move(gateway.Route{Local: addr("192.168.2.5"), Router: addr("192.168.2.1")})
		time.Sleep(time.Minute)
		synctest.Wait()
		r.check(t, "in another network", reachability.Unproven, reachability.Refused)
	})
}

// Others see another address than the router says: there is one more translation.
func TestTwoRouters(t *testing.T) {
	behind(t, routertest.Config{UPnP: true}, func(r *Reach, _ *routertest.Host) {
		for _, by := range []string{"1.2.3.4", "2.2.3.4", "::ffff:3.2.3.4"} {
			r.Seen(addr(by), addr("9.9.9.9"))
		}
		r.Seen(addr("2a00::1"), addr("9.9.9.9")) // of the other family
		r.check(t, "voted down", reachability.Unproven, reachability.TwoRouters)
		if r.Port() != 6881 {
			t.Errorf("port %d", r.Port())
		}
	})
}

// A neighbour with a public address does not come from outside.
func TestNearIsNotOutside(t *testing.T) {
	behind(t, routertest.Config{}, func(r *Reach, host *routertest.Host) {
		host.Move(gateway.Route{Local: addr("2a00:1450:0:1::5"), Router: addr("fd00::1")})
		time.Sleep(time.Minute)
		synctest.Wait()
		r.Arrived(addr("2a00:1450:0:1::6"), false)
		if got := r.Report().IPv6; got.State == reachability.Yes {
			t.Errorf("%+v", got)
		}
		r.Arrived(addr("2a00:1450:0:2::6"), false)
		if got := r.Report().Best(); got.State != reachability.Yes || got.External.Addr() != addr("2a00:1450:0:1::5") {
			t.Errorf("%+v", got)
		}
	})
}

// A node that does not listen is reached by nobody, and asks no router.
func TestClosed(t *testing.T) {
	r := New(Config{Policy: netpolicy.NewMem(), Clock: clock.System{}, Log: slog.New(slog.DiscardHandler)})
	r.Seen(addr("1.2.3.4"), addr("9.9.9.9"))
	if got := r.Report(); got.Best().Cause != reachability.Closed || r.Port() != 0 {
		t.Errorf("%+v", got)
	}
	r.Close()
}
