// Package resources names what the torrents of a session share, so that those who
// run torrents and the session that lends it need not know each other.
package resources

import (
	"log/slog"
	"net/netip"

	"github.com/warren-p2p/warren/btls/hello"
	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/transport"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/peerwire/extension"
	"github.com/warren-p2p/warren/swarm/internal/choker"
	"github.com/warren-p2p/warren/swarm/internal/conduct"
	"github.com/warren-p2p/warren/swarm/internal/conns"
	"github.com/warren-p2p/warren/swarm/internal/conns/targets"
	"github.com/warren-p2p/warren/swarm/internal/intake"
	"github.com/warren-p2p/warren/swarm/internal/limiter"
	"github.com/warren-p2p/warren/swarm/internal/link/frame"
	"github.com/warren-p2p/warren/swarm/internal/peer"
	"github.com/warren-p2p/warren/swarm/internal/piece"
	"github.com/warren-p2p/warren/swarm/internal/roster"
	"github.com/warren-p2p/warren/swarm/internal/storage"
)

// Bans are the addresses that all torrents of a session keep out.
type Bans interface {
	// Refuses reports whether an address is banned or blocked. It is called with
	// locks held, and must not call a torrent.
	Refuses(netip.Addr) bool
	// Ban ends all connections with an address and refuses new ones.
	Ban(netip.Addr)
}

// Session is what a session lends to its torrents.
type Session struct {
	PeerID [20]byte
	Port   func() uint16 // told to peers; 0 if there is none
	// TLS is what peers are told of how they reach us over TLS; zero if they cannot.
	TLS extension.TLS
	// Seen takes as whom peers see us; optional. It is called with locks held.
	Seen   func(by, us netip.Addr)
	Client string
	Net    netpolicy.Policy
	Dial   transport.Opener // of connections to peers
	Hello  hello.Hello      // what we look like to them; a browser if nil
	Pad    bool             // small records over TLS
	Clock  clock.Clock
	Log    *slog.Logger

	Home    vfs.FS // resume state
	BootID  string
	Reserve int64 // bytes to leave free on the volume

	Buffers  *piece.Buffers
	Workers  *intake.Workers
	Frames   *frame.Pool
	Up, Down *limiter.Bucket
	Verdicts *conns.Verdicts
	Caps     *conns.Caps
	Targets  *targets.Book
	Bans     Bans
	Conduct  *conduct.Book
	DHT      *peer.DHT       // nil without a node
	Standing roster.Standing // nil if nobody is special

	Checkers           int // goroutines that hash content on disk
	MaxPeers, HalfOpen int // of one torrent
	Choker             choker.Config
	NoWebSeeds         bool
	MaxRecords         int64 // of a TLS connection; 0 for what package link says
}

// Storage says how the content of a torrent is stored. Paths are as in storage.Config.
func (r *Session) Storage(m *metainfo.Torrent, content vfs.FS, paths map[int]string) storage.Config {
	return storage.Config{
		Torrent: m, Content: content, State: r.Home, Paths: paths,
		Clock: r.Clock, BootID: r.BootID, Reserve: r.Reserve, Preallocate: true,
	}
}
