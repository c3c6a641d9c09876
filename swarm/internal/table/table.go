// Package table keeps the books of a download: which pieces are being fetched
// and by whom, in which memory they land, which wait to be stored, and who is
// suspected of what. It asks nobody for anything; package fetch does.
//
// A piece is in the table from the moment somebody starts it until it is stored
// or given up. Between workers, when some of it has arrived, it is an orphan.
package table

import (
	"math/rand/v2"
	"time"

	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/swarm/internal/picker"
	"github.com/warren-p2p/warren/swarm/internal/piece"
)

// Table is the state of one download. It is not safe for concurrent use.
type Table struct {
	// Pick decides on pieces; its owner tells it what peers have.
	Pick *picker.Picker

	torrent  *metainfo.Torrent
	buffers  *piece.Buffers
	owner    piece.Waiter
	ending   bool // the picker was in endgame when it was looked at last
	pieces   map[int]*piece.Piece
	orphans  map[int]*piece.Piece // of pieces, those that nobody works on
	kept     []*piece.Piece       // of pieces, those that are complete but not stored
	suspects map[int]*suspicion
	corrupt  int64
}

// New returns an empty table. Buffers are borrowed in the name of owner.
func New(t *metainfo.Torrent, buffers *piece.Buffers, owner piece.Waiter, rng *rand.Rand) *Table {
	return &Table{
		Pick:     picker.New(t.Info.NumPieces(), rng),
		torrent:  t,
		buffers:  buffers,
		owner:    owner,
		pieces:   make(map[int]*piece.Piece),
		orphans:  make(map[int]*piece.Piece),
		suspects: make(map[int]*suspicion),
	}
}

// SetHave takes over which pieces are verified. Nobody works on any.
func (t *Table) SetHave(have peerwire.Bitfield) {
	for i := range t.Pick.Len() {
		switch {
		case have.Has(i) == t.Pick.Have(i):
		case have.Has(i):
			t.Pick.SetHave(i)
			if pc := t.orphans[i]; pc != nil && pc.Retire(false) {
				t.drop(pc)
			}
		default:
			t.Pick.SetMissing(i)
		}
	}
}

// Start gives a peer a piece of its own, nil if there is none or no memory.
func (t *Table) Start(id picker.Peer, set picker.Set, now time.Time) *piece.Piece {
	i, ok := t.Pick.Start(id, set, now)
	return t.started(id, i, ok)
}

// started opens the piece that a peer was given, if it was given one.
func (t *Table) started(id picker.Peer, i int, ok bool) *piece.Piece {
	if !ok {
		return nil
	}
	pc := t.open(i)
	if pc == nil {
		t.Pick.Leave(id, i, false)
		return nil
	}
	pc.Shared.Store(false)
	return pc
}

// open finds the piece or makes it.
func (t *Table) open(i int) *piece.Piece {
	if pc := t.pieces[i]; pc != nil {
		delete(t.orphans, i)
		return pc
	}
	n := t.torrent.Info.DataLen(i)
	buf := t.buffers.Get(n, t.owner)
	if buf == nil && t.evict() {
		buf = t.buffers.Get(n, t.owner)
	}
	if buf == nil {
		return nil
	}
	pc := piece.New(i, buf)
	t.pieces[i] = pc
	return pc
}

// evict drops the orphan of which the least has arrived, if orphans hold more
// memory than what is being fetched: those who have them may never let us go
// on, and nobody else gets memory.
func (t *Table) evict() bool {
	if 2*len(t.orphans) <= len(t.pieces) {
		return false
	}
	var least *piece.Piece
	for _, pc := range t.orphans {
		if least == nil || pc.Received() < least.Received() {
			least = pc
		}
	}
	return t.giveUp(least)
}

// giveUp forgets what arrived of an orphan, unless some is arriving now.
func (t *Table) giveUp(pc *piece.Piece) bool {
	if !pc.Retire(false) {
		return false
	}
	t.Pick.Failed(pc.Index)
	t.drop(pc)
	return true
}

// Join lets a peer help with a piece that others work on, nil if there is none.
func (t *Table) Join(id picker.Peer, set picker.Set, now time.Time) *piece.Piece {
	i, ok := t.Pick.Join(id, trusted{set, t.suspects}, now)
	if !ok {
		return nil
	}
	pc := t.pieces[i]
	pc.Shared.Store(true)
	return pc
}

// trusted leaves out pieces that failed with several senders: the next attempt
// is made by one of them alone, so that it proves something.
type trusted struct {
	set      picker.Set
	suspects map[int]*suspicion
}

// Has implements picker.Set.
func (t trusted) Has(i int) bool { return t.suspects[i] == nil && t.set.Has(i) }

// EndgameBegins reports whether the endgame began since it was asked last:
// peers that found nothing before may join others now.
func (t *Table) EndgameBegins() bool {
	before := t.ending
	t.ending = t.Pick.Endgame()
	return t.ending && !before
}

// Leave takes a peer off a piece.
func (t *Table) Leave(id picker.Peer, pc *piece.Piece) {
	var buf [picker.MaxWorkers]picker.Peer
	workers := t.Pick.Workers(pc.Index, buf[:0])
	if len(workers) != 1 || workers[0] != id {
		t.Pick.Leave(id, pc.Index, false)
		return
	}
	// The second attempt of a suspect piece starts from nothing, and nothing is
	// kept while another torrent starves.
	keep := t.suspects[pc.Index] == nil && !t.buffers.Starved(t.owner)
	retired := pc.Retire(keep)
	t.Pick.Leave(id, pc.Index, !retired)
	if !retired {
		t.orphans[pc.Index] = pc
		return
	}
	t.Pick.Failed(pc.Index) // else what was an orphan once stays one
	t.drop(pc)
}

// Release gives up what nobody works on.
func (t *Table) Release() {
	for _, pc := range t.orphans {
		t.giveUp(pc)
	}
	for _, pc := range t.kept {
		t.Pick.Failed(pc.Index)
		t.drop(pc)
	}
	t.kept = nil
}

// Close gives back all memory.
func (t *Table) Close() {
	t.kept = nil
	for _, pc := range t.pieces {
		t.drop(pc)
	}
	t.buffers.Forget(t.owner)
}

// drop forgets a piece and gives its buffer back.
func (t *Table) drop(pc *piece.Piece) {
	delete(t.pieces, pc.Index)
	delete(t.orphans, pc.Index)
	t.buffers.Put(pc.Buf, t.owner)
}
