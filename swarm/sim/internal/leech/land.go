package leech

import (
	"time"

	"github.com/warren-p2p/warren/swarm/internal/pipeline"
	"github.com/warren-p2p/warren/swarm/sim/internal/network"
)

// Land takes a block that has arrived. It returns for how long the connection is
// not read.
func (c *Peer) Land(b network.Block) (busy time.Duration) {
	l, now := c.l, c.l.time.Elapsed()
	p, ok := c.answer(b.Piece, b.Index)
	if !ok && c.snubbed {
		c.snubbed, c.hold = false, 0
	}
	whole := false
	if ok && !p.gone && p.state[b.Index] != received {
		whole = c.landed(p, b)
		c.last, c.rejects, c.snubbed = now, 0, false
		c.win.OnBlocks(1, pipeline.BlockLen, l.time.Now())
	} else {
		l.Wasted++
	}
	c.fill()
	c.unlock()
	if whole {
		busy = l.owner.Store(len(p.state), l.Pick.Left() <= l.whole, func() { l.judge(p) })
	}
	return busy
}

// landed enters a block into its piece, and reports whether that is complete.
func (c *Peer) landed(p *progress, b network.Block) bool {
	l := c.l
	p.state[b.Index], p.data[b.Index], p.from[b.Index] = received, b.Content, c.ID
	p.left--
	l.Progress = l.time.Elapsed()
	if p.shared {
		for _, w := range l.helpers(p, c) {
			w.withdraw(b.Piece, b.Index)
		}
	}
	if p.left > 0 {
		return false
	}
	l.Pick.Writing(p.index)
	l.whole++
	return true
}

// helpers returns who else works on a shared piece.
func (l *Leech) helpers(p *progress, but *Peer) []*Peer {
	var out []*Peer
	for _, id := range l.Pick.Workers(p.index, nil) {
		for _, w := range l.peers {
			if w.ID == id && w != but {
				out = append(out, w)
			}
		}
	}
	return out
}

// withdraw takes back a request for a block that somebody else delivered.
func (c *Peer) withdraw(piece, block int32) {
	if _, ok := c.answer(piece, block); ok {
		c.out.Cancel([]Request{{piece, block}})
		c.fill()
	}
}
