package node

import (
	"time"

	"github.com/warren-p2p/warren/swarm/internal/choker"
	"github.com/warren-p2p/warren/swarm/sim/internal/events"
	"github.com/warren-p2p/warren/swarm/sim/internal/leech"
	"github.com/warren-p2p/warren/swarm/sim/internal/network"
)

var _ leech.Owner = (*Node)(nil)

// gatherTime is how long a complete piece waits for others to be verified with
// it, as package intake has it.
const gatherTime = 100 * time.Millisecond

// Store implements leech.Owner.
func (n *Node) Store(blocks int, last bool, done func()) (busy time.Duration) {
	now := n.time.Elapsed()
	if n.Host.Disk > 0 {
		took := float64(blocks*network.BlockLen) / n.Host.Disk * float64(time.Second)
		n.diskFree = max(n.diskFree, now) + time.Duration(took)
		busy = n.diskFree - now
	}
	wait := busy
	if !last {
		wait += gatherTime
	}
	session := n.session
	n.time.After(wait, events.Stored, n.Host.ID, n.Host.ID, func() {
		if n.online && n.session == session {
			done()
		}
	})
	return busy
}

// Verified implements leech.Owner: the piece is kept and announced.
func (n *Node) Verified(piece int, content []uint64) {
	copy(n.Piece(piece), content)
	n.have[piece] = true
	n.Stats.Verified = append(n.Stats.Verified, piece)
	for _, c := range n.conns {
		if !c.dl.Knows(piece) {
			c.lazy = append(c.lazy, piece)
		}
	}
	if n.leech.Pick.Left() == 0 {
		n.Stats.Done = n.time.Elapsed()
		n.poke()
	}
}

// Guilty implements leech.Owner: a peer that sent wrong blocks is out, also if it
// has left before that was found.
func (n *Node) Guilty(id int32) {
	from := n.senders[id]
	if from == nil {
		return
	}
	if !n.Bans(from.Addr.Addr()) {
		n.banned[from.Addr.Addr()] = struct{}{}
		if from.Lie == 0 {
			n.Stats.Framed++
		}
	}
	for _, c := range append([]*Conn(nil), n.conns...) {
		if c.peer.n == from {
			c.Close()
		}
	}
	n.leech.Distrust(id)
}

// finish is what happens once nothing wanted is missing.
func (n *Node) finish() {
	if n.seeding || n.leech.Pick.Left() > 0 {
		return
	}
	n.seeding = true
	n.choke.SetSeeding(true)
	n.round = n.time.Elapsed() - choker.RechokePeriod
	for _, c := range append([]*Conn(nil), n.conns...) {
		c.updateInterest()
		c.partSeeds()
	}
}
