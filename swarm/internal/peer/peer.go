// Package peer is one connection of a torrent after the handshake: what the
// other end says, what we tell it, and whether either may be asked for pieces
// (BEP 3, 6, 9, 10, 11, 52, 54).
//
// A [Peer] keeps what both ends have said in parts that have locks of their own.
// Whoever has the lock of the torrent's roster may take them; with one held, the
// locks of packages content, fetch, superseed and link may be taken, and the
// [Owner] is not called but for whether it serves.
package peer

import (
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/transport"
	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/peerwire/extension"
	"github.com/warren-p2p/warren/swarm/internal/conns/hint"
	"github.com/warren-p2p/warren/swarm/internal/content"
	"github.com/warren-p2p/warren/swarm/internal/dialect"
	"github.com/warren-p2p/warren/swarm/internal/fetch"
	"github.com/warren-p2p/warren/swarm/internal/greeting"
	"github.com/warren-p2p/warren/swarm/internal/hashtree"
	"github.com/warren-p2p/warren/swarm/internal/interest"
	"github.com/warren-p2p/warren/swarm/internal/link"
	"github.com/warren-p2p/warren/swarm/internal/link/frame"
	"github.com/warren-p2p/warren/swarm/internal/metadata"
	"github.com/warren-p2p/warren/swarm/internal/pex"
	"github.com/warren-p2p/warren/swarm/internal/pulse"
	"github.com/warren-p2p/warren/swarm/internal/punch"
	"github.com/warren-p2p/warren/swarm/internal/seek"
	"github.com/warren-p2p/warren/swarm/internal/serve"
	"github.com/warren-p2p/warren/swarm/internal/superseed"
)

// Owner is what a connection needs of whoever has the peers of its torrent.
type Owner interface {
	// Serving reports whether requests are answered at all. It is asked with each
	// batch of them and must not wait for a lock.
	Serving() bool
	// Poke tells that a peer has become interested or is no longer.
	Poke()
	// Lacking tells of a peer that lacks pieces, while all of them are here: it
	// wants some of us, or has told what it has got.
	Lacking(p *Peer)
	// Listens tells where a peer can be dialled, and what it has said of TLS there,
	// once it has said so.
	Listens(p *Peer, at hint.Hint)
	// Heard tells of addresses that a peer has told (BEP 11).
	Heard(hints []hint.Hint)
}

// Config is what the connections of a torrent have in common. All fields are
// required unless they say otherwise.
type Config struct {
	Owner      Owner
	Content    *content.Content // nil, as is Fetch, until both are known: see Supply
	Fetch      *fetch.Fetcher
	Seeker     *seek.Seeker // required as long as they are not
	Up, Down   link.Limiter
	Clock      clock.Clock
	Frames     *frame.Pool
	Super      *superseed.Shared // nil unless pieces are shown one by one (BEP 16)
	MaxRecords int64             // of a TLS connection; 0 for what package link says
	Client     string            // told to peers
	Port       func() uint16     // likewise; 0 if we cannot be dialled
	// TLS is told to peers: zero if they cannot dial us over TLS.
	TLS func() extension.TLS
	// Seen is told as whom the peer sees us (BEP 10); optional. It must not wait.
	Seen    func(by, us netip.Addr)
	DHT     *DHT         // nil if peers are not to know of one
	Puncher Puncher      // nil without uTP
	Done    *atomic.Bool // nothing is asked of peers: all that is wanted is there, or cannot be stored
}

// Peer is one connection of a torrent. Its Handler methods run in the reader
// goroutine of its link.
type Peer struct {
	greeting.Met
	Since time.Time

	cfg      *Config
	link     *link.Conn
	dl       *fetch.Peer // nil until known
	fast     bool
	extended bool
	known    atomic.Bool // what the torrent consists of; see Supply

	toldPort bool // of its node; reader goroutine only
	started  bool // a message other than extended ones was read: no bitfield any more

	mu   sync.Mutex // of joining
	reqq int

	serve   *serve.Server
	shown   superseed.View // set by Enter
	wants   interest.State
	rates   pulse.Rates
	vain    pulse.Vain // of Tick
	dialect dialect.Theirs
	hashes  hashtree.Exchange
	early   seek.Early
	heard   pex.Inbox      // reader goroutine only
	punches punch.Inbox    // likewise
	quota   metadata.Quota // likewise
}

// New sets up a connection whose handshakes are done. Nothing is said before
// Enter.
func New(cfg *Config, m greeting.Met) *Peer {
	p := &Peer{
		Met: m, Since: cfg.Clock.Now(), cfg: cfg,
		fast:     m.Theirs.Reserved.Has(peerwire.CapFast),
		extended: m.Theirs.Reserved.Has(peerwire.CapExtended),
		reqq:     defaultReqq,
	}
	p.link = link.New(link.Config{
		Conn: m.Stream, Handler: p, Source: p,
		Up: cfg.Up, Down: cfg.Down,
		Clock: cfg.Clock, Frames: cfg.Frames,
		Records: m.Kind == transport.TLS, MaxRecords: cfg.MaxRecords,
	})
	p.serve = serve.New(p.link, p.fast)
	return p
}

// defaultReqq is how many requests a peer is taken to accept until it says;
// it is what libtorrent and others queue without being asked.
const defaultReqq = 250

// Enter lets the peer take part and introduces us. No piece may become verified
// meanwhile, or it would be neither in our bitfield nor told later.
func (p *Peer) Enter() {
	if p.cfg.Content == nil {
		p.enterEarly()
		return
	}
	p.join()
	p.known.Store(true)
	p.introduce()
}

// join lets the peer take part in fetching.
func (p *Peer) join() {
	p.link.SetNumPieces(p.numPieces())
	p.mu.Lock()
	defer p.mu.Unlock()
	p.dl = p.cfg.Fetch.Join(p, p.fast, p.reqq)
}

// Run reads until the connection ends, and returns why.
func (p *Peer) Run() error {
	err := p.link.Run()
	if p.early.Leave(); p.known.Load() {
		p.dl.Leave()
		p.shown.Leave()
	}
	return err
}

// Close ends the connection with a reason.
func (p *Peer) Close(reason error) { p.link.Close(reason) }

// ID names the peer within its torrent, once it has entered; 0 as long as nobody
// knows what that consists of.
func (p *Peer) ID() fetch.PeerID {
	if !p.known.Load() {
		return 0
	}
	return p.dl.ID
}

// Stats returns the counters of the connection.
func (p *Peer) Stats() link.Stats { return p.link.Stats() }

// Seed reports whether the peer has everything.
func (p *Peer) Seed() bool { return p.known.Load() && p.dl.Seed() }

// Done reports whether the peer wants nothing: it has everything, or says so.
func (p *Peer) Done() bool { return p.dialect.Done() || p.Seed() }

// AwaitingSince returns since when we have waited for a block in vain, zero if
// nothing is asked.
func (p *Peer) AwaitingSince() time.Time {
	if !p.known.Load() {
		return time.Time{}
	}
	return p.dl.AwaitingSince()
}

// Listen returns where the peer can be dialled, if it said so (BEP 10).
func (p *Peer) Listen() netip.AddrPort { return p.dialect.Listen().Addr }

// Interested reports whether the peer wants pieces of us (BEP 3).
func (p *Peer) Interested() bool { return p.wants.Theirs() }

// numPieces returns how many pieces there are, once that is known.
func (p *Peer) numPieces() int { return p.cfg.Content.Meta.Info.NumPieces() }
