package engine

import (
	"context"
	"net/netip"
	"sync/atomic"

	nearest "github.com/anacrolix/dht/v2/k-nearest-nodes"
	wirefmt "github.com/anacrolix/dht/v2/krpc"
	"github.com/anacrolix/dht/v2/traversal"
	"github.com/anacrolix/dht/v2/types"

	"github.com/warren-p2p/warren/internal/dht/krpc"
)

// maxQueries bounds a walk: nodes could lead it on forever.
const maxQueries = 160

// Keeper is a node that can be told of a peer, and what it wants to see for it.
type Keeper struct {
	Addr  netip.AddrPort
	Token string
}

// Find walks from the nodes of the table towards an info-hash. found is called,
// by several goroutines, for each node that answered, with the peers it named. The
// nodes closest to the info-hash are returned; those among them whose id is not
// bound to their address (BEP 42) have shown the way, and are left out.
func (e *Engine) Find(ctx context.Context, infoHash krpc.ID, found func([]netip.AddrPort)) []Keeper {
	return e.walk(ctx, infoHash, e.Contacts(), func(ctx context.Context, at netip.AddrPort) (r traversal.QueryResult) {
		m, err := e.query(ctx, at, krpc.GetPeers, wirefmt.MsgArgs{InfoHash: wirefmt.ID(infoHash)})
		if err != nil || m.R == nil {
			return r
		}
		r = result(at, m)
		if m.R.Token != nil && Bound(krpc.ID(m.R.ID), at.Addr()) {
			r.ClosestData = *m.R.Token
		}
		peers := make([]netip.AddrPort, len(m.R.Values))
		for i, v := range m.R.Values {
			peers[i] = v.ToNodeAddrPort().AddrPort
		}
		found(peers)
		return r
	})
}

// Join fills the table with nodes close to our own id, found through some to
// begin with, whose ids need not be known.
func (e *Engine) Join(ctx context.Context, start []krpc.Contact) {
	e.walk(ctx, e.id, start, func(ctx context.Context, at netip.AddrPort) (r traversal.QueryResult) {
		m, err := e.query(ctx, at, krpc.FindNode, wirefmt.MsgArgs{Target: wirefmt.ID(e.id)})
		if err == nil && m.R != nil {
			r = result(at, m)
			r.ClosestData = ""
		}
		return r
	})
}

func result(at netip.AddrPort, m wirefmt.Msg) traversal.QueryResult {
	from := wirefmt.NodeInfo{ID: m.R.ID}
	from.Addr.FromAddrPort(at)
	return traversal.QueryResult{ResponseFrom: &from, Nodes: m.R.Nodes, Nodes6: m.R.Nodes6}
}

// walk asks nodes, and those that they name, closer and closer to a target.
func (e *Engine) walk(ctx context.Context, target krpc.ID, start []krpc.Contact, query func(context.Context, netip.AddrPort) traversal.QueryResult) []Keeper {
	var asked atomic.Int64
	op := traversal.Start(traversal.OperationInput{
		Target: wirefmt.ID(target),
		DoQuery: func(ctx context.Context, at wirefmt.NodeAddr) (none traversal.QueryResult) {
			if asked.Add(1) > maxQueries {
				return none
			}
			return query(ctx, at.ToNodeAddrPort().AddrPort)
		},
		NodeFilter: func(types.AddrMaybeId) bool { return asked.Load() < maxQueries },
		DataFilter: func(data any) bool { return data != nil },
	})
	nodes := make([]types.AddrMaybeId, len(start))
	for i, c := range start {
		nodes[i].Addr.AddrPort = c.Addr
		if c.ID != (krpc.ID{}) {
			n := wirefmt.NodeInfo{ID: wirefmt.ID(c.ID)}
			n.Addr.FromAddrPort(c.Addr)
			nodes[i].FromNodeInfo(n)
		}
	}
	op.AddNodes(nodes)
	select {
	case <-op.Stalled():
	case <-ctx.Done():
	}
	op.Stop()
	<-op.Stopped()
	var keepers []Keeper
	op.Closest().Range(func(n nearest.Elem) {
		keepers = append(keepers, Keeper{n.Key.Addr.AddrPort, n.Data.(string)}) // what DataFilter let pass
	})
	return keepers
}
