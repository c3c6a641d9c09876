package table

import (
	"time"

	"github.com/warren-p2p/warren/swarm/internal/picker"
	"github.com/warren-p2p/warren/swarm/internal/piece"
)

// grace is how long after its deadline a block is asked for a second time, of
// another peer.
const grace = time.Second

// Urgent finds a piece with a deadline that a peer can do something for: one of
// those it works on already; one that is late with others; one that nobody works
// on. It returns nil if there is none. With again set, blocks of it may be asked
// for that somebody else owes.
func (t *Table) Urgent(id picker.Peer, set picker.Set, work []*piece.Piece, asked *piece.Asks, now time.Time) (pc *piece.Piece, again bool) {
	if pc, again = t.first(set, work, asked, now); pc != nil {
		return pc, again
	}
	if i, ok := t.Pick.JoinLate(id, helpful{trusted{set, t.suspects}, t, now}, now); ok {
		pc = t.pieces[i]
		pc.Shared.Store(true)
		return pc, t.overdue(i, now)
	}
	i, ok := t.Pick.StartDue(id, set, now)
	return t.started(id, i, ok), false
}

// first returns the piece of work that is needed first and has blocks that the
// peer may be asked for, nil if there is none.
func (t *Table) first(set picker.Set, work []*piece.Piece, asked *piece.Asks, now time.Time) (best *piece.Piece, again bool) {
	var earliest time.Time
	for _, pc := range work {
		at, due := t.Pick.Deadline(pc.Index)
		if !due || best != nil && !at.Before(earliest) || !set.Has(pc.Index) {
			continue
		}
		owed := false
		if !pc.Lacking() && pc.Shared.Load() && t.overdue(pc.Index, now) {
			_, owed = asked.OwedByOthers(pc)
		}
		if owed || pc.Lacking() {
			best, earliest, again = pc, at, owed
		}
	}
	return best, again
}

func (t *Table) overdue(i int, now time.Time) bool {
	at, due := t.Pick.Deadline(i)
	return due && now.Sub(at) >= grace
}

// helpful leaves out pieces with which nobody can help yet: all blocks are asked
// for, and not long ago.
type helpful struct {
	set picker.Set
	t   *Table
	now time.Time
}

// Has implements picker.Set.
func (h helpful) Has(i int) bool {
	return h.set.Has(i) && (h.t.pieces[i].Lacking() || h.t.overdue(i, h.now))
}
