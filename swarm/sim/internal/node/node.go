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
	"github.com/warren-p2p/warren/swarm/internal/conns"
	"github.com/warren-p2p/warren/swarm/internal/limiter"
	"github.com/warren-p2p/warren/swarm/internal/picker"
	"github.com/warren-p2p/warren/swarm/sim/internal/events"
	"github.com/warren-p2p/warren/swarm/sim/internal/network"
)

// World is what is around a node.
type World interface {
	// At returns the node that can be dialled at an address, nil if there is none.
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

// Honest reports whether it is none of that.
func (b Behaviour) Honest() bool { return b == Behaviour{} }

// Config is what a node is.
type Config struct {
	Addr     netip.AddrPort
	Content  *Content
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

	pick     *picker.Picker
	choke    *choker.Choker
	mgr      *conns.Manager
	up       *limiter.Bucket
	pieces   []*progress // by index, nil if nothing of it is here
	orphans  int
	ending   bool // the picker was in endgame when it was looked at last
	whole    int  // pieces that are complete and not judged yet
	suspects map[int]*suspicion
	banned   map[netip.Addr]struct{}
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
	Joined, Done   time.Duration // since the beginning; Done is -1 until it has everything
	Progress       time.Duration // the last time a block came that counts
	Up, Down       int64         // blocks
	Wasted         int64         // of Down, blocks that came twice or were wrong
	Guilty, Framed int           // peers it has banned; of them, those that never lied
	Rebuilt        int           // pieces that failed their check
	Verified       []int         // pieces verified in the event under way
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
			n.store[i] = Truth(i/cfg.Content.Blocks, i%cfg.Content.Blocks)
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
	n.pick = picker.New(n.Content.Pieces, n.rng)
	n.pieces = make([]*progress, n.Content.Pieces)
	n.orphans, n.whole, n.ending = 0, 0, false
	n.suspects = make(map[int]*suspicion)
	n.banned = make(map[netip.Addr]struct{})
	n.byID = make(map[int32]*Conn)
	n.senders = make(map[int32]*Node)
	for i, have := range n.have {
		if have {
			n.pick.SetHave(i)
		}
	}
	n.choke = choker.New(choker.Config{Slots: n.Slots, UploadLimit: n.UpLimit}, n.rng)
	n.seeding = n.pick.Left() == 0
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
	n.Stats.Progress = n.time.Elapsed()
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
	for len(n.conns) > 0 {
		n.conns[len(n.conns)-1].Close()
	}
	n.online = false
}

// Online reports whether it is.
func (n *Node) Online() bool { return n.online }

// Full reports whether the node has everything.
func (n *Node) Full() bool { return n.Stats.Done >= 0 }

// Has reports whether the node has verified a piece, or says so.
func (n *Node) Has(piece int) bool { return n.have[piece] }

// Piece returns what the node has stored of a piece, block by block.
func (n *Node) Piece(i int) []uint64 { return n.store[i*n.Content.Blocks : (i+1)*n.Content.Blocks] }

// Conns returns how many connections there are.
func (n *Node) Conns() int { return len(n.conns) }

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
const pokeDelay = 10 * time.Millisecond

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
	if n.online && now-n.asked >= n.Announce && !n.seeding {
		n.announce()
	}
	n.time.After(time.Second, events.Tick, n.Host.ID, n.Host.ID, func() { n.tick(session) })
}

func (n *Node) announce() {
	n.asked = n.time.Elapsed()
	n.mgr.Add(conns.Tracker, n.world.Announce(n)...)
	n.poke()
}

// finish is what happens once nothing wanted is missing.
func (n *Node) finish() {
	if n.seeding || n.pick.Left() > 0 {
		return
	}
	n.seeding = true
	n.choke.SetSeeding(true)
	for _, c := range append([]*Conn(nil), n.conns...) {
		c.updateInterest()
		c.partSeeds()
	}
}

// Dials returns what the connection manager counts.
func (n *Node) Dials() conns.Stats { return n.mgr.Stats() }

// Bans reports whether the node has banned an address.
func (n *Node) Bans(a netip.Addr) bool {
	_, out := n.banned[a]
	return out
}
