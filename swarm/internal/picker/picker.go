// Package picker decides which piece of a torrent each peer works on.
//
// A Picker owns nothing but bookkeeping: which pieces are wanted, how rare each
// is among the connected peers, and who works on what. The engine tells it what
// peers have ([Picker.Gain], [Picker.GainSet], [Picker.GainAll]) and asks it for
// work: [Picker.Start] gives a peer a whole piece of its own, so that one peer's
// blocks land in one buffer and a bad piece has one suspect; [Picker.Join] lets
// it help with a piece that others are late with.
//
// A piece is missing until Start, in progress while peers work on it, writing
// once it is complete in memory, and then verified or, if its hash is wrong,
// missing again.
//
// Nothing here reads a clock, starts a goroutine or locks: time and randomness
// come in as arguments, so that a seed replays exactly. A Picker belongs to one
// goroutine. A piece index outside [0, Len()) panics, as a slice does; the
// caller validates what peers send.
package picker

import (
	"fmt"
	"math/rand/v2"
	"time"
)

// A Peer is the caller's handle for a connection.
type Peer = int32

// A Set says which pieces a peer has. A bitfield (BEP 3) is one.
type Set interface{ Has(piece int) bool }

// Priority is how much a piece is wanted.
type Priority uint8

// The priorities. Pieces start as Normal; a skipped piece is never asked for.
const (
	Skip Priority = iota
	Low
	Normal
	High
	priorities
)

// MaxWorkers is the largest number of peers on one piece, its owner and those
// who joined, but for slow ones (see [Picker.Join]). More would only fetch the
// same blocks again.
const MaxWorkers = 4

type piece struct {
	avail   int32 // peers that have it, without the seeds counted in Picker.seeds
	slot    int32 // place in its bucket, or unlisted
	job     int32 // place in Picker.jobs, or -1
	prio    Priority
	state   State
	partial bool // some of its blocks are held from earlier work
	lent    bool // skipped, and wanted only for its deadline
}

// A job is a piece in progress.
type job struct {
	piece   int32
	workers []Peer
	started time.Time
}

// A Picker chooses pieces for the peers of one torrent.
type Picker struct {
	pieces     []piece
	wanted     bitset // neither skipped nor verified
	left       int    // pieces in wanted
	seeds      int32
	sequential bool
	index      index
	orphans    []int32 // half-done pieces nobody works on, oldest first
	jobs       []job
	byPeer     map[Peer][]int32 // what each peer works on, in order of start
	slow       map[Peer]struct{}
	hints      map[Peer][]int32 // what each peer suggested
	pace       map[Peer]float64 // bytes a second, of peers that were told of
	deadlines  deadlines
}

// New returns a picker for n pieces, all missing, of priority Normal and held by
// nobody. Ties between equally rare pieces are broken with rng.
func New(n int, rng *rand.Rand) *Picker {
	p := &Picker{
		pieces: make([]piece, n),
		wanted: newBitset(n),
		index:  newIndex(n, rng),
		byPeer: make(map[Peer][]int32),
		slow:   make(map[Peer]struct{}),
		hints:  make(map[Peer][]int32),
		pace:   make(map[Peer]float64),
	}
	for i := range p.pieces {
		p.pieces[i] = piece{slot: unlisted, job: -1, prio: Normal}
		p.wanted.set(i)
		p.list(i)
	}
	p.left = n
	return p
}

// Len returns the number of pieces.
func (p *Picker) Len() int { return len(p.pieces) }

// Left returns the number of wanted pieces that are not verified yet.
func (p *Picker) Left() int { return p.left }

// Have reports whether piece is verified.
func (p *Picker) Have(piece int) bool { return p.pieces[piece].state == Verified }

// Wanted reports whether piece is neither skipped nor verified.
func (p *Picker) Wanted(piece int) bool { return p.wanted.has(piece) }

// Interested reports whether has holds a wanted piece that is not verified
// (BEP 3: interested). It is cheap when the answer is yes, and when few pieces
// are left; otherwise it costs one Has per piece left.
func (p *Picker) Interested(has Set) bool {
	for i := p.wanted.next(0); i >= 0; i = p.wanted.next(i + 1) {
		if has.Has(i) {
			return true
		}
	}
	return false
}

// SetSequential makes Start choose pieces of equal priority in order instead of
// the rarest first.
func (p *Picker) SetSequential(on bool) { p.sequential = on }

// SetPriority changes how much piece is wanted. Peers that work on a piece which
// is skipped now are left to finish it or to be stopped by the caller. One that
// has a deadline is skipped once it has none any more.
func (p *Picker) SetPriority(piece int, prio Priority) {
	if prio >= priorities {
		panic(fmt.Sprintf("picker: priority %d", prio))
	}
	_, due := p.deadlines.at[int32(piece)]
	lent := due && prio == Skip
	if lent {
		prio = Low
	}
	p.pieces[piece].lent = lent
	p.unlist(piece)
	p.pieces[piece].prio = prio
	p.list(piece)
	p.updateWanted(piece)
}

func (p *Picker) updateWanted(i int) {
	want := p.pieces[i].prio > Skip && p.pieces[i].state != Verified
	switch {
	case want && !p.wanted.has(i):
		p.wanted.set(i)
		p.left++
	case !want && p.wanted.has(i):
		p.wanted.clear(i)
		p.left--
	}
}
