// Package metadata decides how the info dictionary of a magnet link is fetched
// from peers, and how much of it they are served (BEP 9).
//
// A [Fetcher] asks several peers at once, 16 KiB at a time. Nobody can be
// believed before the whole has the hashes of the link, so it is arranged that
// lies cost their author more than others: peers that name different sizes do
// not share anything, a whole that came from one peer and is wrong convicts it,
// and a mixture that is wrong is completed anew from one peer after the other;
// once the right one is there it convicts everybody who sent something else.
//
// Nothing here does I/O or reads a clock: events come in with their time, and
// what is to be done comes out as [Action] values, the same for the same events.
// A Fetcher is not safe for concurrent use.
package metadata

import (
	"crypto/sha1"
	"crypto/sha256"
	"errors"
	"time"

	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/peerwire/extension"
)

// PieceLen is how many bytes are asked for at a time.
const PieceLen = extension.MetadataPieceLen

// DefaultMaxSize bounds an info dictionary in bytes. That of a torrent with a
// million pieces of version 1 has 20 MB.
const DefaultMaxSize = 32 << 20

// Reasons to be done with a peer.
var (
	// ErrWrong says that the peer sent what is not the info dictionary.
	ErrWrong = errors.New("peer sent a wrong info dictionary")
	// ErrSize says that the peer contradicts itself.
	ErrSize = errors.New("peer changed the size of the info dictionary")
)

// Peer names a peer. It is not 0.
type Peer uint32

// Config is what is looked for.
type Config struct {
	Hashes  metainfo.InfoHashes // all that are set must match
	MaxSize int                 // bytes; 0 means DefaultMaxSize
}

// Action is something to be done: exactly one of Ask, Drop and Info.
type Action struct {
	Peer  Peer
	Ask   bool  // request Piece of Peer
	Piece int   //
	Drop  error // why nothing is to be had of Peer any more; ErrWrong is proved
	Info  []byte
}

// Fetcher fetches one info dictionary.
type Fetcher struct {
	cfg    Config
	peers  map[Peer]*peer
	order  []*peer  // in which they came
	wholes []*whole // the ones under way first, then those that wait
	done   bool
	out    []Action
}

// peer is one that offers the info dictionary.
type peer struct {
	id    Peer
	of    *whole
	asks  []ask
	rest  time.Time // nothing is asked before
	fails int       // in a row
}

type ask struct {
	piece int
	at    time.Time
}

// New returns a fetcher that knows no peers.
func New(cfg Config) *Fetcher {
	if cfg.MaxSize == 0 {
		cfg.MaxSize = DefaultMaxSize
	}
	return &Fetcher{cfg: cfg, peers: make(map[Peer]*peer)}
}

// Offer tells that a peer has an info dictionary of size bytes. One that is too
// large, or empty, is nobody's.
func (f *Fetcher) Offer(id Peer, size int, now time.Time) []Action {
	if p := f.peers[id]; p != nil {
		if p.of.size == size {
			return nil
		}
		f.forget(p)
	}
	if size > 0 && size <= f.cfg.MaxSize && !f.done {
		p := &peer{id: id, of: f.whole(size)}
		f.peers[id] = p
		f.order = append(f.order, p)
	}
	return f.plan(now)
}

// Leave tells that a peer has gone.
func (f *Fetcher) Leave(id Peer, now time.Time) []Action {
	if p := f.peers[id]; p != nil {
		f.forget(p)
	}
	return f.plan(now)
}

// Data tells that a peer sent a piece; total is the size it says the whole has.
// What nobody asked for is not used. Data is not kept.
func (f *Fetcher) Data(id Peer, piece, total int, data []byte, now time.Time) []Action {
	p := f.peers[id]
	if p == nil || f.done || !p.answer(piece) {
		return nil
	}
	w := p.of
	if total != w.size || len(data) != w.pieceLen(piece) {
		f.drop(p, ErrSize)
		return f.plan(now)
	}
	p.fails = 0
	if w.sole != 0 && w.sole != id || !w.put(id, piece, data) || w.missing > 0 {
		return f.plan(now)
	}
	if info := w.join(); f.matches(info) {
		f.finish(w, info)
		return f.take()
	}
	f.blame(w, now)
	return f.plan(now)
}

// Reject tells that a peer does not send a piece.
func (f *Fetcher) Reject(id Peer, piece int, now time.Time) []Action {
	if p := f.peers[id]; p != nil && p.answer(piece) {
		f.fail(p, now)
	}
	return f.plan(now)
}

// How long an answer may take, and how long a peer is left alone that did not
// give one: longer each time.
const (
	patience = 15 * time.Second
	restTime = 15 * time.Second
	maxRest  = 2 * time.Minute
)

// Tick gives up what takes too long. It is called once a second or so.
func (f *Fetcher) Tick(now time.Time) []Action {
	for _, p := range f.order {
		for i := 0; i < len(p.asks); i++ {
			if now.Sub(p.asks[i].at) > patience {
				p.asks = p.asks[:0]
				f.fail(p, now)
			}
		}
	}
	f.turns(now)
	return f.plan(now)
}

// Progress returns how many bytes are there of what is nearest to being whole.
func (f *Fetcher) Progress() (done, total int) {
	for _, w := range f.wholes {
		if have := w.size - w.missing*PieceLen; total == 0 || have > done {
			done, total = max(have, 0), w.size
		}
	}
	return done, total
}

func (f *Fetcher) matches(info []byte) bool {
	h := f.cfg.Hashes
	return (h.HasV1 || h.HasV2) &&
		(!h.HasV1 || sha1.Sum(info) == [20]byte(h.V1)) &&
		(!h.HasV2 || sha256.Sum256(info) == [32]byte(h.V2))
}

// fail leaves a peer alone for a while.
func (f *Fetcher) fail(p *peer, now time.Time) {
	p.fails++
	p.rest = now.Add(min(time.Duration(p.fails)*restTime, maxRest))
	if p.of.sole == p.id {
		f.relieve(p.of, now)
	}
}

// drop is done with a peer.
func (f *Fetcher) drop(p *peer, why error) {
	f.forget(p)
	f.out = append(f.out, Action{Peer: p.id, Drop: why})
}

func (f *Fetcher) take() []Action {
	out := f.out
	f.out = nil
	return out
}

// answer ends a request, and reports whether there was one.
func (p *peer) answer(piece int) bool {
	for i, a := range p.asks {
		if a.piece == piece {
			p.asks = append(p.asks[:i], p.asks[i+1:]...)
			return true
		}
	}
	return false
}
