package portmap_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/netpolicy/gateway"
	"github.com/warren-p2p/warren/internal/portmap"
	"github.com/warren-p2p/warren/internal/portmap/routertest"
)

var (
	local    = netip.MustParseAddr("192.168.1.5")
	router   = netip.MustParseAddr("192.168.1.1")
	external = netip.MustParseAddr("8.8.4.4")
)

// home is a machine behind a router, in virtual time.
type home struct {
	t      *testing.T
	mem    *netpolicy.Mem
	router *routertest.Router
	host   *routertest.Host
}

func at(t *testing.T, cfg routertest.Config, f func(h *home)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		h := &home{t: t, mem: netpolicy.NewMem()}
		if !cfg.Addr.IsValid() {
			cfg.Addr, cfg.External = router, external
		}
		var err error
		if h.router, err = routertest.Start(t.Context(), h.mem, cfg); err != nil {
			t.Fatal(err)
		}
		defer h.router.Close()
		h.host = routertest.Behind(h.mem, local, cfg.Addr)
		f(h)
	})
}

// start starts a service that listens on an address, and waits until the router
// has had its chance.
func (h *home) start(addr string, change func(*portmap.Config)) *portmap.Service {
	cfg := portmap.Config{
		Policy: h.host, Clock: clock.System{}, Log: slog.New(slog.DiscardHandler),
		Addr: netip.MustParseAddrPort(addr), Protocols: []portmap.Protocol{portmap.TCP, portmap.UDP},
	}
	if change != nil {
		change(&cfg)
	}
	s := portmap.Start(cfg)
	time.Sleep(20 * time.Second)
	synctest.Wait()
	return s
}

func (h *home) has(port uint16) bool {
	m := h.router.Mappings()
	_, tcp := m[routertest.Key{Protocol: portmap.TCP, External: port}]
	_, udp := m[routertest.Key{Protocol: portmap.UDP, External: port}]
	return tcp && udp && len(m) == 2
}

// Each kind of router maps both ports, for a day as for a minute, and gets them
// back.
func TestMapped(t *testing.T) {
	for name, cfg := range map[string]routertest.Config{
		"PCP": {PCP: true}, "NAT-PMP": {PMP: true}, "UPnP": {UPnP: true},
	} {
		t.Run(name, func(t *testing.T) {
			at(t, cfg, func(h *home) {
				s := h.start("0.0.0.0:6881", nil)
				for range 3 {
					st := s.Status(false)
					if st.Method != name || st.External != external || st.Ports[portmap.TCP] != 6881 || st.Ports[portmap.UDP] != 6881 || st.Err != nil || !st.Asked {
						t.Errorf("%+v", st)
					}
					if !h.has(6881) {
						t.Errorf("mapped are %v", h.router.Mappings())
					}
					h.router.Forget() // it is switched off and on; half of the hour later it is asked again
					time.Sleep(31 * time.Minute)
					synctest.Wait()
				}
				s.Close()
				if m := h.router.Mappings(); len(m) > 0 {
					t.Errorf("left behind: %v", m)
				}
			})
		})
	}
}

// A lifetime shorter than what was asked for is kept to.
func TestShortLifetime(t *testing.T) {
	at(t, routertest.Config{PCP: true, Lifetime: 4 * time.Minute}, func(h *home) {
		s := h.start("0.0.0.0:6881", nil)
		defer s.Close()
		before := h.router.Asked()
		time.Sleep(20 * time.Minute)
		synctest.Wait()
		if n := h.router.Asked() - before; n != 20 { // two ports, every two minutes
			t.Errorf("asked %d times", n)
		}
	})
}

// Another port than the one wished for is told, and kept when it is renewed.
func TestOtherPort(t *testing.T) {
	for name, cfg := range map[string]routertest.Config{"PCP": {PCP: true, Shift: 100}, "NAT-PMP": {PMP: true, Shift: 100}} {
		at(t, cfg, func(h *home) {
			s := h.start("0.0.0.0:6881", nil)
			defer s.Close()
			for range 2 {
				if st := s.Status(false); st.Ports[portmap.TCP] != 6981 || !h.has(6981) {
					t.Errorf("%s: %+v, mapped are %v", name, st, h.router.Mappings())
				}
				time.Sleep(31 * time.Minute)
				synctest.Wait()
			}
		})
	}
}

// The machine gets another address, and then another router.
func TestMoved(t *testing.T) {
	at(t, routertest.Config{PCP: true}, func(h *home) {
		changes := 0
		s := h.start("0.0.0.0:6881", func(c *portmap.Config) { c.Changed = func() { changes++ } })
		h.router.Forget()
		h.host.Move(gateway.Route{Local: netip.MustParseAddr("192.168.1.9"), Router: router})
		time.Sleep(time.Minute)
		synctest.Wait()
		if st := s.Status(false); st.Route.Local != netip.MustParseAddr("192.168.1.9") || !st.Mapped() || !h.has(6881) {
			t.Errorf("another address: %+v", st)
		}
		h.host.Move(gateway.Route{Local: netip.MustParseAddr("192.168.2.9"), Router: netip.MustParseAddr("192.168.2.1")})
		time.Sleep(time.Minute)
		synctest.Wait()
		if st := s.Status(false); st.Mapped() || st.Err == nil || changes != 6 { // seen and asked, three times
			t.Errorf("another router: %+v after %d changes", st, changes)
		}
		s.Close()
	})
}

// Nobody is asked who has nothing to do with it.
func TestNotAsked(t *testing.T) {
	all := routertest.Config{PCP: true, PMP: true, UPnP: true}
	public := gateway.Route{Local: netip.MustParseAddr("8.8.8.8"), Router: router}
	for name, c := range map[string]struct {
		addr   string
		change func(*home, *portmap.Config)
	}{
		"loopback":          {"127.0.0.1:6881", nil},
		"IPv6 alone":        {"[2001:db8::1]:6881", nil},
		"another interface": {"10.0.0.5:6881", nil},
		"turned off":        {"0.0.0.0:6881", func(_ *home, c *portmap.Config) { c.Off = true }},
		"hidden":            {"0.0.0.0:6881", func(h *home, c *portmap.Config) { c.Policy = h.mem.Host(local) }},
		"public address":    {"0.0.0.0:6881", func(h *home, _ *portmap.Config) { h.host.Move(public) }},
	} {
		t.Run(name, func(t *testing.T) {
			at(t, all, func(h *home) {
				s := h.start(c.addr, func(cfg *portmap.Config) {
					if c.change != nil {
						c.change(h, cfg)
					}
				})
				time.Sleep(3 * time.Hour)
				s.Close()
				if n := h.router.Asked(); n > 0 || s.Status(false).Asked {
					t.Errorf("asked %d times", n)
				}
			})
		})
	}
}

// Of IPv6 a hole in the firewall is asked for.
func TestPinhole(t *testing.T) {
	us, gate := netip.MustParseAddr("2a00:1450::5"), netip.MustParseAddr("fd00::1")
	at(t, routertest.Config{Addr: gate, External: us, PCP: true}, func(h *home) {
		h.host.Policy = h.mem.Host(us)
		h.host.Move(gateway.Route{Local: us, Router: gate})
		s := h.start("[::]:6881", nil)
		if st := s.Status(true); st.Method != "PCP" || st.External != us || !h.has(6881) {
			t.Errorf("%+v", st)
		}
		s.Close()
	})
}

// A router that does not speak any protocol, or badly, is left alone more and more,
// and holds up nobody.
func TestHostile(t *testing.T) {
	flood := func([]byte) (list [][]byte) {
		for range 100 {
			list = append(list, make([]byte, 4000))
		}
		return list
	}
	foreign := func(b []byte) [][]byte { // a grant with another nonce
		if len(b) != 60 {
			return nil
		}
		a := append([]byte{2, 0x81, 0, 0, 0, 0, 14, 16, 0, 0, 0, 1}, make([]byte, 12)...)
		a = append(a, b[24:60]...)
		a[24] ^= 1
		return [][]byte{a}
	}
	zero := func(b []byte) [][]byte { // port 0
		if len(b) != 60 {
			return nil
		}
		a := append([]byte{2, 0x81, 0, 0, 0, 0, 14, 16, 0, 0, 0, 1}, make([]byte, 12)...)
		a = append(a, b[24:60]...)
		a[42], a[43] = 0, 0
		return [][]byte{a}
	}
	stuck := func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	for name, cfg := range map[string]routertest.Config{
		"silence": {}, "flood": {Datagram: flood}, "another's grant": {Datagram: foreign}, "port 0": {Datagram: zero},
		"stuck":   {UPnP: true, Describe: stuck},
		"garbage": {Datagram: func([]byte) [][]byte { return [][]byte{nil, {0}, {2, 0x81}, []byte("HTTP/1.1 200 OK")} }},
		"refusal": {Datagram: func(b []byte) [][]byte { return [][]byte{append([]byte{2, 0x81, 0, 2}, make([]byte, 20)...)} }},
	} {
		t.Run(name, func(t *testing.T) {
			at(t, cfg, func(h *home) {
				s := h.start("0.0.0.0:6881", nil)
				if st := s.Status(false); st.Mapped() || st.Err == nil || !st.Asked {
					t.Errorf("%+v", st)
				}
				before := h.router.Asked()
				time.Sleep(10 * time.Hour)
				if n := h.router.Asked() - before; n > 16*30 {
					t.Errorf("asked %d times", n)
				}
				began := time.Now()
				s.Close()
				if took := time.Since(began); took > 2*time.Second {
					t.Errorf("closed after %v", took)
				}
			})
		})
	}
}

// A router that has gone holds nobody up at the end either.
func TestGoneAtTheEnd(t *testing.T) {
	at(t, routertest.Config{UPnP: true}, func(h *home) {
		s := h.start("0.0.0.0:6881", nil)
		if st := s.Status(false); !st.Mapped() {
			t.Fatalf("%+v", st)
		}
		if err := h.router.Close(); err != nil {
			t.Fatal(err)
		}
		l, err := h.mem.Host(router).Listen(t.Context(), ":5000") // connects, and says nothing
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		began := time.Now()
		s.Close()
		if took := time.Since(began); took > 2*time.Second {
			t.Errorf("closed after %v", took)
		}
	})
}

// broken is a machine whose network is down, for datagrams or for all else.
type broken struct {
	*routertest.Host
	datagrams bool
}

func (b broken) ListenPacket(ctx context.Context, network, addr string) (net.PacketConn, error) {
	if !b.datagrams {
		return b.Host.ListenPacket(ctx, network, addr)
	}
	return nil, &net.OpError{Op: "listen", Net: network, Addr: net.UDPAddrFromAddrPort(netip.MustParseAddrPort(addr)), Err: errors.New("network is down")}
}

func (b broken) Dial(_ context.Context, addr string) (net.Conn, error) {
	return nil, &net.OpError{Op: "dial", Net: "tcp", Addr: net.TCPAddrFromAddrPort(netip.MustParseAddrPort(addr)), Err: errors.New("network is down")}
}

// What fails is told without the addresses at which it did.
func TestErrorsShowNoAddresses(t *testing.T) {
	for _, datagrams := range []bool{true, false} {
		at(t, routertest.Config{UPnP: true}, func(h *home) {
			var log bytes.Buffer
			s := h.start("0.0.0.0:6881", func(c *portmap.Config) {
				c.Policy = broken{h.host, datagrams}
				c.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
			})
			s.Close()
			st := s.Status(false)
			if st.Err == nil || !strings.Contains(st.Err.Error(), "network is down") || !strings.Contains(log.String(), "network is down") {
				t.Fatalf("%v; %s", st.Err, log.String())
			}
			if text := st.Err.Error() + log.String(); strings.Contains(text, "192.168.") {
				t.Error(text)
			}
		})
	}
}
