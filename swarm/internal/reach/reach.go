// Package reach finds out whether others can reach this node, and where.
//
// What it goes by: who has connected, as whom others see us (trackers, BEP 24;
// peers, BEP 10; nodes of the DHT, BEP 42), what the router says (package portmap),
// and the addresses of this machine. What that comes to is judged without I/O.
//
// The lock of a Reach may be taken by who holds any other; with it held, nobody is
// called but the port mapping for its status.
package reach

import (
	"log/slog"
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/netpolicy/gateway"
	"github.com/warren-p2p/warren/internal/portmap"
	"github.com/warren-p2p/warren/internal/transport"
	"github.com/warren-p2p/warren/swarm/reachability"
)

// Config is what is needed to find out.
type Config struct {
	Policy netpolicy.Policy
	Clock  clock.Clock
	Log    *slog.Logger
	Off    bool // ask no router for the port
	// Moved is told when Port returns another one than before; optional. It is
	// called without locks.
	Moved func()
}

// Reach follows whether others can reach the node. Its methods are safe for
// concurrent use.
type Reach struct {
	cfg Config

	mu     sync.Mutex
	addr   netip.AddrPort   // where the node listens; invalid if it does not
	ports  *portmap.Service // nil likewise
	halves [2]half          // IPv4, IPv6
	sent   sent
	near   []netip.Prefix
	told   uint16 // what Port was last
}

// half is what is known of one family.
type half struct {
	votes   votes
	route   gateway.Route // by which the others came and saw us
	arrived time.Time
}

// lasting is for how long somebody who came shows that others can.
const lasting = 24 * time.Hour

// New returns a Reach of a node that does not listen yet.
func New(cfg Config) *Reach { return &Reach{cfg: cfg} }

// Open says where the node listens, and over what; dht says that the DHT needs the
// UDP port in any case. It is called once at most; Close has to follow.
func (r *Reach) Open(addr netip.AddrPort, over transport.Carrier, dht bool) {
	protocols := []portmap.Protocol{portmap.TCP, portmap.UDP}
	switch {
	case over == transport.UTPOnly:
		protocols = protocols[1:]
	case over == transport.TCPOnly && !dht:
		protocols = protocols[:1]
	}
	ports := portmap.Start(portmap.Config{
		Policy: r.cfg.Policy, Clock: r.cfg.Clock, Log: r.cfg.Log,
		Addr: addr, Protocols: protocols, Off: r.cfg.Off, Changed: r.changed,
	})
	r.mu.Lock()
	r.addr, r.ports, r.told = addr, ports, addr.Port()
	r.mu.Unlock()
	r.changed()
}

// Close gives back what the router has mapped, and waits for that, two seconds at
// most.
func (r *Reach) Close() {
	r.mu.Lock()
	ports := r.ports
	r.mu.Unlock()
	if ports != nil {
		ports.Close()
	}
}

// changed takes note of what the port mapping has found out.
func (r *Reach) changed() {
	r.look()
	port := r.Port()
	r.mu.Lock()
	moved := r.ports != nil && r.told != port
	if moved {
		r.told = port
	}
	r.mu.Unlock()
	if moved && r.cfg.Moved != nil {
		r.cfg.Moved()
	}
}

// look takes note of another way out: what was known was known of the old one.
func (r *Reach) look() {
	near, err := gateway.Near(r.cfg.Policy)
	if err != nil {
		r.cfg.Log.Debug("who is near is not known", "err", err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.near = near
	if r.ports == nil {
		return
	}
	for i := range r.halves {
		if at := r.ports.Status(i == 1).Route; at != r.halves[i].route {
			r.halves[i] = half{route: at}
		}
	}
}

func index(a netip.Addr) int {
	if a.Is6() {
		return 1
	}
	return 0
}

// Seen takes note that somebody sees us under an address.
func (r *Reach) Seen(by, us netip.Addr) {
	by, us = by.Unmap(), us.Unmap()
	if us.IsValid() && by.Is6() == us.Is6() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.halves[index(us)].votes.cast(by, us, r.cfg.Clock.Now())
	}
}

// Sent takes note that packets went out to an address by the UDP port.
func (r *Reach) Sent(to netip.Addr) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sent.note(to.Unmap(), r.cfg.Clock.Now())
}

// Arrived takes note of a peer that has connected by itself. It shows something if
// it comes from the Internet: not from a network of ours, nor from ourselves. Over
// UDP it shows nothing if we have sent to that address, as for a hole that was
// punched (BEP 55); a connection of TCP comes by the port, which sends none.
func (r *Reach) Arrived(from netip.Addr, udp bool) {
	from = from.Unmap()
	if !netpolicy.IsPublic(from) {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.cfg.Clock.Now()
	h := &r.halves[index(from)]
	own := from == h.route.Local || from == h.votes.winner(now) ||
		r.ports != nil && from == r.ports.Status(from.Is6()).External
	if own || udp && r.sent.knows(from, now) || slices.ContainsFunc(r.near, func(p netip.Prefix) bool { return p.Contains(from) }) {
		return
	}
	h.arrived = now
}

// Report returns how it stands now.
func (r *Reach) Report() reachability.Report {
	r.mu.Lock()
	defer r.mu.Unlock()
	return reachability.Report{IPv4: r.family(false), IPv6: r.family(true), Port: r.addr.Port()}
}

// Port returns the port that others have to connect to: that of the router, if it
// passes another one on. It is 0 for a node that does not listen.
func (r *Reach) Port() uint16 {
	r.mu.Lock()
	defer r.mu.Unlock()
	if at := r.family(false); at.State >= reachability.Probably && at.External.Port() != 0 {
		return at.External.Port()
	}
	return r.addr.Port()
}

// family judges one family. The caller holds mu.
func (r *Reach) family(v6 bool) reachability.Family {
	h := &r.halves[0]
	if v6 {
		h = &r.halves[1]
	}
	ip := r.addr.Addr().Unmap()
	now := r.cfg.Clock.Now()
	if now.Sub(h.arrived) >= lasting {
		h.arrived = time.Time{}
	}
	f := facts{
		v6: v6, off: r.cfg.Off, port: r.addr.Port(), seen: h.votes.winner(now), arrived: h.arrived,
		open: r.addr.Port() != 0 && !ip.IsLoopback() && (ip == netip.IPv6Unspecified() || ip.Is6() == v6),
	}
	if r.ports != nil {
		f.router = r.ports.Status(v6)
	}
	return judge(f)
}
