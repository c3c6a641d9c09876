// Package engine is the routing table of a DHT node, its queries, and the walk
// from node to node, by github.com/anacrolix/dht; none of its types leaves this
// package.
//
// An [Engine] sends queries and sees replies, nothing else. That library would
// answer queries as well, and is not let near any: one without arguments makes it
// panic, an address of one byte too, what is announced to it is kept without
// bounds, names of methods as well, and find_node is answered for another key.
// Its way of looking for nodes to begin with leaves a goroutine behind whenever
// there are none, so that is done by whoever owns the engine ([Engine.Join]).
package engine

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"sync"

	adht "github.com/anacrolix/dht/v2"
	"github.com/anacrolix/dht/v2/bep44"
	wirefmt "github.com/anacrolix/dht/v2/krpc"
	"github.com/anacrolix/log"
	"golang.org/x/time/rate"

	"github.com/warren-p2p/warren/internal/dht/krpc"
)

// What an engine sends, in packets a second.
const (
	sendRate  = 100
	sendBurst = 50
)

// Engine is a node of one family of addresses, under one id.
type Engine struct {
	id     krpc.ID
	server *adht.Server
	wire   *wire
	wg     sync.WaitGroup // upkeep
}

// New starts an engine that knows no other node. It sends its queries with send.
func New(id krpc.ID, local netip.AddrPort, send func(b []byte, to netip.AddrPort) error) (*Engine, error) {
	want := wirefmt.WantNodes
	if local.Addr().Is6() {
		want = wirefmt.WantNodes6
	}
	quiet := log.NewLogger().FilterLevel(log.Disabled) // its log has addresses in it
	quiet.SetHandlers(log.DiscardHandler)
	w := newWire(local, send)
	s, err := adht.NewServer(&adht.ServerConfig{
		NodeId: wirefmt.ID(id), Conn: w, StartingNodes: nowhere,
		Passive: true, DefaultWant: []wirefmt.Want{want}, Store: bep44.NewMemory(),
		Logger: quiet, SendLimiter: rate.NewLimiter(sendRate, sendBurst),
	})
	if err != nil {
		return nil, fmt.Errorf("start the DHT: %w", err)
	}
	e := &Engine{id: id, server: s, wire: w}
	e.wg.Go(s.TableMaintainer)
	return e, nil
}

// nowhere returns an address nothing is sent to.
func nowhere() ([]adht.Addr, error) {
	return []adht.Addr{address(netip.AddrPortFrom(netip.IPv4Unspecified(), 1))}, nil
}

func address(a netip.AddrPort) adht.Addr { return adht.NewAddr(net.UDPAddrFromAddrPort(a)) }

// ID returns the id.
func (e *Engine) ID() krpc.ID { return e.id }

// Take gives the engine a reply or an error. It has to be encoded by package krpc;
// if too many wait already, it is lost.
func (e *Engine) Take(b []byte, from netip.AddrPort) { e.wire.offer(packet{b, from}) }

// Len returns how many nodes are in the table.
func (e *Engine) Len() int { return e.server.NumNodes() }

// Contacts returns the nodes of the table that have not failed.
func (e *Engine) Contacts() []krpc.Contact {
	all := e.server.Nodes()
	list := make([]krpc.Contact, 0, len(all))
	for _, n := range all {
		list = append(list, contact(n))
	}
	return list
}

func contact(n wirefmt.NodeInfo) krpc.Contact {
	ip, _ := netip.AddrFromSlice(n.Addr.IP)
	return krpc.Contact{ID: krpc.ID(n.ID), Addr: netip.AddrPortFrom(ip.Unmap(), uint16(n.Addr.Port))}
}

// query asks a node something.
func (e *Engine) query(ctx context.Context, to netip.AddrPort, method string, args wirefmt.MsgArgs) (wirefmt.Msg, error) {
	r := e.server.Query(ctx, address(to), method, adht.QueryInput{MsgArgs: args})
	return r.Reply, r.ToError()
}

// Ping asks a node whether it is there. If it answers it gets into the table,
// given that there is room.
func (e *Engine) Ping(ctx context.Context, at netip.AddrPort) error {
	_, err := e.query(ctx, at, krpc.Ping, wirefmt.MsgArgs{})
	return err
}

// Announce tells a node that we are a peer of a torrent.
func (e *Engine) Announce(ctx context.Context, infoHash krpc.ID, to Keeper, port uint16, implied bool) error {
	n := int(port)
	_, err := e.query(ctx, to.Addr, krpc.AnnouncePeer, wirefmt.MsgArgs{
		InfoHash: wirefmt.ID(infoHash), Port: &n, ImpliedPort: implied, Token: to.Token,
	})
	return err
}

// Packet is a packet, and where it is from.
type Packet struct {
	Data []byte
	From netip.AddrPort
}

// Close ends the engine and waits. It must not be able to send any more; last are
// errors for all queries it waits for a reply to.
func (e *Engine) Close(last []Packet) {
	for _, p := range last {
		e.wire.give(packet{p.Data, p.From})
	}
	// Once all of these are taken, what came before has been seen to.
	for range waiting + 1 {
		e.wire.give(packet{from: netip.AddrPortFrom(netip.IPv4Unspecified(), 1)})
	}
	e.server.Close()
	<-e.wire.closed
	e.wg.Wait()
}

// Bind makes an id one that is bound to an address (BEP 42).
func Bind(id krpc.ID, to netip.Addr) krpc.ID {
	bound := wirefmt.ID(id)
	adht.SecureNodeId(&bound, to.AsSlice())
	return krpc.ID(bound)
}

// Bound reports whether an id is bound to an address, or the address needs no such
// id: it is one of a local network (BEP 42).
func Bound(id krpc.ID, to netip.Addr) bool { return adht.NodeIdSecure(id, to.AsSlice()) }
