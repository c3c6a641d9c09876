package picker

import "slices"

// Gain says that one more peer has piece (BEP 3: have).
func (p *Picker) Gain(piece int) { p.shift(piece, 1) }

// Lose says that one peer fewer has piece.
func (p *Picker) Lose(piece int) { p.shift(piece, -1) }

// Spread reports whether a peer without everything has piece.
func (p *Picker) Spread(piece int) bool { return p.pieces[piece].avail > 0 }

// Alone reports whether nobody but the peer that has has brings one of the wanted
// pieces in it.
func (p *Picker) Alone(has Set) bool {
	if p.seeds > 1 {
		return false
	}
	for i := p.wanted.next(0); i >= 0; i = p.wanted.next(i + 1) {
		if p.pieces[i].avail+p.seeds <= 1 && has.Has(i) {
			return true
		}
	}
	return false
}

// GainAll says that one more peer has every piece, in constant time (BEP 6: have
// all). What was gained with GainAll must be lost with LoseAll.
func (p *Picker) GainAll() { p.seeds++ }

// LoseAll undoes one GainAll.
func (p *Picker) LoseAll() { p.seeds = max(p.seeds-1, 0) }

// GainSet says that one more peer has the pieces in has (BEP 3: bitfield).
func (p *Picker) GainSet(has Set) { p.shiftSet(has, 1) }

// LoseSet says that a peer with the pieces in has is gone.
func (p *Picker) LoseSet(has Set) { p.shiftSet(has, -1) }

func (p *Picker) shiftSet(has Set, by int32) {
	for i := range p.pieces {
		if has.Has(i) {
			p.shift(i, by)
		}
	}
}

func (p *Picker) shift(i int, by int32) {
	pc := &p.pieces[i]
	listed := pc.slot != unlisted
	if listed {
		p.index.remove(p.pieces, i)
	}
	pc.avail = max(pc.avail+by, 0)
	if listed {
		p.index.add(p.pieces, i)
	}
}

// list files piece i where Start looks for it, if it may be started at all.
func (p *Picker) list(i int) {
	pc := &p.pieces[i]
	switch {
	case pc.state != Missing:
	case pc.partial:
		p.orphans = append(p.orphans, int32(i))
	case pc.prio > Skip:
		p.index.add(p.pieces, i)
	}
}

// unlist undoes list; it comes before any change of state, priority or partial.
func (p *Picker) unlist(i int) {
	pc := &p.pieces[i]
	if pc.slot != unlisted {
		p.index.remove(p.pieces, i)
		return
	}
	if pc.state == Missing && pc.partial {
		at := slices.Index(p.orphans, int32(i))
		p.orphans = slices.Delete(p.orphans, at, at+1)
	}
}
