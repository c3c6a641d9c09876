// Package portmap asks the router for the ports of this node, so that others can
// connect to it: by PCP, NAT-PMP or UPnP, whichever the router speaks.
//
// When to ask is decided by a schedule without I/O. A [Service] carries that out,
// one goroutine for each family of addresses: of IPv4 it asks only if this machine
// has a private address; of IPv6, where nothing is translated, it asks for a hole
// in the router's firewall, which PCP alone can give. It asks the router that packets leave by and
// nobody else; a policy that hides where the node is has no router, and nothing
// is asked. What was mapped is given back at the end.
package portmap

import (
	"context"
	"log/slog"
	"net/netip"
	"sync"
	"time"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/netpolicy/gateway"
	"github.com/warren-p2p/warren/internal/portmap/pcp"
)

// The protocols of IP.
const (
	TCP = pcp.TCP
	UDP = pcp.UDP
)

// Protocol is one of IP.
type Protocol = pcp.Protocol

// Config is what a service needs. All fields but Changed are required.
type Config struct {
	Policy netpolicy.Policy
	Clock  clock.Clock
	Log    *slog.Logger
	// Addr is where the node listens.
	Addr netip.AddrPort
	// Protocols are those it listens with.
	Protocols []Protocol
	// Changed is called after each change of Status, without locks, by one
	// goroutine for each family.
	Changed func()
	// Off asks no router, and tells of the way out alone.
	Off bool
}

// Status is how it stands with one family of addresses.
type Status struct {
	Route gateway.Route // the way out; zero if there is none
	// Asked says that the router has had its chance: what follows is what came of
	// it.
	Asked bool
	// Method is what the router speaks, "" if it has mapped nothing.
	Method string
	// External is the router's address on its other side; invalid if not told.
	External netip.Addr
	// Ports are the external ports; no entry for what is not mapped.
	Ports map[Protocol]uint16
	// Err is why something is not mapped.
	Err error
}

// Mapped reports whether anything is.
func (s *Status) Mapped() bool { return len(s.Ports) > 0 }

// Service keeps ports mapped. Its methods are safe for concurrent use.
type Service struct {
	cfg    Config
	ctx    context.Context
	cancel context.CancelFunc
	wg     sync.WaitGroup
	v4, v6 *keeper
}

// goodbye bounds giving back what was mapped.
const goodbye = 2 * time.Second

// Start maps ports from now on until Close.
func Start(cfg Config) *Service {
	s := &Service{cfg: cfg}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	s.v4, s.v6 = newKeeper(&s.cfg, false), newKeeper(&s.cfg, true)
	for _, k := range []*keeper{s.v4, s.v6} {
		if k.listens() {
			s.wg.Go(func() { k.run(s.ctx) })
		}
	}
	return s
}

// Status returns how it stands with a family.
func (s *Service) Status(v6 bool) Status {
	k := s.v4
	if v6 {
		k = s.v6
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.status
}

// Close gives back what was mapped, for two seconds at most, and waits.
func (s *Service) Close() {
	s.cancel()
	s.wg.Wait()
}
