package memory

import (
	"encoding/binary"
	"hash/maphash"
	"slices"
	"time"

	"github.com/warren-p2p/warren/tracker/message"
	"github.com/warren-p2p/warren/tracker/server/peerstore"
)

// stamp is what is known of a peer beside its address: in the upper twelve bits
// the minute in which it was heard of, below them what it said.
type stamp uint16

// The lower bits of a stamp.
const (
	stampTLS     stamp = peerstore.FlagTLS
	stampPin     stamp = peerstore.FlagPin
	stampPartial stamp = 4
	stampSeeder  stamp = 8
)

// minutes is after how many a stamp begins anew. A peer is forgotten long before.
const minutes = 1 << 12

func minuteOf(t time.Time) uint16 { return uint16(t.Unix() / 60 % minutes) }

// age returns how many minutes ago a stamp was made.
func (s stamp) age(minute uint16) uint16 { return (minute - uint16(s>>4)) % minutes }

func stampOf(a *peerstore.Announce) stamp {
	s := stamp(minuteOf(a.Now)) << 4
	switch a.Role {
	case peerstore.Partial:
		s |= stampPartial
	case peerstore.Seeder:
		s |= stampSeeder
	}
	if a.TLS.Support || a.TLS.Require {
		s |= stampTLS
		if a.TLS.Pin != (message.Pin{}) {
			s |= stampPin
		}
	}
	return s
}

// table is the peers of a swarm in one family. Those that want something are in
// front.
type table struct {
	stride  int // bytes of a peer: its compact form and a stamp
	peers   []byte
	wants   int // those in front
	partial int // of those behind, partial seeds
	tls     int // those that accept TLS
	index   index
}

func (t *table) len() int          { return len(t.peers) / t.stride }
func (t *table) key(at int) []byte { return t.peers[at*t.stride : (at+1)*t.stride-2] }
func (t *table) stamp(at int) stamp {
	return stamp(binary.BigEndian.Uint16(t.peers[(at+1)*t.stride-2:]))
}
func (t *table) seeder(at int) bool { return t.stamp(at)&stampSeeder != 0 }

// find returns the place of a peer, or -1.
func (t *table) find(key []byte, seed maphash.Seed) int {
	switch {
	case t.index != nil:
		return t.index.find(t, key, seed)
	case len(key) == peerstore.Size4:
		// One comparison a peer: its eight bytes are read as a number.
		want := uint64(binary.BigEndian.Uint32(key))<<16 | uint64(binary.BigEndian.Uint16(key[4:]))
		for at, rest := 0, t.peers; len(rest) >= 8; at, rest = at+1, rest[8:] {
			if binary.BigEndian.Uint64(rest)>>16 == want {
				return at
			}
		}
		return -1
	}
	for at := range t.len() {
		if string(t.key(at)) == string(key) {
			return at
		}
	}
	return -1
}

// add puts a peer in that is not there, and returns where it stands.
func (t *table) add(key []byte, said stamp, seed maphash.Seed) int {
	at := t.len()
	t.peers = append(t.peers, key...)
	t.peers = binary.BigEndian.AppendUint16(t.peers, uint16(said))
	t.counts(said, 1)
	t.index = t.index.added(t, at, seed)
	if said&(stampSeeder|stampPartial) == 0 {
		t.swap(at, t.wants, seed)
		at = t.wants
		t.wants++
	}
	return at
}

// change notes what a peer says now, and returns where it stands then.
func (t *table) change(at int, said stamp, seed maphash.Seed) int {
	was := t.stamp(at)
	binary.BigEndian.PutUint16(t.peers[(at+1)*t.stride-2:], uint16(said))
	if was&0xf == said&0xf {
		return at
	}
	t.counts(was, -1)
	t.counts(said, 1)
	switch wanted, wants := at < t.wants, said&(stampSeeder|stampPartial) == 0; {
	case wanted && !wants:
		t.wants--
		t.swap(at, t.wants, seed)
		return t.wants
	case !wanted && wants:
		t.swap(at, t.wants, seed)
		t.wants++
		return t.wants - 1
	}
	return at
}

// remove takes a peer out. The last ones of both kinds move up.
func (t *table) remove(at int, seed maphash.Seed) {
	t.counts(t.stamp(at), -1)
	if at < t.wants {
		t.wants--
		t.swap(at, t.wants, seed)
		at = t.wants
	}
	last := t.len() - 1
	t.swap(at, last, seed)
	t.index = t.index.removed(t, last, seed)
	t.peers = t.peers[:last*t.stride]
	if cap(t.peers) > 4*len(t.peers) && cap(t.peers) > 64*t.stride {
		t.peers = slices.Clone(t.peers)
	}
}

func (t *table) counts(s stamp, n int) {
	if s&stampPartial != 0 {
		t.partial += n
	}
	if s&stampTLS != 0 {
		t.tls += n
	}
}

func (t *table) swap(a, b int, seed maphash.Seed) {
	if a == b {
		return
	}
	t.index.swapped(t, a, b, seed)
	var saved [peerstore.Size6 + 2]byte
	first, second := t.peers[a*t.stride:(a+1)*t.stride], t.peers[b*t.stride:(b+1)*t.stride]
	n := copy(saved[:], first)
	copy(first, second)
	copy(second, saved[:n])
}
