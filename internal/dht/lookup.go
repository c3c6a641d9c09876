package dht

import (
	"context"
	"net/netip"
	"sync"
	"time"

	"github.com/warren-p2p/warren/internal/dht/engine"
)

// Bounds of a lookup, beside that of the nodes that are asked.
const (
	maxDuration = time.Minute
	maxFound    = 1000 // peers; a big swarm has more, and nobody needs them
)

// Announcement is what nodes are told to tell others of us.
type Announcement struct {
	Port uint16 // TCP (and uTP); 0 announces nothing, unless it is implied
	// Implied asks nodes to take the port the packet comes from: behind a router
	// they know better, if peers are taken on the socket of the DHT (BEP 5).
	Implied bool
}

// Result is what came of a lookup.
type Result struct {
	Answered int // nodes that answered
	Found    int // addresses of peers, each counted once
	Told     int // nodes that keep our announcement
}

// Announce looks up the peers of a torrent and tells the nodes closest to its
// info-hash that we are one. found is called with each batch of addresses, from
// several goroutines but one at a time; they are all on the Internet, or on the
// same kind of network as the node that named them. The error is [ErrAlone] if
// there was no node to ask or none answered.
func (n *Node) Announce(ctx context.Context, infoHash [20]byte, a Announcement, found func([]netip.AddrPort)) (Result, error) {
	ctx, cancel := context.WithTimeout(ctx, maxDuration)
	defer cancel()
	defer context.AfterFunc(n.ctx, cancel)()
	l := &lookup{ctx: ctx, target: infoHash, a: a, found: found, seen: make(map[netip.AddrPort]struct{})}
	var wg sync.WaitGroup
	for _, h := range n.halves {
		if e := h.current(); e != nil {
			wg.Go(func() { l.in(e) })
		}
	}
	wg.Wait()
	switch {
	case n.ctx.Err() != nil:
		return l.result, ErrClosed
	case l.result.Answered > 0:
		return l.result, nil
	case ctx.Err() != nil:
		return l.result, context.Cause(ctx)
	}
	return l.result, ErrAlone
}

// Find looks up the peers of a torrent and announces nothing; see Announce.
func (n *Node) Find(ctx context.Context, infoHash [20]byte, found func([]netip.AddrPort)) (Result, error) {
	return n.Announce(ctx, infoHash, Announcement{}, found)
}

// lookup is one lookup, in both families.
type lookup struct {
	ctx    context.Context
	target [20]byte
	a      Announcement

	mu     sync.Mutex
	found  func([]netip.AddrPort)
	seen   map[netip.AddrPort]struct{}
	result Result
}

// in looks up, and then announces, in one family.
func (l *lookup) in(e *engine.Engine) {
	keepers := e.Find(l.ctx, l.target, l.take)
	if l.a == (Announcement{}) || l.ctx.Err() != nil {
		return
	}
	var wg sync.WaitGroup
	for _, k := range keepers {
		wg.Go(func() {
			if e.Announce(l.ctx, l.target, k, l.a.Port, l.a.Implied) == nil {
				l.mu.Lock()
				defer l.mu.Unlock()
				l.result.Told++
			}
		})
	}
	wg.Wait()
}

// take passes on what is new among the peers a node has named.
func (l *lookup) take(peers []netip.AddrPort) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.result.Answered++
	var fresh []netip.AddrPort
	for _, at := range peers {
		if _, again := l.seen[at]; !again && len(l.seen) < maxFound {
			l.seen[at] = struct{}{}
			fresh = append(fresh, at)
		}
	}
	l.result.Found = len(l.seen)
	if len(fresh) > 0 {
		l.found(fresh)
	}
}
