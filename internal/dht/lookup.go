package dht

import (
	"context"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	adht "github.com/anacrolix/dht/v2"
	nearest "github.com/anacrolix/dht/v2/k-nearest-nodes"
	adhtkrpc "github.com/anacrolix/dht/v2/krpc"
	"github.com/anacrolix/dht/v2/traversal"
	"github.com/anacrolix/dht/v2/types"

	"github.com/warren-p2p/warren/internal/dht/krpc"
)

// Bounds of a lookup: nodes could lead it on forever.
const (
	maxQueries  = 160
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

func (a Announcement) any() bool { return a.Port != 0 || a.Implied }

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
// no node could be asked, and no error means that at least one answered.
func (n *Node) Announce(ctx context.Context, infoHash [20]byte, a Announcement, found func([]netip.AddrPort)) (Result, error) {
	ctx, cancel := context.WithTimeout(ctx, maxDuration)
	defer cancel()
	defer context.AfterFunc(n.ctx, cancel)()
	l := &lookup{ctx: ctx, target: infoHash, a: a, found: found, seen: make(map[netip.AddrPort]struct{})}
	var wg sync.WaitGroup
	for _, h := range n.halves {
		wg.Go(func() { l.walk(h) })
	}
	wg.Wait()
	switch {
	case n.ctx.Err() != nil:
		return l.result, ErrClosed
	case l.result.Answered == 0 && ctx.Err() != nil:
		return l.result, context.Cause(ctx)
	case l.result.Answered == 0:
		return l.result, ErrAlone
	}
	return l.result, nil
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

// walk goes from node to node towards the target, and announces at the end.
func (l *lookup) walk(h *half) {
	e := h.current()
	if e == nil {
		return
	}
	nodes := e.contacts()
	if len(nodes) == 0 {
		return
	}
	closest := traverse(l.ctx, l.target, nodes, func(ctx context.Context, at adhtkrpc.NodeAddr) traversal.QueryResult {
		return l.getPeers(ctx, e, at)
	})
	if l.a.any() && l.ctx.Err() == nil {
		l.announce(e, closest)
	}
}

// traverse asks nodes, and those that they name, closer and closer to a target,
// and returns the closest that may be relied on.
func traverse(ctx context.Context, target krpc.ID, nodes []krpc.Contact, query func(context.Context, adhtkrpc.NodeAddr) traversal.QueryResult) *nearest.Type {
	var asked atomic.Int64
	op := traversal.Start(traversal.OperationInput{
		Target: adhtkrpc.ID(target),
		DoQuery: func(ctx context.Context, at adhtkrpc.NodeAddr) (none traversal.QueryResult) {
			if asked.Add(1) > maxQueries {
				return none
			}
			return query(ctx, at)
		},
		NodeFilter: func(types.AddrMaybeId) bool { return asked.Load() < maxQueries },
		// Nodes whose id is not bound to their address show the way, and are relied
		// on for nothing else.
		DataFilter: func(data any) bool { return data != nil },
	})
	start := make([]types.AddrMaybeId, len(nodes))
	for i, c := range nodes {
		start[i].Addr.AddrPort = c.Addr
		if c.ID != (krpc.ID{}) {
			start[i].FromNodeInfo(adhtkrpc.NodeInfo{ID: adhtkrpc.ID(c.ID), Addr: adhtkrpc.NodeAddr{IP: c.Addr.Addr().AsSlice(), Port: int(c.Addr.Port())}})
		}
	}
	op.AddNodes(start)
	select {
	case <-op.Stalled():
	case <-ctx.Done():
	}
	op.Stop()
	<-op.Stopped()
	return op.Closest()
}

// getPeers asks a node for peers, and for nodes that are closer.
func (l *lookup) getPeers(ctx context.Context, e *engine, at adhtkrpc.NodeAddr) (r traversal.QueryResult) {
	m, err := e.query(ctx, at.ToNodeAddrPort().AddrPort, krpc.GetPeers, adhtkrpc.MsgArgs{InfoHash: l.target})
	if err != nil || m.R == nil {
		return r
	}
	l.take(m.R.Values)
	r.ResponseFrom = &adhtkrpc.NodeInfo{Addr: at, ID: m.R.ID}
	r.Nodes, r.Nodes6 = m.R.Nodes, m.R.Nodes6
	if m.R.Token != nil && adht.NodeIdSecure(m.R.ID, at.IP) {
		r.ClosestData = *m.R.Token
	}
	return r
}

// take passes on what is new among peers.
func (l *lookup) take(values []adhtkrpc.NodeAddr) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.result.Answered++
	var fresh []netip.AddrPort
	for _, v := range values {
		at := v.ToNodeAddrPort().AddrPort
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

// announce tells the nodes closest to the target that we are a peer.
func (l *lookup) announce(e *engine, closest *nearest.Type) {
	port := int(l.a.Port)
	var wg sync.WaitGroup
	closest.Range(func(n nearest.Elem) {
		token, ok := n.Data.(string)
		if !ok {
			return
		}
		wg.Go(func() {
			_, err := e.query(l.ctx, n.Key.Addr.AddrPort, krpc.AnnouncePeer, adhtkrpc.MsgArgs{
				InfoHash: l.target, Port: &port, ImpliedPort: l.a.Implied, Token: token,
			})
			if err == nil {
				l.mu.Lock()
				l.result.Told++
				l.mu.Unlock()
			}
		})
	})
	wg.Wait()
}
