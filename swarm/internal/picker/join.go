package picker

import "time"

// Slow marks peer as slow, or takes the mark away: others may then Join the
// pieces that only slow peers work on.
func (p *Picker) Slow(peer Peer, slow bool) {
	if slow {
		p.slow[peer] = struct{}{}
	} else {
		delete(p.slow, peer)
	}
}

// Endgame reports whether pieces are in progress and none is left to Start, for
// any peer: what is free and wanted nobody connected has.
func (p *Picker) Endgame() bool {
	if len(p.jobs) == 0 {
		return false
	}
	free := p.index.count
	if p.seeds == 0 {
		free -= p.index.unavailable()
	}
	if free > 0 {
		return false
	}
	for _, i := range p.orphans {
		if pc := &p.pieces[i]; pc.prio > Skip && (p.seeds > 0 || pc.avail > 0) {
			return false
		}
	}
	return true
}

// Join adds peer to a wanted piece that others work on, or returns false. It may
// help with a piece whose deadline has passed, one that only slow peers work on
// unless it is slow itself, or any in endgame; never with one it is already on,
// nor beyond MaxWorkers. Slow peers do not count towards that for one that is not:
// silent ones could keep a piece to themselves. The most overdue comes first, then the piece with the
// fewest workers, then the one begun earliest.
func (p *Picker) Join(peer Peer, has Set, now time.Time) (piece int, ok bool) {
	endgame := p.Endgame()
	if !endgame && len(p.slow) == 0 && !p.deadlines.anyLate(now) {
		return 0, false
	}
	return p.help(peer, has, now, endgame, false)
}

// JoinLate is Join for pieces whose deadline has passed alone, and for peers that
// are not far slower than another.
func (p *Picker) JoinLate(peer Peer, has Set, now time.Time) (piece int, ok bool) {
	if !p.deadlines.anyLate(now) || p.lags(peer) {
		return 0, false
	}
	return p.help(peer, has, now, false, true)
}

// help adds peer to the piece in progress that needs it most.
func (p *Picker) help(peer Peer, has Set, now time.Time, endgame, late bool) (piece int, ok bool) {
	best := candidate{piece: -1}
	for k := range p.jobs {
		c, ok := p.candidate(&p.jobs[k], peer, now, endgame)
		if ok && (!late || c.late) && (best.piece < 0 || c.before(best)) && has.Has(c.piece) {
			best = c
		}
	}
	if best.piece < 0 {
		return 0, false
	}
	p.addWorker(best.piece, peer)
	return best.piece, true
}

// A candidate is a piece in progress that a peer may join.
type candidate struct {
	piece    int
	workers  int
	started  time.Time
	late     bool
	deadline time.Time
}

func (c candidate) before(o candidate) bool {
	switch {
	case c.late != o.late:
		return c.late
	case c.late && !c.deadline.Equal(o.deadline):
		return c.deadline.Before(o.deadline)
	case c.workers != o.workers:
		return c.workers < o.workers
	case !c.started.Equal(o.started):
		return c.started.Before(o.started)
	}
	return c.piece < o.piece
}

func (p *Picker) candidate(j *job, peer Peer, now time.Time, endgame bool) (candidate, bool) {
	i := int(j.piece)
	if p.pieces[i].prio == Skip {
		return candidate{}, false
	}
	able := 0 // workers that are not slow
	for _, w := range j.workers {
		if w == peer {
			return candidate{}, false
		}
		if _, slow := p.slow[w]; !slow {
			able++
		}
	}
	_, slow := p.slow[peer]
	if able >= MaxWorkers || slow && len(j.workers) >= MaxWorkers {
		return candidate{}, false
	}
	deadline, due := p.deadlines.at[j.piece]
	late := due && !now.Before(deadline)
	if !late && !endgame && (slow || able > 0) {
		return candidate{}, false
	}
	return candidate{i, len(j.workers), j.started, late, deadline}, true
}
