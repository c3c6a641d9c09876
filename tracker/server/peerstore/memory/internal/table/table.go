// Package table is the peers of a swarm in one family of addresses, eight bytes each
// over IPv4: their compact form, and a [Stamp].
//
// Those that want something stand in front of those that do not, which is all the
// order there is. A small table is searched from end to end, as that touches a dozen
// cache lines; a larger one has an index.
package table

import (
	"encoding/binary"
	"hash/maphash"
	"slices"
	"time"

	"github.com/warren-p2p/warren/tracker/message"
	"github.com/warren-p2p/warren/tracker/server/peerstore"
)

// Stamp is what is known of a peer beside its address: in the upper twelve bits
// the minute in which it was heard of, below them what it said.
type Stamp uint16

// The lower bits of a stamp.
const (
	TLS     Stamp = peerstore.FlagTLS
	Pin     Stamp = peerstore.FlagPin
	Partial Stamp = 4
	Seeder  Stamp = 8
)

// minutes is after how many a stamp begins anew. A peer is forgotten long before.
const minutes = 1 << 12

// MinuteOf returns the minute of a stamp that is made at a time.
func MinuteOf(t time.Time) uint16 { return uint16(t.Unix() / 60 % minutes) }

// Age returns how many minutes ago a stamp was made.
func (s Stamp) Age(minute uint16) uint16 { return (minute - uint16(s>>4)) % minutes }

// StampOf returns the stamp of an announce.
func StampOf(a *peerstore.Announce) Stamp {
	s := Stamp(MinuteOf(a.Now)) << 4
	switch a.Role {
	case peerstore.Partial:
		s |= Partial
	case peerstore.Seeder:
		s |= Seeder
	}
	if a.TLS.Support || a.TLS.Require {
		s |= TLS
		if a.TLS.Pin != (message.Pin{}) {
			s |= Pin
		}
	}
	return s
}

// Table is the peers of a swarm in one family. What is exported is to be looked at.
type Table struct {
	Stride  int    // bytes of a peer: its compact form and a stamp
	Peers   []byte // one after the other
	Wants   int    // those in front
	Partial int    // of those behind, partial seeds
	TLS     int    // those that accept TLS
	index   index
}

// New returns an empty table of peers whose compact form has size bytes.
func New(size int) Table { return Table{Stride: size + 2} }

// Len is how many peers there are.
func (t *Table) Len() int { return len(t.Peers) / t.Stride }

// Key is the compact peer at a place.
func (t *Table) Key(at int) []byte { return t.Peers[at*t.Stride : (at+1)*t.Stride-2] }

// Stamp is what is known of the peer at a place.
func (t *Table) Stamp(at int) Stamp {
	return Stamp(binary.BigEndian.Uint16(t.Peers[(at+1)*t.Stride-2:]))
}

// Seeder reports whether the peer at a place has everything.
func (t *Table) Seeder(at int) bool { return t.Stamp(at)&Seeder != 0 }

// Find returns the place of a peer, or -1.
func (t *Table) Find(key []byte, seed maphash.Seed) int {
	switch {
	case t.index != nil:
		return t.index.find(t, key, seed)
	case len(key) == peerstore.Size4:
		// One comparison a peer: its eight bytes are read as a number.
		want := uint64(binary.BigEndian.Uint32(key))<<16 | uint64(binary.BigEndian.Uint16(key[4:]))
		for at, rest := 0, t.Peers; len(rest) >= 8; at, rest = at+1, rest[8:] {
			if binary.BigEndian.Uint64(rest)>>16 == want {
				return at
			}
		}
		return -1
	}
	for at := range t.Len() {
		if string(t.Key(at)) == string(key) {
			return at
		}
	}
	return -1
}

// Add puts a peer in that is not there, and returns where it stands.
func (t *Table) Add(key []byte, said Stamp, seed maphash.Seed) int {
	at := t.Len()
	t.Peers = append(t.Peers, key...)
	t.Peers = binary.BigEndian.AppendUint16(t.Peers, uint16(said))
	t.counts(said, 1)
	t.index = t.index.added(t, at, seed)
	if said&(Seeder|Partial) == 0 {
		t.swap(at, t.Wants, seed)
		at = t.Wants
		t.Wants++
	}
	return at
}

// Change notes what a peer says now, and returns where it stands then.
func (t *Table) Change(at int, said Stamp, seed maphash.Seed) int {
	was := t.Stamp(at)
	binary.BigEndian.PutUint16(t.Peers[(at+1)*t.Stride-2:], uint16(said))
	if was&0xf == said&0xf {
		return at
	}
	t.counts(was, -1)
	t.counts(said, 1)
	switch wanted, wants := at < t.Wants, said&(Seeder|Partial) == 0; {
	case wanted && !wants:
		t.Wants--
		t.swap(at, t.Wants, seed)
		return t.Wants
	case !wanted && wants:
		t.swap(at, t.Wants, seed)
		t.Wants++
		return t.Wants - 1
	}
	return at
}

// Remove takes a peer out. The last ones of both kinds move up.
func (t *Table) Remove(at int, seed maphash.Seed) {
	t.counts(t.Stamp(at), -1)
	if at < t.Wants {
		t.Wants--
		t.swap(at, t.Wants, seed)
		at = t.Wants
	}
	last := t.Len() - 1
	t.swap(at, last, seed)
	t.index = t.index.removed(t, last, seed)
	t.Peers = t.Peers[:last*t.Stride]
	if cap(t.Peers) > 4*len(t.Peers) && cap(t.Peers) > 64*t.Stride {
		t.Peers = slices.Clone(t.Peers)
	}
}

func (t *Table) counts(s Stamp, n int) {
	if s&Partial != 0 {
		t.Partial += n
	}
	if s&TLS != 0 {
		t.TLS += n
	}
}

func (t *Table) swap(a, b int, seed maphash.Seed) {
	if a == b {
		return
	}
	t.index.swapped(t, a, b, seed)
	var saved [peerstore.Size6 + 2]byte
	first, second := t.Peers[a*t.Stride:(a+1)*t.Stride], t.Peers[b*t.Stride:(b+1)*t.Stride]
	n := copy(saved[:], first)
	copy(first, second)
	copy(second, saved[:n])
}
