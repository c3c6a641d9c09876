// Package lsd finds peers in the local network by multicast: local service
// discovery (BEP 14).
//
// What may be announced when is decided by a schedule without I/O: a torrent
// every five minutes, and the node once a minute with as many torrents as fit
// into a datagram, those that look for peers first. What is heard is bounded by
// sender. A [Service] has the sockets; a policy that does not speak to neighbours
// makes it one that does nothing.
package lsd

import (
	"context"
	"log/slog"
	"net/netip"
	"sync"
	"time"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/netpolicy/multicast"
)

// Config is what a service needs. All fields are required.
type Config struct {
	Policy netpolicy.Policy
	Clock  clock.Clock
	Log    *slog.Logger
	// Addr is where we listen for peers. If it is no unspecified address, we are in
	// its network alone.
	Addr netip.AddrPort
	// Cookie is random, so that we know our own announces.
	Cookie [8]byte
	// Torrents returns what may be announced. It is called about once a minute.
	Torrents func() []Torrent
	// Found tells of a peer of a torrent, ours or not. It is called without locks
	// held, by one goroutine for each interface.
	Found func(InfoHash, netip.AddrPort)
}

// Service announces torrents and hears of those of others. Its methods are safe
// for concurrent use.
type Service struct {
	cfg    Config
	ctx    context.Context
	cancel context.CancelFunc
	wg     sync.WaitGroup

	schedule schedule // of the announcing goroutine

	mu    sync.Mutex
	crowd crowd
}

// groups are those of BEP 14.
func groups() []netip.AddrPort {
	return []netip.AddrPort{
		netip.MustParseAddrPort("239.192.152.143:6771"),
		netip.MustParseAddrPort("[ff15::efc0:988f]:6771"),
	}
}

// Periods of the service.
const (
	tickPeriod = 2 * time.Second
	joinPeriod = 10 * time.Minute // interfaces come and go
)

// Start joins the groups, and announces from then on until Close.
func Start(cfg Config) *Service {
	s := &Service{cfg: cfg}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	if !multicast.Allowed(cfg.Policy) || cfg.Addr.Port() == 0 {
		return s
	}
	s.wg.Go(func() {
		for s.ctx.Err() == nil {
			s.stay()
		}
	})
	return s
}

// Close leaves the groups and waits.
func (s *Service) Close() {
	s.cancel()
	s.wg.Wait()
}
