// Package node is a simulated node: the decisions of the engine, with virtual
// time around them instead of sockets, locks and disks.
//
// Which piece to fetch of whom, how much to ask for, whom to serve, whom to dial
// and whom to ban is decided by the packages that decide it in the engine, called
// as packages fetch, table, peer and roster call them. What these do besides, a
// node does in the same order and by the same rules, for blocks that are numbers.
//
// A node may also be told to behave badly: see [Behaviour].
package node

import (
	"math/rand/v2"
	"net/netip"
	"time"

	"github.com/warren-p2p/warren/swarm/internal/choker"
	"github.com/warren-p2p/warren/swarm/internal/conduct"
	"github.com/warren-p2p/warren/swarm/internal/conns"
	"github.com/warren-p2p/warren/swarm/internal/limiter"
	"github.com/warren-p2p/warren/swarm/internal/picker"
	"github.com/warren-p2p/warren/swarm/sim/internal/events"
	"github.com/warren-p2p/warren/swarm/sim/internal/leech"
	"github.com/warren-p2p/warren/swarm/sim/internal/network"
)

// World is what is around a node.
type World interface {
	// At returns the node at an address that an Announce returned, online or not.
	At(addr netip.AddrPort) *Node
	// Announce tells the tracker of a node, and returns other nodes.
	Announce(n *Node) []netip.AddrPort
}

// Behaviour is what a node does that an honest one does not.
type Behaviour struct {
	Lie      float64       // share of its blocks that are wrong
	Hoard    bool          // it takes requests and answers none
	FreeRide bool          // it serves nobody
	Stall    time.Duration // after so long on a connection it sends nothing; 0 for never
}

// Config is what a node is.
type Config struct {
	Addr     netip.AddrPort
	Content  *leech.Content
	Complete bool // it has everything, or says so
	Behaviour

	MaxConns, HalfOpen int
	UpLimit            int64 // bytes per second, 0 for none
	Slots              int   // of the choker, 0 for as many as it chooses
	Announce           time.Duration
}

// Node is one of the swarm.
type Node struct {
	Config
	Host *network.Host

	world World
	time  *events.Queue
	net   *network.Network
	rng   *rand.Rand

	online  bool
	session int // counts joins: what was scheduled for an earlier one is void
	seeding bool
	poked   bool
	ticks   int
	asked   time.Duration // the last announce

	leech    *leech.Leech
	choke    *choker.Choker
	mgr      *conns.Manager
	up       *limiter.Bucket
	banned   map[netip.Addr]struct{}
	conduct  *conduct.Book
	changed  bool          // the choker has something to look at
	round    time.Duration // the last time it gave the slots anew
	serving  int           // connections that are unchoked
	diskFree time.Duration

	have  []bool
	store []uint64 // content of each block of pieces in have
	conns []*Conn  // in order of arrival
	byID  map[int32]*Conn
	// senders is who has sent something: what it was may turn out to be wrong.
	senders map[int32]*Node
	next    int32

	Stats Stats
}

// Stats is what became of a node.
type Stats struct {
	Joined, Done time.Duration // since the beginning; Done is -1 until it has everything
	Up, Down     int64         // blocks
	Wasted       int64         // of Down, blocks that came twice or were wrong, in earlier sessions
	Framed       int           // peers it has banned that never lied
	Verified     []int         // pieces verified in the event under way
}

// New returns a node that is offline.
func New(cfg Config, host *network.Host, net *network.Network, w World, rng *rand.Rand) *Node {
	n := &Node{
		Config: cfg, Host: host, world: w, time: net.Time, net: net, rng: rng,
		have: make([]bool, cfg.Content.Pieces), store: make([]uint64, cfg.Content.Pieces*cfg.Content.Blocks),
	}
	n.Stats.Done = -1
	if cfg.Complete {
		for i := range n.have {
			n.have[i] = true
		}
		for i := range n.store {
			n.store[i] = leech.Truth(i/cfg.Content.Blocks, i%cfg.Content.Blocks)
		}
		n.Stats.Done = 0
	}
	return n
}

// Join brings the node online, with what it has.
func (n *Node) Join() {
	if n.online {
		return
	}
	now := n.time.Now()
	n.online, n.session, n.ticks = true, n.session+1, 0
	n.leech = leech.New(n.Content, picker.New(n.Content.Pieces, n.rng), n.time, n)
	n.serving, n.diskFree, n.changed = 0, 0, true
	n.round = n.time.Elapsed() - choker.RechokePeriod
	n.banned, n.conduct = make(map[netip.Addr]struct{}), conduct.NewBook()
	n.byID = make(map[int32]*Conn)
	n.senders = make(map[int32]*Node)
	for i, have := range n.have {
		if have {
			n.leech.Pick.SetHave(i)
		}
	}
	n.choke = choker.New(choker.Config{Slots: n.Slots, UploadLimit: n.UpLimit}, n.rng)
	n.seeding = n.leech.Pick.Left() == 0
	n.choke.SetSeeding(n.seeding)
	n.up = limiter.New(n.UpLimit, now)
	n.mgr = conns.New(conns.Config{
		Policy: conns.Require, MaxConns: n.MaxConns, HalfOpen: n.HalfOpen,
		Verdicts: conns.NewVerdicts(4096), Rand: n.rng,
		Blocked: func(a netip.Addr) bool { _, out := n.banned[a]; return out },
	})
	n.mgr.SetSelf(n.Addr)
	if n.Stats.Joined == 0 {
		n.Stats.Joined = n.time.Elapsed()
	}
	n.announce()
	n.poke()
	session := n.session
	n.time.After(time.Duration(n.rng.Int64N(int64(time.Second))), events.Tick, n.Host.ID, n.Host.ID, func() { n.tick(session) })
}

// Leave takes the node offline. What was verified stays.
func (n *Node) Leave() {
	if !n.online {
		return
	}
	n.online = false
	for len(n.conns) > 0 {
		n.conns[len(n.conns)-1].Close()
	}
	n.Stats.Wasted += n.leech.Wasted
	n.leech.Wasted = 0
}

// poke makes the node look for what is due, soon.
func (n *Node) poke() {
	if n.poked || !n.online {
		return
	}
	n.poked = true
	n.time.After(pokeDelay, events.Step, n.Host.ID, n.Host.ID, func() {
		n.poked = false
		if n.online {
			n.step()
		}
	})
}

// pokeDelay is how long it takes until a node has come round to what is due; what
// came up meanwhile is done with it.
const pokeDelay = 50 * time.Millisecond

func (n *Node) step() {
	n.finish()
	n.dialMore()
	n.rechoke()
}

// longPeriod is how many ticks lie between what is done less often.
const longPeriod = 10

func (n *Node) tick(session int) {
	if !n.online || n.session != session {
		return
	}
	n.ticks++
	n.step()
	now := n.time.Elapsed()
	for _, c := range append([]*Conn(nil), n.conns...) {
		c.tick(n.ticks%longPeriod == 0)
	}
	if n.online && now-n.asked >= n.Announce {
		n.announce()
	}
	n.time.After(time.Second, events.Tick, n.Host.ID, n.Host.ID, func() { n.tick(session) })
}

func (n *Node) announce() {
	n.asked = n.time.Elapsed()
	n.mgr.Add(conns.Tracker, n.world.Announce(n)...)
	n.poke()
}
