// Package routertest is a router in memory that maps ports, for tests: by PCP, by
// NAT-PMP and by UPnP, well or badly.
package routertest

import (
	"context"
	"errors"
	"maps"

	"net/http"
	"net/netip"
	"sync"
	"time"

	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/netpolicy/gateway"
	"github.com/warren-p2p/warren/internal/portmap/pcp"
)

// Config says what the router does.
type Config struct {
	Addr     netip.Addr // of the router, inside
	External netip.Addr // outside
	PCP, PMP bool
	UPnP     bool
	Shift    uint16        // external ports are so much greater than what was wished for
	Lifetime time.Duration // at most granted; 0 for what is asked

	// What is set takes the place of what a router should do.
	Datagram func(b []byte) [][]byte // answers at port 5351
	Location string                  // where the device says that it describes itself
	Control  string                  // URL of its connection
	Describe http.HandlerFunc        // answers with the description
	SOAP     http.HandlerFunc        // answers at the control URL
	Fault    int                     // UPnP error of whoever asks for a port with a lease
}

// Router is a running router.
type Router struct {
	cfg    Config
	wg     sync.WaitGroup
	close  []func() error
	server http.Server

	mu       sync.Mutex
	mappings map[Key]pcp.Mapping
	asked    int
}

// Key names a mapping of a router.
type Key struct {
	Protocol pcp.Protocol
	External uint16
}

// Start starts a router on a network in memory.
func Start(ctx context.Context, m *netpolicy.Mem, cfg Config) (*Router, error) {
	r := &Router{cfg: cfg, mappings: make(map[Key]pcp.Mapping)}
	host := m.Host(cfg.Addr)
	if err := errors.Join(r.datagrams(ctx, host, pcp.Port, r.answer), r.datagrams(ctx, host, ssdpPort, r.discover)); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	l, err := host.Listen(ctx, netip.AddrPortFrom(cfg.Addr, httpPort).String())
	if err != nil {
		return nil, errors.Join(err, r.Close())
	}
	r.server.Handler = r.site()
	r.close = append(r.close, r.server.Close)
	r.wg.Go(func() { _ = r.server.Serve(l) })
	return r, nil
}

// Close ends the router.
func (r *Router) Close() error {
	var errs []error
	for _, f := range r.close {
		errs = append(errs, f())
	}
	r.wg.Wait()
	return errors.Join(errs...)
}

// Mappings returns what is mapped now.
func (r *Router) Mappings() map[Key]pcp.Mapping {
	r.mu.Lock()
	defer r.mu.Unlock()
	return maps.Clone(r.mappings)
}

// Forget forgets all mappings, as a router that was switched off does.
func (r *Router) Forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	clear(r.mappings)
}

// Asked returns how many requests there were, of any kind.
func (r *Router) Asked() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.asked
}

// grant maps a port, or ends a mapping.
func (r *Router) grant(m pcp.Mapping) pcp.Mapping {
	r.mu.Lock()
	defer r.mu.Unlock()
	if m.Lifetime == 0 {
		for k, old := range r.mappings {
			if old.Internal == m.Internal && k.Protocol == m.Protocol {
				delete(r.mappings, k)
			}
		}
		return m
	}
	port := m.External.Port()
	if port == 0 {
		port = m.Internal
	}
	if port == m.Internal { // who renews wishes for what it has
		port += r.cfg.Shift
	}
	m.External = netip.AddrPortFrom(r.cfg.External, port)
	if r.cfg.Lifetime > 0 {
		m.Lifetime = min(m.Lifetime, r.cfg.Lifetime)
	}
	r.mappings[Key{m.Protocol, port}] = m
	return m
}

// datagrams answers what comes to a UDP port of the router.
func (r *Router) datagrams(ctx context.Context, host netpolicy.Policy, port uint16, answer func([]byte) [][]byte) error {
	c, err := host.ListenPacket(ctx, "udp", netip.AddrPortFrom(r.cfg.Addr, port).String())
	if err != nil {
		return err
	}
	r.close = append(r.close, c.Close)
	r.wg.Go(func() {
		b := make([]byte, 4096)
		for {
			n, from, err := c.ReadFrom(b)
			if err != nil {
				return
			}
			r.mu.Lock()
			r.asked++
			r.mu.Unlock()
			for _, a := range answer(b[:n]) {
				_, _ = c.WriteTo(a, from)
			}
		}
	})
	return nil
}

// Host is a machine behind the router: a policy that knows its way out.
type Host struct {
	netpolicy.Policy
	At gateway.Route

	mu sync.Mutex
}

// Behind returns the machine with an address behind a router.
func Behind(m *netpolicy.Mem, local, router netip.Addr) *Host {
	return &Host{Policy: m.Host(local), At: gateway.Route{Local: local, Router: router}}
}

// Move gives the machine another way out.
func (h *Host) Move(at gateway.Route) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.At = at
}

// Routes implements gateway.Host.
func (h *Host) Routes(context.Context) ([]gateway.Route, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return []gateway.Route{h.At}, nil
}

// Near implements gateway.Host.
func (h *Host) Near() ([]netip.Prefix, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	bits := 24
	if h.At.Local.Is6() {
		bits = 64
	}
	p, err := h.At.Local.Prefix(bits)
	return []netip.Prefix{p}, err
}

var (
	_ gateway.Host     = (*Host)(nil)
	_ netpolicy.Policy = (*Host)(nil)
)
