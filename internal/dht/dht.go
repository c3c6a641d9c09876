// Package dht is a node of the mainline DHT: it finds the peers of a torrent by
// its info-hash alone, tells others that we are one, and does its share for
// others (BEP 5, 32, 42, 43).
//
// A [Node] has a socket for each family of addresses and, on it, a half: the two
// families are two DHTs. Package engine has the table and walks through the
// network; it is let near nothing it did not ask for. Package krpc decodes what
// comes, package gate decides what of it the engine may see, and package answer
// does what others ask. Package schedule is for whoever has many torrents.
//
// The id of a node is bound to its address (BEP 42) as soon as enough others agree
// on that; nodes whose ids are not bound to theirs may help to find the way, but
// get into no table and are not relied on.
package dht

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/netip"
	"sync"
	"time"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/vfs"
)

// Errors of a node.
var (
	ErrClosed = errors.New("the DHT node is closed")
	// ErrAlone means that no other node is known yet.
	ErrAlone = errors.New("no node of the DHT is known yet")
)

// Config is what a node needs.
type Config struct {
	// IPv4 and IPv6 are sockets, or parts of sockets, that carry one family; nil
	// for none. The node closes them.
	IPv4, IPv6 net.PacketConn
	Home       vfs.FS // where nodes and ids are kept
	Clock      clock.Clock
	Log        *slog.Logger
	// Bootstrap are nodes ("host:port") to begin with when no other is known.
	Bootstrap []string
	// Resolve looks up their names.
	Resolve func(ctx context.Context, host string) ([]netip.Addr, error)
	// Blocked reports addresses that must not be spoken to; optional.
	Blocked func(netip.Addr) bool
	// Seen is told as whom other nodes see us (BEP 42); optional. It must not wait.
	Seen func(by, us netip.Addr)
}

// Node is a running node. Its methods are safe for concurrent use.
type Node struct {
	cfg    Config
	halves []*half
	ctx    context.Context
	cancel context.CancelCauseFunc
	wg     sync.WaitGroup // upkeep and pings
	reads  sync.WaitGroup
	pings  chan netip.AddrPort
	once   sync.Once
	err    error // of Close
}

const (
	maxPings   = 64               // addresses that wait to be asked whether a node is there
	tickPeriod = time.Second      // between looks at what has changed
	savePeriod = 10 * time.Minute // of what a crash may forget
)

// New starts a node. It takes the sockets whatever it returns.
func New(cfg Config) (*Node, error) {
	n := &Node{cfg: cfg, pings: make(chan netip.AddrPort, maxPings)}
	n.ctx, n.cancel = context.WithCancelCause(context.Background())
	old, err := load(cfg.Home)
	if err != nil {
		cfg.Log.Warn("what was known of the DHT is lost", "err", err)
		err = nil
	}
	for _, c := range []net.PacketConn{cfg.IPv4, cfg.IPv6} {
		if c == nil {
			continue
		}
		h := newHalf(n, c, c == cfg.IPv6, old)
		n.halves = append(n.halves, h)
		err = errors.Join(err, h.start(old.half(h.v6).id()))
		n.reads.Go(h.read)
	}
	if err != nil {
		return nil, errors.Join(err, n.Close())
	}
	n.wg.Go(n.ping)
	n.wg.Go(n.tick)
	return n, nil
}

// Stats is the state of a node.
type Stats struct {
	Nodes    int  // other nodes in the tables, of both families
	ReadOnly bool // strangers do not reach any of the sockets
}

// Stats returns the state of the node.
func (n *Node) Stats() Stats {
	s := Stats{ReadOnly: len(n.halves) > 0}
	for _, h := range n.halves {
		s.Nodes += h.nodes()
		s.ReadOnly = s.ReadOnly && h.readOnly()
	}
	return s
}

// Addrs returns the addresses of the sockets.
func (n *Node) Addrs() []netip.AddrPort {
	var list []netip.AddrPort
	for _, h := range n.halves {
		list = append(list, h.local)
	}
	return list
}

// Hear takes the address of what may be a node: a peer has said so in a port
// message (BEP 5). It is asked, and if it answers it gets into the table. There
// is no telling whether that happens.
func (n *Node) Hear(at netip.AddrPort) {
	select {
	case n.pings <- at:
	default: // many peers say it; the table does not need each
	}
}

// ping asks what may be nodes, one after the other, so that peers cannot make us
// send to many addresses at once.
func (n *Node) ping() {
	for {
		select {
		case <-n.ctx.Done():
			return
		case at := <-n.pings:
			for _, h := range n.halves {
				if h.v6 == at.Addr().Unmap().Is6() {
					h.ping(n.ctx, netip.AddrPortFrom(at.Addr().Unmap(), at.Port()))
				}
			}
		}
	}
}

// tick looks after the halves, and keeps what they know now and then.
func (n *Node) tick() {
	t := time.NewTicker(tickPeriod)
	defer t.Stop()
	saved := n.cfg.Clock.Now()
	for {
		var wg sync.WaitGroup
		for _, h := range n.halves {
			wg.Go(h.tick)
		}
		wg.Wait()
		if now := n.cfg.Clock.Now(); now.Sub(saved) >= savePeriod {
			saved = now
			if err := n.save(); err != nil {
				n.cfg.Log.Warn("what is known of the DHT does not outlive this run", "err", err)
			}
		}
		select {
		case <-n.ctx.Done():
			return
		case <-t.C:
		}
	}
}

// Close ends the node, keeps what it knows of others, and waits for everything
// it has started.
func (n *Node) Close() error {
	n.once.Do(func() {
		n.err = n.save()
		n.cancel(ErrClosed)
		n.wg.Wait() // before the engines end: upkeep replaces them
		for _, h := range n.halves {
			n.err = errors.Join(n.err, h.close())
		}
		n.reads.Wait()
	})
	return n.err
}
