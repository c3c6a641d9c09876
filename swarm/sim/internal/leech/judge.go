package leech

import "github.com/warren-p2p/warren/swarm/internal/picker"

// open finds a piece or makes it.
func (l *Leech) open(i int) *progress {
	p := l.pieces[i]
	if p == nil {
		p = newProgress(i, l.content.Blocks)
		l.pieces[i] = p
	}
	return p
}

// leave takes a peer off a piece, as package table does.
func (l *Leech) leave(id int32, p *progress) {
	var buf [picker.MaxWorkers]picker.Peer
	workers := l.Pick.Workers(p.index, buf[:0])
	if len(workers) != 1 || workers[0] != id {
		l.Pick.Leave(id, p.index, false)
		return
	}
	// The second attempt of a suspect piece starts from nothing.
	keep := l.suspects[p.index] == nil && p.left < len(p.state)
	l.Pick.Leave(id, p.index, keep)
	if keep {
		return
	}
	l.Pick.Failed(p.index)
	l.drop(p)
}

func (l *Leech) drop(p *progress) {
	p.gone = true
	l.pieces[p.index] = nil
}

// judge checks a piece that is on disk.
func (l *Leech) judge(p *progress) {
	l.whole--
	if digest(p.data) != l.content.right(p.index) {
		l.wrong(p)
		return
	}
	var guilty []int32
	if s := l.suspects[p.index]; s != nil {
		guilty = s.guilty(p.data)
		delete(l.suspects, p.index)
	}
	l.Pick.Verified(p.index)
	l.drop(p)
	l.owner.Verified(p.index, p.data)
	for _, id := range guilty {
		l.owner.Guilty(id)
	}
	if l.Pick.Endgame() {
		l.wake()
	}
}

// wrong drops a piece that failed its check. If one peer alone sent it, that one
// is guilty; else what they sent is remembered.
func (l *Leech) wrong(p *progress) {
	l.Wasted += int64(len(p.state))
	culprit, alone := sole(p.from)
	if !alone {
		l.suspects[p.index] = &suspicion{p.data, p.from}
	}
	l.Pick.Failed(p.index)
	l.drop(p)
	if alone {
		l.owner.Guilty(culprit)
	}
	l.wake()
}

// Distrust takes back what a guilty peer sent for pieces that are incomplete.
func (l *Leech) Distrust(id int32) {
	for _, p := range l.pieces {
		if p != nil {
			p.forgetFrom(id)
		}
	}
	l.wake()
}
