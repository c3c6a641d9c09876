// Package peerstore is what a tracker remembers: which peers are in which swarm.
//
// A [Store] is the memory of this process (package memory) or of a server that
// several trackers share (package redis). Both pass the suite in storetest.
//
// Peers are known by address and port, not by peer id: who comes back with another
// id is the same peer, and whoever makes up ids is still one. IPv4 and IPv6 are
// kept apart (BEP 7): who asks over one family is told of that family, because a
// client announces itself over both.
package peerstore

import (
	"context"
	"errors"
	"net/netip"
	"time"

	"github.com/warren-p2p/warren/tracker/message"
)

// Sizes of a compact peer: address and port (BEP 23, 7).
const (
	Size4 = 6
	Size6 = 18
)

// Bits of [Answer.Flags], as in tls_flags.
const (
	FlagTLS = 0x01
	FlagPin = 0x02
)

// ErrFull is returned for a swarm or a peer beyond the bounds of a store.
var ErrFull = errors.New("the tracker is full")

// Role is what a peer wants of a swarm.
type Role uint8

// The roles.
const (
	Leecher Role = iota // lacks some
	Partial             // lacks some and wants nothing (BEP 21)
	Seeder              // has everything
)

// Announce is a peer that says where it is.
type Announce struct {
	InfoHash  [20]byte
	Peer      netip.AddrPort // IPv4 is not mapped into IPv6; the port is not 0
	Role      Role
	Stopped   bool // leaves the swarm
	Completed bool // has just got the last byte
	NumWant   int  // peers wanted, as bounded by the caller; 0 or more
	// TLS is what it says of BitTorrent over TLS. A peer that requires it is told
	// of those that have it only.
	TLS message.TLS
	Now time.Time
}

// Answer is what a peer is told. Its slices are written over by the next Announce
// that gets it.
type Answer struct {
	Peers []byte // compact, in the family of who asked
	Flags []byte // a byte for each peer; empty if none of the swarm has TLS
	Pins  []byte // 32 bytes for each flag with FlagPin
	Totals
}

// Reset empties an answer and keeps its memory.
func (a *Answer) Reset() {
	*a = Answer{Peers: a.Peers[:0], Flags: a.Flags[:0], Pins: a.Pins[:0]}
}

// Totals is how many peers a swarm has, in both families.
type Totals struct {
	Seeders   int
	Completed int // announces with which a peer became a seeder, since the swarm is known
	Leechers  int // all others, partial seeds too
	Partial   int // those of Leechers that want nothing
}

// Count is how much a store holds. A store that several trackers share does not
// count peers: it says -1.
type Count struct {
	Swarms, Peers4, Peers6 int
}

// Store remembers peers. Its methods are safe for concurrent use. A peer that is
// not heard of for the store's time to live is forgotten.
type Store interface {
	// Announce takes note of a peer, or of its end, and picks others for it, never
	// itself, at random and in O(NumWant). A seeder and a partial seed are told of
	// peers alone that want something.
	Announce(ctx context.Context, a *Announce, to *Answer) error
	// Scrape appends the totals of swarms, in their order; those of a swarm that is
	// not known are zero.
	Scrape(ctx context.Context, hashes [][20]byte, dst []Totals, now time.Time) ([]Totals, error)
	// Expire forgets peers whose time is over. It is called about once a minute.
	Expire(ctx context.Context, now time.Time) error
	// Count tells how much is held.
	Count(ctx context.Context) (Count, error)
	Close() error
}
