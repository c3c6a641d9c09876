// Package sources finds peers for the torrents of a session: by trackers, in the
// DHT and in the local network.
//
// [Sources] owns what all torrents share: the sockets, the node, the budgets. A
// [Subject] is one torrent, which says what it does and is offered addresses.
// Whom to ask when is decided below, by packages announcer and lookups. That
// peers of a private torrent come from its trackers alone (BEP 27) is seen to
// here; what may be told of a torrent at all is decided by package disclosure, each
// time it is told.
//
// Locks: there are none but those of announcer and lookups, which may be taken by
// who holds any other, and small ones here that are taken last. Torrents are called
// without any.
package sources

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/netip"
	"sync"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/netpolicy/traffic"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/swarm/internal/activity"
	"github.com/warren-p2p/warren/swarm/internal/conns"
	"github.com/warren-p2p/warren/swarm/internal/disclosure"
	"github.com/warren-p2p/warren/swarm/internal/greeting"
)

// Torrent is what is asked of a torrent, also after its subject was removed.
type Torrent interface {
	// State returns what the torrent is doing; false while it sleeps.
	State() (activity.State, bool)
	// Progress returns bytes since the start, and those that are missing.
	Progress() (downloaded, uploaded, left int64)
	// Offer takes addresses of peers.
	Offer(from conns.Source, hints []conns.Hint)
	// Meet takes the address of a peer that is near and has announced itself.
	Meet(at netip.AddrPort)
}

// Config is what sources need.
type Config struct {
	Policies traffic.Policies
	Clock    clock.Clock
	Log      *slog.Logger
	Home     vfs.FS                // where nodes of the DHT are kept
	Block    func(netip.Addr) bool // addresses that must not be spoken to; optional
	PeerID   [20]byte
	Client   string   // name and version, for trackers
	Addr     net.Addr // where we listen for peers; nil if we do not
	Pin      [32]byte // of the key that we show there, for trackers; zero tells none
	// Packets returns the part of the port that belongs to the DHT, of one family
	// of addresses; nil if there is none.
	Packets func(v6 bool) net.PacketConn

	// Port is what others are told to connect to; 0 if they cannot.
	Port func() uint16
	// Seen is told as whom others see us; optional. It must not wait.
	Seen func(by, us netip.Addr)

	NoTrackers bool       // ask none
	OwnTracker OwnTracker // of this program; optional
	DHT        *DHT       // nil takes no part in it
	NoLSD      bool       // leave the local network alone

	// Subjects returns all torrents there are.
	Subjects func() []*Subject
}

// Sources are where peers come from. Their methods are safe for concurrent use.
type Sources struct {
	cfg      Config
	names    *disclosure.Book
	near     index
	trackers *announces   // nil if none are to be asked
	dht      *distributed // nil without a node

	leave context.CancelFunc // the local network
	wg    sync.WaitGroup
}

// Start opens what peers are found by; a part that cannot be had is done
// without: others may do. ctx bounds opening them. Close has to be called.
func Start(ctx context.Context, cfg Config) *Sources {
	s := &Sources{cfg: cfg, names: disclosure.NewBook(cfg.PeerID)}
	s.joinDHT(ctx)
	s.announce()
	near, leave := context.WithCancel(context.Background())
	s.leave = leave
	s.wg.Go(func() { s.meetNeighbours(near) })
	return s
}

// Close tells trackers that all torrents have stopped, for two seconds at most,
// and waits for what is under way.
func (s *Sources) Close() error {
	s.leave()
	err := errors.Join(s.leaveDHT(), s.silence())
	s.wg.Wait()
	return err
}

// places returns where peers are looked for beside trackers.
func (s *Sources) places() (list []disclosure.Place) {
	if s.dht != nil {
		list = append(list, disclosure.DHT)
	}
	if !s.cfg.NoLSD && s.cfg.Addr != nil {
		list = append(list, disclosure.LSD)
	}
	return list
}

// port returns the TCP port peers can connect to, 0 if they cannot.
func (c *Config) port() uint16 {
	if c.Addr == nil {
		return 0
	}
	return greeting.AddrPort(c.Addr).Port()
}
