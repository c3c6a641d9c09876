package dht

import (
	"context"
	"net"
	"net/netip"
	"sync"
	"time"

	adht "github.com/anacrolix/dht/v2"
	"github.com/anacrolix/dht/v2/bep44"
	adhtkrpc "github.com/anacrolix/dht/v2/krpc"
	"github.com/anacrolix/dht/v2/traversal"
	"github.com/anacrolix/log"
	"golang.org/x/time/rate"

	"github.com/warren-p2p/warren/internal/dht/krpc"
)

// What a half sends on its own account, in packets a second.
const (
	sendRate  = 100
	sendBurst = 50
)

// engine is routing table, transactions and upkeep under one id, by
// anacrolix/dht. It sends queries and sees replies, nothing else: its own
// answering is not used. It takes queries without arguments for a reason to
// panic, keeps what is announced without bounds, and takes the target of
// find_node from another key.
type engine struct {
	*adht.Server
	id    krpc.ID
	began time.Time
	wire  *wire
	wg    sync.WaitGroup // upkeep
}

func newEngine(id krpc.ID, w *wire, v6 bool, now time.Time) (*engine, error) {
	want := adhtkrpc.WantNodes
	if v6 {
		want = adhtkrpc.WantNodes6
	}
	quiet := log.NewLogger("dht").FilterLevel(log.Disabled) // its log has addresses in it
	quiet.SetHandlers(log.DiscardHandler)
	s, err := adht.NewServer(&adht.ServerConfig{
		NodeId: adhtkrpc.ID(id), Conn: w, StartingNodes: nowhere,
		Passive: true, DefaultWant: []adhtkrpc.Want{want}, Store: bep44.NewMemory(),
		Logger: quiet, SendLimiter: rate.NewLimiter(sendRate, sendBurst),
	})
	if err != nil {
		return nil, err
	}
	e := &engine{Server: s, id: id, began: now, wire: w}
	e.wg.Go(s.TableMaintainer)
	return e, nil
}

// nowhere returns an address nothing is sent to. The half looks for nodes to begin
// with itself; the engine's way of doing so leaves a goroutine behind whenever
// there are none.
func nowhere() ([]adht.Addr, error) {
	return []adht.Addr{adht.NewAddr(net.UDPAddrFromAddrPort(netip.AddrPortFrom(netip.IPv4Unspecified(), 1)))}, nil
}

// contacts returns the nodes of the table that have not failed.
func (e *engine) contacts() []krpc.Contact {
	all := e.Nodes()
	list := make([]krpc.Contact, 0, len(all))
	for _, n := range all {
		ip, _ := netip.AddrFromSlice(n.Addr.IP)
		list = append(list, krpc.Contact{ID: krpc.ID(n.ID), Addr: netip.AddrPortFrom(ip.Unmap(), uint16(n.Addr.Port))})
	}
	return list
}

// query asks a node something.
func (e *engine) query(ctx context.Context, to netip.AddrPort, method string, args adhtkrpc.MsgArgs) (adhtkrpc.Msg, error) {
	r := e.Query(ctx, adht.NewAddr(net.UDPAddrFromAddrPort(to)), method, adht.QueryInput{MsgArgs: args})
	return r.Reply, r.ToError()
}

// join fills the table with nodes close to our own id, found through some to
// begin with.
func (e *engine) join(ctx context.Context, start []krpc.Contact) {
	traverse(ctx, e.id, start, func(ctx context.Context, at adhtkrpc.NodeAddr) (r traversal.QueryResult) {
		m, err := e.query(ctx, at.ToNodeAddrPort().AddrPort, krpc.FindNode, adhtkrpc.MsgArgs{Target: adhtkrpc.ID(e.id)})
		if err == nil && m.R != nil {
			r.ResponseFrom = &adhtkrpc.NodeInfo{Addr: at, ID: m.R.ID}
			r.ClosestData = at
			r.Nodes, r.Nodes6 = m.R.Nodes, m.R.Nodes6
		}
		return r
	})
}

// close ends the engine; flush gives the packets that end the queries under way,
// after which none is sent any more.
func (e *engine) close(flush func() []packet) {
	for _, p := range flush() {
		e.wire.give(p)
	}
	// Once this one is taken the others have been seen to.
	for range waiting + 1 {
		e.wire.give(packet{from: netip.AddrPortFrom(netip.IPv4Unspecified(), 1)})
	}
	e.Server.Close()
	<-e.wire.closed
	e.wg.Wait()
}
