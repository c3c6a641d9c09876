package picker

import (
	"cmp"
	"slices"
	"time"
)

type deadline struct {
	time  time.Time
	piece int32
}

func (d deadline) compare(o deadline) int {
	return cmp.Or(d.time.Compare(o.time), cmp.Compare(d.piece, o.piece))
}

// deadlines holds the pieces a reader waits for, the earliest first.
type deadlines struct {
	list []deadline
	at   map[int32]time.Time
}

// SetDeadline says when a reader will need piece, in place of any earlier
// deadline. A deadline on a verified piece is ignored. A skipped piece is wanted as
// long as it has one.
func (p *Picker) SetDeadline(piece int, t time.Time) {
	i := int32(piece)
	if p.Have(piece) {
		return
	}
	p.deadlines.remove(i)
	d := deadline{t, i}
	at, _ := slices.BinarySearchFunc(p.deadlines.list, d, deadline.compare)
	p.deadlines.list = slices.Insert(p.deadlines.list, at, d)
	if p.deadlines.at == nil {
		p.deadlines.at = make(map[int32]time.Time)
	}
	p.deadlines.at[i] = t
	if p.pieces[piece].prio == Skip {
		p.SetPriority(piece, Skip)
	}
}

// ClearDeadline removes the deadline of piece, if it has one.
func (p *Picker) ClearDeadline(piece int) {
	p.deadlines.remove(int32(piece))
	if p.pieces[piece].lent {
		p.SetPriority(piece, Skip)
	}
}

// ClearDeadlines removes all deadlines.
func (p *Picker) ClearDeadlines() {
	for len(p.deadlines.list) > 0 {
		p.ClearDeadline(int(p.deadlines.list[0].piece))
	}
}

// Deadline returns when a reader needs piece; false if none waits for it.
func (p *Picker) Deadline(piece int) (time.Time, bool) {
	t, ok := p.deadlines.at[int32(piece)]
	return t, ok
}

// Hurried reports whether any piece has a deadline.
func (p *Picker) Hurried() bool { return len(p.deadlines.list) > 0 }

// SetPace says how many bytes a second come from peer. As long as there are
// deadlines, one that is far slower than another leaves pieces with a deadline to
// others until they are late: it would only keep them from those. One from which
// nothing comes, 0, is no reason to leave anything.
func (p *Picker) SetPace(peer Peer, rate float64) { p.pace[peer] = rate }

// farSlower is how many times faster another peer must be.
const farSlower = 4

// lags reports whether peer is far slower than another. Of whom nothing came yet
// nothing is known.
func (p *Picker) lags(peer Peer) bool {
	mine := p.pace[peer]
	if mine <= 0 {
		return false
	}
	for _, rate := range p.pace {
		if rate > farSlower*mine {
			return true
		}
	}
	return false
}

// StartDue is Start for pieces with a deadline alone: it gives peer the one that
// is needed first, half-done or not.
func (p *Picker) StartDue(peer Peer, has Set, now time.Time) (piece int, ok bool) {
	return p.begin(peer, p.due(peer, has, now), now)
}

// due returns the piece with the earliest deadline that nobody works on, or -1.
func (p *Picker) due(peer Peer, has Set, now time.Time) int {
	lags := p.lags(peer)
	for _, d := range p.deadlines.list {
		if lags && now.Before(d.time) {
			break
		}
		pc := &p.pieces[d.piece]
		if pc.state == Missing && pc.prio > Skip && has.Has(int(d.piece)) {
			return int(d.piece)
		}
	}
	return -1
}

// unhurried is a set without the pieces that have a deadline.
type unhurried struct {
	has Set
	p   *Picker
}

// Has implements Set.
func (u unhurried) Has(i int) bool {
	_, due := u.p.deadlines.at[int32(i)]
	return !due && u.has.Has(i)
}

func (d *deadlines) remove(i int32) {
	t, ok := d.at[i]
	if !ok {
		return
	}
	delete(d.at, i)
	at, _ := slices.BinarySearchFunc(d.list, deadline{t, i}, deadline.compare)
	d.list = slices.Delete(d.list, at, at+1)
}

// anyLate reports whether some deadline has passed.
func (d *deadlines) anyLate(now time.Time) bool {
	return len(d.list) > 0 && !now.Before(d.list[0].time)
}
