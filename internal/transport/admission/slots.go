// Package admission bounds what strangers can make a port keep in memory:
// handshakes under way, and connections of visitors.
package admission

import (
	"context"
	"net/netip"
	"slices"
	"sync"

	"github.com/warren-p2p/warren/internal/hosts"
)

// Bounds says how many may be there at once.
type Bounds struct {
	All        int
	PerNetwork int // of one /24 or /48
	// PerHost is how many of one IPv4 address or /64. This machine itself has no
	// such bound: see package hosts.
	PerHost int
}

// Slots bounds how many handshakes run at once. When all places are taken the
// network that has most of them gives one up: it takes as many networks as there
// are places to keep others out.
type Slots struct {
	bounds Bounds

	mu       sync.Mutex
	total    int
	networks map[netip.Prefix][]*Slot // the oldest first
	hosts    map[netip.Prefix]int
	freed    chan struct{} // closed when a place becomes free
}

// Slot is a place that is taken.
type Slot struct {
	s             *Slots
	network, host netip.Prefix
	hangUp        func()
	gone          bool
}

// NewSlots returns places that are free.
func NewSlots(b Bounds) *Slots {
	return &Slots{
		bounds: b, networks: map[netip.Prefix][]*Slot{}, hosts: map[netip.Prefix]int{}, freed: make(chan struct{}),
	}
}

// Enter takes a place for who comes from an address, who has to Leave it; nil if
// there is none. hangUp ends the handshake if its place goes to another; it must
// not wait.
func (s *Slots) Enter(from netip.Addr, hangUp func()) *Slot {
	slot, _ := s.enter(from, hangUp)
	return slot
}

// Await does the same, but waits if all places are taken by others: what comes
// then stays in the kernel's queue, where it costs next to nothing. It returns
// nil at the end of ctx, and for who has as many as one may have.
func (s *Slots) Await(ctx context.Context, from netip.Addr, hangUp func()) *Slot {
	for {
		slot, freed := s.enter(from, hangUp)
		if slot != nil || freed == nil {
			return slot
		}
		select {
		case <-freed:
		case <-ctx.Done():
			return nil
		}
	}
}

// enter takes a place. If waiting would help it returns what to wait for.
func (s *Slots) enter(from netip.Addr, hangUp func()) (*Slot, <-chan struct{}) {
	slot := &Slot{s: s, network: hosts.Network(from), host: hosts.Host(from), hangUp: hangUp}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.networks[slot.network]) >= s.bounds.PerNetwork ||
		s.hosts[slot.host] >= s.bounds.PerHost && !hosts.Ours(from) {
		return nil, nil
	}
	if s.total >= s.bounds.All && !s.makeRoom(slot.network) {
		return nil, s.freed
	}
	s.total++
	s.hosts[slot.host]++
	s.networks[slot.network] = append(s.networks[slot.network], slot)
	return slot, nil
}

// makeRoom takes a place from the network that has most of them, or from that of
// the newcomer if it has as many: the oldest goes. It fails for a network that
// has none while no other has two.
func (s *Slots) makeRoom(network netip.Prefix) bool {
	most := s.networks[network]
	for _, list := range s.networks {
		if len(list) >= len(s.networks[network])+2 && len(list) > len(most) {
			most = list
		}
	}
	if len(most) == 0 {
		return false
	}
	hangUp := most[0].hangUp
	s.leave(most[0])
	hangUp()
	return true
}

// Leave gives a place back. It may have been taken away.
func (slot *Slot) Leave() {
	slot.s.mu.Lock()
	defer slot.s.mu.Unlock()
	slot.s.leave(slot)
}

func (s *Slots) leave(slot *Slot) {
	if slot.gone {
		return
	}
	slot.gone = true
	s.total--
	list := s.networks[slot.network]
	at := slices.Index(list, slot)
	if s.networks[slot.network] = slices.Delete(list, at, at+1); len(list) == 1 {
		delete(s.networks, slot.network)
	}
	if s.hosts[slot.host]--; s.hosts[slot.host] == 0 {
		delete(s.hosts, slot.host)
	}
	close(s.freed)
	s.freed = make(chan struct{})
}

// InUse returns how many handshakes are under way.
func (s *Slots) InUse() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.total
}
