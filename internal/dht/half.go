package dht

import (
	"context"
	"crypto/rand"
	"errors"
	mrand "math/rand/v2"
	"net"
	"net/netip"
	"sync"
	"time"

	"github.com/warren-p2p/warren/internal/dht/answer"
	"github.com/warren-p2p/warren/internal/dht/engine"
	"github.com/warren-p2p/warren/internal/dht/gate"
	"github.com/warren-p2p/warren/internal/dht/krpc"
)

// half is the node in one of the two families.
type half struct {
	n      *Node
	conn   net.PacketConn
	local  netip.AddrPort
	v6     bool
	starts starts
	wg     sync.WaitGroup // greetings

	mu      sync.Mutex // held briefly; nothing is waited for with it
	gate    *gate.Gate
	answers *answer.Answerer
	shut    bool                        // the engine sends nothing any more
	self    netip.Addr                  // the address the id is bound to; invalid if none is known
	began   time.Time                   // the engine
	engine  *engine.Engine              // nil at the end
	known   map[netip.AddrPort]struct{} // nodes of the table, when it was looked at last
	greeted int                         // pings under way to those who have asked something
}

// maxGreeted bounds the pings to nodes that have asked something.
const maxGreeted = 8

func newHalf(n *Node, c net.PacketConn, v6 bool, old state) *half {
	kept := old.half(v6)
	return &half{
		n: n, conn: c, local: localOf(c, v6), v6: v6, self: kept.Self,
		starts:  starts{n: n, v6: v6, known: kept.addrs()},
		gate:    gate.New(gate.Config{IPv6: v6, Blocked: n.cfg.Blocked, Seen: n.cfg.Seen, Rand: secretRand()}),
		answers: answer.New(answer.Config{IPv6: v6, Rand: secretRand()}),
	}
}

// localOf returns the address of a socket in one family: it may have both.
func localOf(c net.PacketConn, v6 bool) netip.AddrPort {
	var at netip.AddrPort
	if udp, ok := c.LocalAddr().(*net.UDPAddr); ok {
		at = udp.AddrPort()
	}
	ip := at.Addr().Unmap()
	switch {
	case v6 && !ip.Is6():
		ip = netip.IPv6Unspecified()
	case !v6 && !ip.Is4():
		ip = netip.IPv4Unspecified()
	}
	return netip.AddrPortFrom(ip, at.Port())
}

// secretRand returns a source nobody can guess.
func secretRand() *mrand.Rand {
	var seed [32]byte
	_, _ = rand.Read(seed[:]) // never fails: crypto/rand
	return mrand.New(mrand.NewChaCha8(seed))
}

// start starts an engine under an id, or a new one if that is zero or not bound
// to our address (BEP 42).
func (h *half) start(id krpc.ID) error {
	if id == (krpc.ID{}) || h.self.IsValid() && !engine.Bound(id, h.self) {
		_, _ = rand.Read(id[:]) // never fails: crypto/rand
		if h.self.IsValid() {
			id = engine.Bind(id, h.self)
		}
	}
	e, err := engine.New(id, h.local, h.send)
	if err != nil {
		return err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.engine, h.shut, h.began = e, false, h.n.cfg.Clock.Now()
	h.answers.SetID(id)
	return nil
}

// send sends a query of the engine.
func (h *half) send(b []byte, to netip.AddrPort) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.shut {
		return ErrClosed
	}
	out, err := h.gate.Leave(b, to, h.n.cfg.Clock.Now())
	if err != nil {
		return err
	}
	_, err = h.conn.WriteTo(out, net.UDPAddrFromAddrPort(to))
	return err
}

// read reads the socket until it is closed.
func (h *half) read() {
	b := make([]byte, krpc.MaxSize+1) // one more, to tell what was cut off
	for {
		n, from, err := h.conn.ReadFrom(b)
		if errors.Is(err, net.ErrClosed) {
			return
		}
		at, ok := from.(*net.UDPAddr)
		if err != nil || !ok {
			// Some systems report what became of a packet sent before. What does not
			// go away by itself must not turn into a loop that never rests.
			select {
			case <-h.n.ctx.Done():
				return
			case <-time.After(10 * time.Millisecond):
			}
			continue
		}
		h.receive(b[:n], netip.AddrPortFrom(at.AddrPort().Addr().Unmap(), at.AddrPort().Port()))
	}
}

// receive takes a packet from anybody.
func (h *half) receive(b []byte, from netip.AddrPort) {
	now := h.n.cfg.Clock.Now()
	m, err := krpc.Parse(b)
	if err != nil {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case h.engine == nil || !h.gate.May(from):
	case m.Kind == krpc.Query:
		h.answer(m, from, now)
	default:
		if in, err := h.gate.Enter(m, from, now); err == nil {
			h.engine.Take(in, from)
		}
	}
}

// answer answers a query, unless strangers are not to be answered. The caller
// holds mu.
func (h *half) answer(q krpc.Message, from netip.AddrPort, now time.Time) {
	if !h.answers.Allow(from.Addr(), now) {
		return
	}
	h.gate.Queried(from.Addr(), now)
	if h.gate.ReadOnly(now) {
		return
	}
	if !q.ReadOnly {
		h.greet(from)
	}
	r := h.answers.Answer(q, from, now)
	_, _ = h.conn.WriteTo(r.Append(nil), net.UDPAddrFromAddrPort(from)) // who asks gets no more than a try
}

// greet pings a node that has asked something: if it answers as well, it gets
// into the table. The caller holds mu.
func (h *half) greet(at netip.AddrPort) {
	if _, known := h.known[at]; known || h.greeted >= maxGreeted {
		return
	}
	h.greeted++
	h.wg.Go(func() {
		h.ping(h.n.ctx, at)
		h.mu.Lock()
		defer h.mu.Unlock()
		h.greeted--
	})
}

// ping asks a node whether it is there; the engine puts it into its table.
func (h *half) ping(ctx context.Context, at netip.AddrPort) {
	e := h.current()
	if e == nil {
		return
	}
	if e.Ping(ctx, at) == nil {
		h.look(e)
	}
}

// look tells those who answer which nodes there are.
func (h *half) look(e *engine.Engine) {
	list := e.Contacts()
	known := make(map[netip.AddrPort]struct{}, len(list))
	for _, c := range list {
		known[c.Addr] = struct{}{}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.known = known
	h.answers.SetContacts(list)
}

func (h *half) current() *engine.Engine {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.engine
}

func (h *half) nodes() int {
	if e := h.current(); e != nil {
		return e.Len()
	}
	return 0
}

func (h *half) readOnly() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.gate.ReadOnly(h.n.cfg.Clock.Now())
}
