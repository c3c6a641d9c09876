// Package sim runs swarms that exist in memory only: virtual time, a network of
// slow, lossy and closed lines, and nodes that decide as the engine does, because
// its packages decide for them. A scenario says who takes part and what is
// expected; a seed decides what chance does. The same scenario and seed give the
// same run, event by event.
//
// After every event the nodes it concerned are checked: see [Violation].
package sim

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net/netip"
	"time"

	"github.com/warren-p2p/warren/swarm/sim/internal/events"
	"github.com/warren-p2p/warren/swarm/sim/internal/leech"
	"github.com/warren-p2p/warren/swarm/sim/internal/network"
	"github.com/warren-p2p/warren/swarm/sim/internal/node"
	"github.com/warren-p2p/warren/swarm/sim/internal/script"
)

// Scenario is a swarm and what is expected of it. Package script, beside this
// one, has the language.
type Scenario = script.Scenario

// Parse reads a scenario. Errors wrap [ErrSyntax].
func Parse(name, text string) (*Scenario, error) { return script.Parse(name, text) }

// ErrSyntax is wrapped by the errors of Parse.
var ErrSyntax = script.ErrSyntax

// member is a node and what the scenario says of it.
type member struct {
	*node.Node
	group *script.Group
	id    int32
	// inReach is since when a full copy was in its reach, -1 if none is.
	inReach time.Duration
	awaited bool // the run goes on until it has everything
}

// world is a run.
type world struct {
	sc      *Scenario
	seed    uint64
	time    *events.Queue
	net     *network.Network
	rng     *rand.Rand
	members []*member
	byAddr  map[netip.AddrPort]*member
	pending int // members that are awaited and have not everything
	trace   io.Writer
	failed  error
}

// Run runs a scenario with a seed. What happens is written to trace, if there is
// one. The result says what was violated, if anything was.
func Run(sc *Scenario, seed uint64, trace io.Writer) *Result {
	w := newWorld(sc, seed, trace)
	w.schedule()
	for w.failed == nil && w.pending > 0 && w.time.Elapsed() < sc.Until {
		e, ok := w.time.Next()
		if !ok {
			break
		}
		w.inspect(e)
	}
	return w.result()
}

func newWorld(sc *Scenario, seed uint64, trace io.Writer) *world {
	w := &world{
		sc: sc, seed: seed, trace: trace, time: &events.Queue{},
		rng: rand.New(rand.NewPCG(seed, 1)), byAddr: make(map[netip.AddrPort]*member),
	}
	w.net = network.New(w.time, rand.New(rand.NewPCG(seed, 2)))
	content := &leech.Content{Pieces: sc.Pieces, Blocks: sc.Blocks}
	for _, g := range sc.Groups {
		for range g.Count {
			w.add(g, content)
		}
	}
	w.await(func(g *script.Group) bool { return g.Honest() })
	if w.pending == 0 {
		w.await(func(*script.Group) bool { return true })
	}
	return w
}

// await says for whom the run goes on.
func (w *world) await(whom func(*script.Group) bool) {
	for _, m := range w.members {
		if m.awaited = !m.group.Complete && whom(m.group); m.awaited {
			w.pending++
		}
	}
}

func (w *world) add(g *script.Group, content *leech.Content) {
	host := w.net.Add(network.Spec{
		Up: g.Up, Down: g.Down, Disk: g.Disk, Delay: w.draw(g.Delay), Loss: g.Loss, NAT: g.NAT,
	})
	cfg := node.Config{
		Addr: w.address(), Content: content, Complete: g.Complete,
		Behaviour: node.Behaviour{Lie: g.Lie, Hoard: g.Hoard, FreeRide: g.FreeRide, Stall: g.Stall},
		MaxConns:  w.sc.Conns, HalfOpen: w.sc.HalfOpen, UpLimit: g.Limit, Slots: g.Slots, Announce: w.sc.Every,
	}
	rng := rand.New(rand.NewPCG(w.seed, 1000+uint64(host.ID)))
	m := &member{Node: node.New(cfg, host, w.net, w, rng), group: g, id: host.ID, inReach: -1}
	w.members = append(w.members, m)
	w.byAddr[cfg.Addr] = m
}

// address returns one that nobody has.
func (w *world) address() netip.AddrPort {
	for {
		x := w.rng.Uint32()
		a := netip.AddrPortFrom(netip.AddrFrom4([4]byte{byte(11 + x%100), byte(x >> 8), byte(x >> 16), byte(x >> 24)}), 6881)
		if _, taken := w.byAddr[a]; !taken {
			return a
		}
	}
}

func (w *world) draw(s script.Span) time.Duration {
	if s.To <= s.From {
		return s.From
	}
	return s.From + time.Duration(w.rng.Int64N(int64(s.To-s.From)))
}

// At implements node.World.
func (w *world) At(a netip.AddrPort) *node.Node { return w.byAddr[a].Node }

// Announce implements node.World: it returns others at random, as trackers do.
func (w *world) Announce(n *node.Node) []netip.AddrPort {
	var others []netip.AddrPort
	for _, m := range w.members {
		if m.Online() && m.Node != n {
			others = append(others, m.Addr)
		}
	}
	w.rng.Shuffle(len(others), func(i, j int) { others[i], others[j] = others[j], others[i] })
	return others[:min(len(others), w.sc.Want)]
}

func (w *world) logf(format string, args ...any) {
	if w.trace != nil {
		fmt.Fprintf(w.trace, "%10.3fs  "+format+"\n", append([]any{w.time.Elapsed().Seconds()}, args...)...)
	}
}
