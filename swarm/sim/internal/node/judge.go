package node

import (
	"time"

	"github.com/warren-p2p/warren/swarm/internal/picker"
	"github.com/warren-p2p/warren/swarm/sim/internal/events"
	"github.com/warren-p2p/warren/swarm/sim/internal/network"
)

// open finds a piece or makes it.
func (n *Node) open(i int) *progress {
	p := n.pieces[i]
	if p == nil {
		p = newProgress(i, n.Content.Blocks)
		n.pieces[i] = p
	}
	p.orphan = false
	return p
}

// leave takes a peer off a piece, as package table does.
func (n *Node) leave(id int32, p *progress) {
	var buf [picker.MaxWorkers]picker.Peer
	workers := n.pick.Workers(p.index, buf[:0])
	if len(workers) != 1 || workers[0] != id {
		n.pick.Leave(id, p.index, false)
		return
	}
	// The second attempt of a suspect piece starts from nothing.
	keep := n.suspects[p.index] == nil && p.left < len(p.state)
	n.pick.Leave(id, p.index, keep)
	if keep {
		p.orphan = true
		return
	}
	n.pick.Failed(p.index)
	n.drop(p)
}

func (n *Node) drop(p *progress) {
	p.gone = true
	n.pieces[p.index] = nil
}

// gatherTime is how long a complete piece waits for others to be verified with
// it, as package intake has it.
const gatherTime = 100 * time.Millisecond

// complete writes a piece to the disk and has it checked. It returns for how long
// the reader is busy with that.
func (n *Node) complete(p *progress) (busy time.Duration) {
	now := n.time.Elapsed()
	if n.Host.Disk > 0 {
		took := float64(len(p.state)*network.BlockLen) / n.Host.Disk * float64(time.Second)
		n.diskFree = max(n.diskFree, now) + time.Duration(took)
		busy = n.diskFree - now
	}
	wait := busy
	if n.pick.Left() > n.whole {
		wait += gatherTime
	}
	session := n.session
	n.time.After(wait, events.Stored, n.Host.ID, n.Host.ID, func() {
		if n.online && n.session == session {
			n.judge(p)
		}
	})
	return busy
}

func (n *Node) judge(p *progress) {
	n.whole--
	if digest(p.data) != n.Content.right(p.index) {
		n.wrong(p)
		return
	}
	var guilty []int32
	if s := n.suspects[p.index]; s != nil {
		guilty = s.guilty(p.data)
		delete(n.suspects, p.index)
	}
	n.pick.Verified(p.index)
	n.drop(p)
	copy(n.Piece(p.index), p.data)
	n.have[p.index] = true
	n.Stats.Verified = append(n.Stats.Verified, p.index)
	for _, c := range n.conns {
		if !c.has.Has(p.index) {
			c.lazy = append(c.lazy, p.index)
		}
	}
	if n.pick.Left() == 0 {
		n.Stats.Done = n.time.Elapsed()
		n.poke()
	}
	for _, id := range guilty {
		n.expel(id)
	}
	if n.pick.Endgame() {
		n.wake()
	}
}

// wrong drops a piece that failed its check. If one peer alone sent it, that one
// is guilty; else what they sent is remembered.
func (n *Node) wrong(p *progress) {
	n.Stats.Rebuilt++
	n.Stats.Wasted += int64(len(p.state))
	culprit, alone := sole(p.from)
	if !alone {
		n.suspects[p.index] = &suspicion{p.data, p.from}
	}
	n.pick.Failed(p.index)
	n.drop(p)
	if alone {
		n.expel(culprit)
	}
	n.wake()
}

// expel bans a peer that sent wrong data, also if it has left.
func (n *Node) expel(id int32) {
	from := n.senders[id]
	if from == nil {
		return
	}
	if _, known := n.banned[from.Addr.Addr()]; !known {
		n.banned[from.Addr.Addr()] = struct{}{}
		n.Stats.Guilty++
		if from.Lie == 0 {
			n.Stats.Framed++
		}
	}
	for _, c := range append([]*Conn(nil), n.conns...) {
		if c.peer.n == from {
			c.Close()
		}
	}
	for _, p := range n.pieces {
		if p != nil {
			p.forgetFrom(id)
		}
	}
	n.wake()
}
