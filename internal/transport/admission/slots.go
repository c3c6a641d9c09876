// Package admission bounds what strangers can make a port keep in memory:
// handshakes under way, and connections of visitors.
package admission

import (
	"context"
	"net/netip"
	"sync"
)

// Slots bounds how many handshakes run at once, in all and per network.
type Slots struct {
	all        chan struct{}
	perNetwork int

	mu    sync.Mutex
	taken map[netip.Prefix]int
}

// NewSlots returns Slots for so many handshakes in all and per network.
func NewSlots(all, perNetwork int) *Slots {
	return &Slots{all: make(chan struct{}, all), perNetwork: perNetwork, taken: map[netip.Prefix]int{}}
}

// Wait blocks until a handshake may start: what does not fit stays in the
// kernel's accept queue, where it costs next to nothing. Each successful Wait
// is answered by one Release.
func (s *Slots) Wait(ctx context.Context) error {
	select {
	case s.all <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// Release ends what Wait began.
func (s *Slots) Release() { <-s.all }

// Enter counts a handshake of one network. It reports false if that network
// has as many under way as it may; otherwise Leave must follow.
func (s *Slots) Enter(n netip.Prefix) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.taken[n] >= s.perNetwork {
		return false
	}
	s.taken[n]++
	return true
}

// Leave ends what Enter began.
func (s *Slots) Leave(n netip.Prefix) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.taken[n]--; s.taken[n] == 0 {
		delete(s.taken, n)
	}
}

// InUse returns how many handshakes are under way.
func (s *Slots) InUse() (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, k := range s.taken {
		n += k
	}
	return n
}
