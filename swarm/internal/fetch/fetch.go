// Package fetch is the downloading half of a torrent: which blocks to ask of
// which peer, where they land, whether they are right, and who sent wrong ones.
//
// One lock per torrent guards what changes once per piece (picker, table of
// pieces); what changes once per block is guarded by a lock that only this
// peer's goroutines take, and by atomic block states where several peers work
// on one piece. Locks are taken in the order Peer.mu, Fetcher.mu; no callback
// runs under either.
package fetch

import (
	"math/rand/v2"
	"sync"
	"time"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/swarm/internal/picker"
	"github.com/warren-p2p/warren/swarm/internal/piece"
)

// PeerID names a peer within one torrent.
type PeerID = picker.Peer

// Store keeps verified pieces.
type Store interface {
	WritePiece(piece int, data []byte) error
}

// Events tells the torrent what happened. The methods are called without
// locks held, from any goroutine.
type Events interface {
	// Verified reports a piece that is on disk and right.
	Verified(piece int)
	// Failed reports that a right piece could not be stored.
	Failed(piece int, err error)
	// Guilty reports a peer proven to have sent wrong data.
	Guilty(peer PeerID, piece int)
	// Suspect reports a piece that failed its check with several senders.
	Suspect(piece int)
}

// Config is what a fetcher needs. All fields are required.
type Config struct {
	Torrent *metainfo.Torrent
	Store   Store
	Buffers *piece.Buffers
	Workers *Workers
	Clock   clock.Clock
	Events  Events
	Rand    *rand.Rand
}

// Fetcher downloads one torrent.
type Fetcher struct {
	cfg Config

	busy sync.WaitGroup // pieces with the workers

	mu       sync.Mutex
	pick     *picker.Picker
	active   bool
	pieces   map[int]*work
	suspects map[int]*suspicion
	peers    map[PeerID]*Peer
	next     PeerID
	kept     []*work // right, but not stored: see keep
	corrupt  int64    // bytes of pieces that failed their check
}

// New returns a fetcher that knows of no verified piece and is not active.
func New(cfg Config) *Fetcher {
	return &Fetcher{
		cfg:      cfg,
		pick:     picker.New(cfg.Torrent.Info.NumPieces(), cfg.Rand),
		pieces:   make(map[int]*work),
		suspects: make(map[int]*suspicion),
		peers:    make(map[PeerID]*Peer),
	}
}

// SetHave tells which pieces are verified, before the start or after a check
// of the content.
func (f *Fetcher) SetHave(have peerwire.Bitfield) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i := range f.cfg.Torrent.Info.NumPieces() {
		switch {
		case have.Has(i) == f.pick.Have(i):
		case have.Has(i):
			f.pick.SetHave(i)
		default:
			f.pick.SetMissing(i)
		}
	}
}

// SetActive starts or stops asking for blocks. Blocks that are on their way
// are still taken. Pieces that could not be stored before are tried again.
func (f *Fetcher) SetActive(on bool) {
	f.mu.Lock()
	f.active = on
	var again []*work
	if on {
		again, f.kept = f.kept, nil
	}
	f.mu.Unlock()
	for _, pc := range again {
		f.cfg.Workers.submit(f, pc)
	}
	if on {
		f.Wake()
	}
}

// Left returns how many wanted pieces are not verified yet.
func (f *Fetcher) Left() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.pick.Left()
}

// Corrupt returns how many bytes were thrown away because a piece failed.
func (f *Fetcher) Corrupt() int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.corrupt
}

// Configure changes priorities, order or deadlines under the fetcher's lock,
// then asks idle peers for what that made available.
func (f *Fetcher) Configure(change func(*picker.Picker)) {
	f.mu.Lock()
	change(f.pick)
	f.mu.Unlock()
	f.Wake()
}

// Interested reports whether a peer has something that is still wanted.
func (f *Fetcher) Interested(p *Peer) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.pick.Interested(&p.has)
}

// Wake makes peers that have nothing to do look again.
func (f *Fetcher) Wake() {
	f.mu.Lock()
	idle := make([]*Peer, 0, len(f.peers))
	for _, p := range f.peers {
		if p.idle {
			p.idle = false
			idle = append(idle, p)
		}
	}
	f.mu.Unlock()
	now := f.cfg.Clock.Now()
	for _, p := range idle {
		p.refill(now)
	}
}

// acquire finds the next piece for a peer, or marks it idle. The caller holds
// p.mu.
func (f *Fetcher) acquire(p *Peer, now time.Time) *work {
	f.mu.Lock()
	defer f.mu.Unlock()
	if p.left {
		return nil
	}
	if !f.active {
		p.idle = true
		return nil
	}
	set := picker.Set(&p.has)
	if p.choked {
		set = &p.allowed
	}
	if pc := f.start(p, set, now); pc != nil {
		return pc
	}
	if i, ok := f.pick.Join(p.ID, set, now); ok {
		if pc := f.pieces[i]; pc != nil && f.mayWork(pc, p) {
			pc.workers = append(pc.workers, p)
			pc.Shared.Store(true)
			return pc
		}
		f.pick.Leave(p.ID, i, true)
	}
	p.idle = true
	return nil
}

// start begins or goes on with a piece nobody works on.
func (f *Fetcher) start(p *Peer, set picker.Set, now time.Time) *work {
	i, ok := f.pick.Start(p.ID, set, now)
	if !ok {
		return nil
	}
	pc := f.pieces[i]
	if pc == nil {
		buf := f.cfg.Buffers.Get(f.cfg.Torrent.Info.DataLen(i), f)
		if buf == nil {
			f.pick.Leave(p.ID, i, false)
			return nil
		}
		pc = &work{Piece: piece.New(i, buf)}
		f.pieces[i] = pc
	}
	pc.workers = append(pc.workers, p)
	pc.Shared.Store(len(pc.workers) > 1)
	return pc
}

// mayWork keeps a piece that failed with several senders to one of them, so
// that the next attempt proves something.
func (f *Fetcher) mayWork(pc *work, p *Peer) bool {
	_, suspect := f.suspects[pc.Index]
	return !suspect || len(pc.workers) == 0
}

// leave takes a peer off a piece. The caller holds f.mu.
func (f *Fetcher) leave(p *Peer, pc *work) {
	for i, w := range pc.workers {
		if w == p {
			pc.workers = append(pc.workers[:i], pc.workers[i+1:]...)
			break
		}
	}
	_, suspect := f.suspects[pc.Index]
	partial := pc.Received() > 0 && !suspect
	f.pick.Leave(p.ID, pc.Index, partial)
	if len(pc.workers) == 0 && pc.Retire(!suspect) {
		delete(f.pieces, pc.Index)
		f.cfg.Buffers.Put(pc.Buf)
	}
}

// Drain waits for the pieces that are being verified. All peers have left.
func (f *Fetcher) Drain() { f.busy.Wait() }

// Close gives back the buffers of unfinished pieces. All peers have left.
func (f *Fetcher) Close() {
	f.Drain()
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, pc := range f.pieces {
		f.cfg.Buffers.Put(pc.Buf)
		delete(f.pieces, i)
	}
	f.cfg.Buffers.Forget(f)
}
