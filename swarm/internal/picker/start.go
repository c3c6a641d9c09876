package picker

import (
	"slices"
	"time"
)

// Start gives peer a piece that nobody works on and makes peer its owner, or
// returns false if has holds none. Pieces with a deadline come first, the earliest
// before the others, unless the peer is far slower than another; then half-done
// pieces that were left by others, for they hold memory; then by priority, the
// rarest first, or in order when sequential. Among equally rare pieces one that
// peer has suggested comes first.
func (p *Picker) Start(peer Peer, has Set, now time.Time) (piece int, ok bool) {
	return p.begin(peer, p.choose(peer, has, now), now)
}

// begin makes peer the owner of piece i, if there is one.
func (p *Picker) begin(peer Peer, i int, now time.Time) (piece int, ok bool) {
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
func (p *Picker) choose(peer Peer, has Set, now time.Time) int {
	if p.Hurried() {
		if i := p.due(peer, has, now); i >= 0 {
			return i
		}
		if i := p.chooseAny(peer, unhurried{has, p}); i >= 0 {
			return i
		}
	}
	return p.chooseAny(peer, has)
}

// chooseAny returns a piece to start whatever deadline it has, or -1.
func (p *Picker) chooseAny(peer Peer, has Set) int {
	if i := p.orphan(has); i >= 0 {
		return i
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
