// Package pex decides what the peers of a torrent are told of each other, and
// what is taken of what they tell (BEP 11).
//
// A [Book] is the peers of one torrent that others can dial, with what came and
// went lately in order. Each connection has an [Outbox], which is but a place in
// that order, and an [Inbox], which counts what the peer has told: neither grows
// with the swarm. Addresses are passed on within their reach only (see
// [Sensible]): who calls over the internet learns nothing of the local network,
// and names nobody in it.
//
// Nothing here sends, sleeps or reads a clock, and nothing is safe for concurrent
// use.
package pex

import (
	"net/netip"

	"github.com/warren-p2p/warren/peerwire/extension"
)

// Bounds of BEP 11.
const (
	maxAdded   = 50 // told in one message
	maxDropped = 50
)

// maxGone bounds how many peers that left are remembered for those who have been
// told of them.
const maxGone = 128

// A Book is the peers of a torrent that can be told of.
type Book struct {
	seq    uint64
	events []event // in order of seq; one for each address at most
	gone   int     // of events
}

// event is that a peer came, or that it went.
type event struct {
	seq  uint64
	came uint64 // seq of when it came for the first time that is remembered
	peer extension.PexPeer
	went bool
}

// Update takes over who is there now: connected, and at an address where it can
// be dialled. An address that is there twice counts once.
func (b *Book) Update(now []extension.PexPeer) {
	there := make(map[netip.AddrPort]extension.PexFlags, len(now))
	for _, p := range now {
		there[p.Addr] = p.Flags
	}
	kept := b.events[:0]
	var went []event
	back := make(map[netip.AddrPort]uint64) // who had gone: when they came
	for _, e := range b.events {
		flags, ok := there[e.peer.Addr]
		switch {
		case e.went && ok:
			back[e.peer.Addr] = e.came
		case e.went:
			kept = append(kept, e)
		case !e.went && ok:
			e.peer.Flags = flags
			kept = append(kept, e)
			delete(there, e.peer.Addr)
		case !e.went:
			went = append(went, e)
		}
	}
	clear(b.events[len(kept):])
	b.events = kept
	for _, e := range went {
		b.seq++
		b.events = append(b.events, event{seq: b.seq, came: e.came, peer: e.peer, went: true})
	}
	for _, p := range now { // in the order given, so that a run replays
		if flags, ok := there[p.Addr]; ok {
			delete(there, p.Addr)
			b.seq++
			came, ok := back[p.Addr]
			if !ok {
				came = b.seq
			}
			b.events = append(b.events, event{seq: b.seq, came: came, peer: extension.PexPeer{Addr: p.Addr, Flags: flags}})
		}
	}
	b.forget()
}

// forget drops the oldest of those who went, if they are too many.
func (b *Book) forget() {
	gone := 0
	for _, e := range b.events {
		if e.went {
			gone++
		}
	}
	kept := b.events[:0]
	for _, e := range b.events {
		if e.went && gone > maxGone {
			gone--
			continue
		}
		kept = append(kept, e)
	}
	clear(b.events[len(kept):])
	b.events, b.gone = kept, gone
}

// Len returns how many peers are there.
func (b *Book) Len() int { return len(b.events) - b.gone }

// Idle reports whether there is nobody, and nobody to tell about.
func (b *Book) Idle() bool { return len(b.events) == 0 }
