// Package network is what lies between simulated nodes: hosts with a bandwidth,
// a delay, packets that get lost, and ways into them that are open or not; and
// connections, which behave as TCP does as far as that decides how fast blocks
// travel.
//
// Blocks are not bytes here. A [Block] names what was asked for and what came.
package network

import (
	"math/rand/v2"
	"time"

	"github.com/warren-p2p/warren/swarm/sim/internal/events"
)

// BlockLen is how many bytes a block is on the way, headers included.
const BlockLen = 16<<10 + 13

// NAT is how a host can be reached.
type NAT uint8

// The kinds of NAT.
const (
	Open   NAT = iota // by anybody
	Cone              // once somebody behind it has sent something out: a mapped port answers all
	Closed            // by nobody; it can only dial
)

// Spec is what a host is like.
type Spec struct {
	Up, Down float64       // bytes per second
	Disk     float64       // bytes per second, 0 for no limit
	Delay    time.Duration // from the host to the middle of the network
	Loss     float64       // of packets, 0 to 1
	NAT      NAT
}

// Host is a machine with one line to the network.
type Host struct {
	Spec
	ID int32

	net      *Network
	group    int  // of a partition
	sending  bool // a block is leaving
	downFree time.Duration
	turn     []*Pipe // pipes with something to send, in turn
	Sent     int64   // blocks
}

// Network is all hosts.
type Network struct {
	Time  *events.Queue
	Rand  *rand.Rand
	hosts []*Host
	split bool
}

// New returns a network without hosts.
func New(q *events.Queue, rng *rand.Rand) *Network { return &Network{Time: q, Rand: rng} }

// Add adds a host.
func (n *Network) Add(s Spec) *Host {
	h := &Host{Spec: s, ID: int32(len(n.hosts)), net: n}
	n.hosts = append(n.hosts, h)
	return h
}

// Split parts the network: hosts for which side differs do not reach each other
// until Heal.
func (n *Network) Split(side func(id int32) int) {
	n.split = true
	for _, h := range n.hosts {
		h.group = side(h.ID)
	}
}

// Heal ends the partition. What was on its way is sent again.
func (n *Network) Heal() {
	n.split = false
	for _, h := range n.hosts {
		h.pump()
	}
}

// Apart reports whether a partition lies between two hosts.
func (n *Network) Apart(a, b *Host) bool { return n.split && a.group != b.group }

// Delay returns how long a packet takes from a to b this time.
func (n *Network) Delay(a, b *Host) time.Duration {
	d := a.Delay + b.Delay
	return d + time.Duration(n.Rand.Int64N(int64(d/20)+1))
}

// Reaches reports whether a can open a connection to b.
func (n *Network) Reaches(a, b *Host) bool { return b.NAT != Closed && !n.Apart(a, b) }

// blockLoss returns the chance that a block loses a packet.
func (h *Host) blockLoss(to *Host) float64 {
	const packets = 12
	p := h.Loss + to.Loss - h.Loss*to.Loss
	kept := 1.0
	for range packets {
		kept *= 1 - p
	}
	return 1 - kept
}

func (h *Host) enrol(p *Pipe) {
	if p.queued || !p.ready() {
		return
	}
	p.queued = true
	h.turn = append(h.turn, p)
	h.pump()
}

// pump sends the next block if none is leaving. Pipes take turns, as flows of
// TCP do at a queue.
func (h *Host) pump() {
	for !h.sending && len(h.turn) > 0 {
		p := h.turn[0]
		h.turn = h.turn[1:]
		p.queued = false
		if !p.ready() {
			continue
		}
		b, ok := p.src.Next()
		if !ok {
			continue
		}
		h.sending = true
		p.send(b)
		p.queued = p.ready()
		if p.queued {
			h.turn = append(h.turn, p)
		}
	}
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }
