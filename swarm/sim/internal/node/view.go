package node

import (
	"net/netip"
	"time"

	"github.com/warren-p2p/warren/swarm/internal/conns"
)

// Online reports whether it is.
func (n *Node) Online() bool { return n.online }

// Full reports whether the node has everything.
func (n *Node) Full() bool { return n.Stats.Done >= 0 }

// Piece returns what the node has stored of a piece, block by block.
func (n *Node) Piece(i int) []uint64 { return n.store[i*n.Content.Blocks : (i+1)*n.Content.Blocks] }

// Conns returns how many connections there are.
func (n *Node) Conns() int { return len(n.conns) }

// Dials returns what the connection manager counts.
func (n *Node) Dials() conns.Stats { return n.mgr.Stats() }

// Bans reports whether the node has banned an address.
func (n *Node) Bans(a netip.Addr) bool {
	_, out := n.banned[a]
	return out
}

// Progress returns when a block came the last time that counts.
func (n *Node) Progress() time.Duration { return n.leech.Progress }

// Wasted returns how many blocks came that were of no use.
func (n *Node) Wasted() int64 {
	if n.leech == nil {
		return 0
	}
	return n.Stats.Wasted + n.leech.Wasted
}

// Unchoked returns how many peers are served, and how many may be.
func (n *Node) Unchoked() (are, may int) { return n.serving, n.choke.Slots() }
