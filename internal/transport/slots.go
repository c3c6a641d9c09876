package transport

import (
	"context"
	"net/netip"
	"sync"
)

// slots bounds how many handshakes run at once, in all and per network.
type slots struct {
	all        chan struct{}
	perNetwork int

	mu    sync.Mutex
	taken map[netip.Prefix]int
}

func newSlots(all, perNetwork int) *slots {
	return &slots{all: make(chan struct{}, all), perNetwork: perNetwork, taken: map[netip.Prefix]int{}}
}

// wait blocks until a handshake may start: what does not fit stays in the
// kernel's accept queue, where it costs next to nothing. Each successful wait
// is answered by one release.
func (s *slots) wait(ctx context.Context) error {
	select {
	case s.all <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (s *slots) release() { <-s.all }

// enter counts a handshake of one network. It reports false if that network
// has as many under way as it may; otherwise leave must follow.
func (s *slots) enter(n netip.Prefix) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.taken[n] >= s.perNetwork {
		return false
	}
	s.taken[n]++
	return true
}

func (s *slots) leave(n netip.Prefix) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.taken[n]--; s.taken[n] == 0 {
		delete(s.taken, n)
	}
}
