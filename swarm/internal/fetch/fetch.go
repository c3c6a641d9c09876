// Package fetch is the downloading half of a torrent: which blocks to ask of
// which peer, where they land, and who sent wrong ones. Whether a complete piece
// is right it learns from package intake.
//
// One lock per torrent guards what changes once per piece (picker, table of
// pieces); what changes once per block is guarded by a lock that only this
// peer's goroutines take, and by atomic block states where several peers work
// on one piece. Locks are taken in the order Peer.mu, Fetcher.mu; no callback
// runs under either.
//
// A peer with room for requests is always in one of these places: it has
// requests out, whose answers make it ask again; it is idle, and [Fetcher.Wake]
// follows whatever makes blocks available; it is held for a time, or gone.
package fetch

import (
	"math/rand/v2"
	"sync"
	"sync/atomic"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/swarm/internal/intake"
	"github.com/warren-p2p/warren/swarm/internal/picker"
	"github.com/warren-p2p/warren/swarm/internal/piece"
	"github.com/warren-p2p/warren/swarm/internal/table"
)

// PeerID names a peer within one torrent.
type PeerID = picker.Peer

// Events tells the torrent what happened. The methods are called without
// locks held, from any goroutine.
type Events interface {
	// Verified reports a piece that is on disk and right.
	Verified(piece int)
	// Failed reports that a complete piece could not be checked or stored.
	Failed(piece int, err error)
	// Guilty reports a peer proven to have sent wrong data.
	Guilty(peer PeerID, piece int)
	// Suspect reports a piece that failed its check with several senders.
	Suspect(piece int)
}

// Config is what a fetcher needs. All fields are required.
type Config struct {
	Torrent *metainfo.Torrent
	Store   intake.Store
	Buffers *piece.Buffers
	Workers *intake.Workers
	Clock   clock.Clock
	Events  Events
	Rand    *rand.Rand
}

// Fetcher downloads one torrent.
type Fetcher struct {
	cfg    Config
	n      int // pieces
	intake *intake.Line
	active atomic.Bool  // written under mu
	hurry  atomic.Bool  // some piece has a deadline; written under mu
	landed atomic.Int64 // unix nanoseconds: the last block that counted, of anybody

	mu     sync.Mutex
	closed bool
	whole  int // pieces that are complete and not judged yet
	table  *table.Table
	peers  map[PeerID]*Peer
	next   PeerID
}

// New returns a fetcher that knows of no verified piece and is not active.
func New(cfg Config) *Fetcher {
	f := &Fetcher{cfg: cfg, n: cfg.Torrent.Info.NumPieces(), peers: make(map[PeerID]*Peer)}
	f.table = table.New(cfg.Torrent, cfg.Buffers, f, cfg.Rand)
	f.intake = intake.NewLine(cfg.Workers, cfg.Torrent, cfg.Store, verdicts{f})
	return f
}

// SetHave tells which pieces are verified, before the start or after a check
// of the content, when all peers have left.
func (f *Fetcher) SetHave(have peerwire.Bitfield) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.table.SetHave(have)
}

// SetActive starts or stops asking for blocks. Blocks that are on their way
// are still taken. Pieces that could not be stored before are tried again.
func (f *Fetcher) SetActive(on bool) {
	f.mu.Lock()
	if f.closed {
		f.mu.Unlock()
		return
	}
	f.active.Store(on)
	var again []*piece.Piece
	if on {
		again = f.table.TakeKept()
		f.intake.Announce(len(again))
		f.whole += len(again)
	}
	f.mu.Unlock()
	for _, pc := range again {
		f.intake.Take(pc, false)
	}
	if on {
		f.Wake()
	}
}

// Left returns how many wanted pieces are not verified yet.
func (f *Fetcher) Left() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.table.Pick.Left()
}

// Corrupt returns how many bytes were thrown away because a piece failed.
func (f *Fetcher) Corrupt() int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.table.Corrupt()
}

// Configure changes priorities, order or deadlines under the fetcher's lock,
// then asks idle peers for what that made available.
func (f *Fetcher) Configure(change func(*picker.Picker)) {
	f.mu.Lock()
	change(f.table.Pick)
	f.hurry.Store(f.table.Pick.Hurried())
	f.mu.Unlock()
	f.Wake()
}

// Interested reports whether a peer has something that is still wanted.
func (f *Fetcher) Interested(p *Peer) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.table.Pick.Interested(&p.has)
}

// Drain waits for the pieces that are being verified. All peers have left.
func (f *Fetcher) Drain() { f.intake.Drain() }

// Close gives back the buffers of unfinished pieces. All peers have left.
func (f *Fetcher) Close() {
	f.mu.Lock()
	f.closed = true
	f.active.Store(false)
	f.mu.Unlock()
	f.Drain()
	f.mu.Lock()
	defer f.mu.Unlock()
	f.table.Close()
}
