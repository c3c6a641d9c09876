// Package gate stands between the engine of a DHT node and its socket: what
// leaves is rewritten, and nothing enters that was not asked for.
//
// Queries of the engine go out under transaction ids that nobody can guess, and
// carry the mark of BEP 43 while the node cannot be reached. A reply is let in
// if it is from where a query went, under the id that query had; of what it says
// the engine gets to see only addresses that are believable ([Believable]), of
// the family of the socket, one node for each address.
//
// On the way a gate learns as whom others see the node ([Gate.Self], BEP 42), and
// whether strangers reach it ([Gate.ReadOnly]). It does no I/O, reads no clock,
// and belongs to one goroutine at a time. All its memory is bounded.
package gate

import (
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"net/netip"
	"slices"
	"time"

	"github.com/warren-p2p/warren/internal/dht/krpc"
)

// Bounds.
const (
	maxPending = 1024             // queries without a reply
	patience   = 15 * time.Second // for a reply
)

// Errors of a gate.
var (
	ErrFull        = errors.New("too many queries without a reply")
	ErrUnasked     = errors.New("no query has this reply")
	ErrNotAQuery   = errors.New("only queries leave by the gate")
	ErrImplausible = errors.New("no address to send to")
)

// Config is what a gate needs.
type Config struct {
	IPv6 bool // the family of the socket
	// Blocked reports addresses that must not be spoken to; optional.
	Blocked func(netip.Addr) bool
	// Seen is told as whom who has answered sees us; optional.
	Seen func(by, us netip.Addr)
	Rand *rand.Rand // for transaction ids; it must not be guessable
}

// Gate is the gate of one socket.
type Gate struct {
	cfg     Config
	pending map[transaction]asked
	order   []transaction // the oldest first; some are answered already
	votes   votes
	reach   reach
}

// transaction names a query: where it went, and under which id.
type transaction struct {
	to netip.AddrPort
	id [4]byte
}

type asked struct {
	inner string // what the engine calls it
	at    time.Time
}

// New returns a gate nothing has passed yet.
func New(cfg Config) *Gate {
	return &Gate{cfg: cfg, pending: make(map[transaction]asked), reach: newReach()}
}

// May reports whether packets are exchanged with an address at all.
func (g *Gate) May(a netip.AddrPort) bool {
	ip := a.Addr()
	return a.Port() != 0 && ip.Is4() != g.cfg.IPv6 && !ip.Is4In6() && classOf(ip) != nowhere &&
		(g.cfg.Blocked == nil || !g.cfg.Blocked(ip))
}

// Leave returns what goes to the wire for a query of the engine.
func (g *Gate) Leave(packet []byte, to netip.AddrPort, now time.Time) ([]byte, error) {
	if !g.May(to) {
		return nil, ErrImplausible
	}
	m, err := krpc.Parse(packet)
	if err != nil {
		return nil, err
	}
	if m.Kind != krpc.Query {
		return nil, ErrNotAQuery
	}
	g.expire(now)
	if len(g.pending) >= maxPending {
		return nil, ErrFull
	}
	t := transaction{to: to}
	for ok := true; ok; _, ok = g.pending[t] {
		binary.BigEndian.PutUint32(t.id[:], g.cfg.Rand.Uint32())
	}
	g.pending[t] = asked{m.T, now}
	g.order = append(g.order, t)
	g.reach.sent(to.Addr(), now)
	m.T = string(t.id[:])
	m.ReadOnly = g.ReadOnly(now)
	// BEP 32: without it the other end may think we want both families.
	m.Want4, m.Want6 = !g.cfg.IPv6, g.cfg.IPv6
	if m.Method == krpc.Ping || m.Method == krpc.AnnouncePeer {
		m.Want4, m.Want6 = false, false
	}
	return m.Append(nil), nil
}

// Enter returns what the engine gets to see of a reply or an error.
func (g *Gate) Enter(m krpc.Message, from netip.AddrPort, now time.Time) ([]byte, error) {
	g.expire(now)
	t := transaction{to: from}
	copy(t.id[:], m.T)
	q, ok := g.pending[t]
	if !ok || len(m.T) != len(t.id) {
		return nil, ErrUnasked
	}
	delete(g.pending, t)
	m.T = q.inner
	if m.Kind == krpc.Error {
		return m.Append(nil), nil
	}
	g.reach.answered(now)
	if m.You.Addr().Is4() != g.cfg.IPv6 {
		g.votes.cast(from.Addr(), m.You.Addr())
		if g.cfg.Seen != nil && m.You.IsValid() {
			g.cfg.Seen(from.Addr(), m.You.Addr())
		}
	}
	m.You = netip.AddrPort{}
	m.Nodes = g.nodes(m.Nodes, from.Addr())
	m.Values = slices.DeleteFunc(m.Values, func(a netip.AddrPort) bool { return !Believable(a.Addr(), from.Addr()) })
	return m.Append(nil), nil
}

// nodes returns the contacts that are followed: a node that names the same
// address again and again would aim our queries at it.
func (g *Gate) nodes(list []krpc.Contact, teller netip.Addr) []krpc.Contact {
	kept := list[:0]
	for _, c := range list {
		ip := c.Addr.Addr()
		again := slices.ContainsFunc(kept, func(k krpc.Contact) bool {
			return k.Addr == c.Addr || k.Addr.Addr() == ip && classOf(ip) == public
		})
		if !again && g.May(c.Addr) && Believable(ip, teller) {
			kept = append(kept, c)
		}
	}
	return kept
}

// Queried notes that a query has come in from an address, which is how strangers
// show that they reach us.
func (g *Gate) Queried(from netip.Addr, now time.Time) { g.reach.queried(from, now) }

// Flush returns errors for all queries without a reply, with the addresses they
// would have come from, and forgets them: nobody is to wait for them any more.
func (g *Gate) Flush() (packets [][]byte, from []netip.AddrPort) {
	for t, q := range g.pending {
		m := krpc.Message{Kind: krpc.Error, T: q.inner, Code: krpc.CodeServer}
		packets, from = append(packets, m.Append(nil)), append(from, t.to)
	}
	clear(g.pending)
	g.order = nil
	return packets, from
}

func (g *Gate) expire(now time.Time) {
	for len(g.order) > 0 {
		t := g.order[0]
		if q, ok := g.pending[t]; ok {
			if now.Sub(q.at) < patience {
				return
			}
			delete(g.pending, t)
		}
		g.order = g.order[1:]
	}
}

// Self returns the public address others see us under, once enough of them agree
// and none has more of them.
func (g *Gate) Self() (netip.Addr, bool) { return g.votes.winner() }

// ReadOnly reports whether the node cannot be reached by strangers, as far as
// can be told: it answers nobody then, and says so (BEP 43).
func (g *Gate) ReadOnly(now time.Time) bool { return g.reach.readOnly(now) }
