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
// deadline. A deadline on a verified piece is ignored; on a skipped one it counts
// once the piece has a priority.
func (p *Picker) SetDeadline(piece int, t time.Time) {
	i := int32(piece)
	p.deadlines.remove(i)
	if p.Have(piece) {
		return
	}
	d := deadline{t, i}
	at, _ := slices.BinarySearchFunc(p.deadlines.list, d, deadline.compare)
	p.deadlines.list = slices.Insert(p.deadlines.list, at, d)
	if p.deadlines.at == nil {
		p.deadlines.at = make(map[int32]time.Time)
	}
	p.deadlines.at[i] = t
}

// ClearDeadlines removes all deadlines.
func (p *Picker) ClearDeadlines() { p.deadlines = deadlines{} }

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
