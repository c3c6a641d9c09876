package picker

import (
	"slices"
	"time"
)

// Start gives peer a piece that nobody works on and makes peer its owner, or
// returns false if has holds none. Half-done pieces that were left by others come
// first, for they hold memory; then pieces with a deadline, the earliest first;
// then by priority, the rarest first, or in order when sequential. Among
// equally rare pieces one that peer has suggested comes first.
func (p *Picker) Start(peer Peer, has Set, now time.Time) (piece int, ok bool) {
	i := p.choose(peer, has)
	if i < 0 {
		return 0, false
	}
	p.unlist(i)
	p.pieces[i].state = InProgress
	p.pieces[i].job = int32(len(p.jobs))
	p.jobs = append(p.jobs, job{piece: int32(i), started: now})
	p.addWorker(i, peer)
	return i, true
}

// choose returns the piece to start, or -1.
func (p *Picker) choose(peer Peer, has Set) int {
	if i := p.orphan(has); i >= 0 {
		return i
	}
	for _, d := range p.deadlines.list {
		if p.pieces[d.piece].slot != unlisted && has.Has(int(d.piece)) {
			return int(d.piece)
		}
	}
	for prio := High; prio > Skip; prio-- {
		var i int
		if p.sequential {
			i = p.index.first(prio, has)
		} else {
			i = p.hinted(peer, has, p.index.rarest(prio, has, p.seeds))
		}
		if i >= 0 {
			return i
		}
	}
	return -1
}

// orphan returns the oldest orphan of the highest priority in has, or -1.
func (p *Picker) orphan(has Set) int {
	best, prio := -1, Skip
	for _, i := range p.orphans {
		if p.pieces[i].prio > prio && has.Has(int(i)) {
			best, prio = int(i), p.pieces[i].prio
		}
	}
	return best
}

func (p *Picker) addWorker(i int, peer Peer) {
	j := &p.jobs[p.pieces[i].job]
	j.workers = append(j.workers, peer)
	p.byPeer[peer] = append(p.byPeer[peer], int32(i))
}

// removeWorker reports whether peer was on piece i.
func (p *Picker) removeWorker(i int, peer Peer) bool {
	pc := &p.pieces[i]
	if pc.state != InProgress {
		return false
	}
	j := &p.jobs[pc.job]
	at := slices.Index(j.workers, peer)
	if at < 0 {
		return false
	}
	j.workers = slices.Delete(j.workers, at, at+1)
	p.forget(peer, i)
	return true
}

// forget drops piece i from what peer works on.
func (p *Picker) forget(peer Peer, i int) {
	own := p.byPeer[peer]
	at := slices.Index(own, int32(i))
	own = slices.Delete(own, at, at+1)
	if len(own) == 0 {
		delete(p.byPeer, peer)
		return
	}
	p.byPeer[peer] = own
}

// endJob takes piece i out of the jobs, whoever works on it.
func (p *Picker) endJob(i int) {
	pc := &p.pieces[i]
	if pc.job < 0 {
		return
	}
	for _, peer := range p.jobs[pc.job].workers {
		p.forget(peer, i)
	}
	last := len(p.jobs) - 1
	p.jobs[pc.job] = p.jobs[last]
	p.pieces[p.jobs[last].piece].job = pc.job
	p.jobs[last] = job{}
	p.jobs = p.jobs[:last]
	pc.job = -1
}
