// Package interest is who wants something of whom on one connection, and whether
// the peer chokes us (BEP 3).
package interest

import "sync"

// State is that of one connection. The zero value is how every connection begins:
// nobody is interested and the peer chokes. It has a lock.
type State struct {
	mu    sync.Mutex
	flags flags
}

type flags struct{ theirs, ours, unchoked bool }

func (s *State) read() flags {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.flags
}

// Theirs reports whether the peer wants something of us.
func (s *State) Theirs() bool { return s.read().theirs }

// Ours reports whether we want something of the peer.
func (s *State) Ours() bool { return s.read().ours }

// Choking reports whether the peer chokes us.
func (s *State) Choking() bool { return !s.read().unchoked }

// SetTheirs notes what the peer wants, and reports whether that has changed.
func (s *State) SetTheirs(on bool) (changed bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	changed = s.flags.theirs != on
	s.flags.theirs = on
	return changed
}

// SetChoking notes whether the peer chokes us.
func (s *State) SetChoking(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.flags.unchoked = !on
}

// Decide asks whether we want something of the peer, and calls say if that has
// changed. Both run under the lock: of two that are at it the later knows more.
func (s *State) Decide(want func() bool, say func(on bool)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	on := want()
	if on == s.flags.ours {
		return
	}
	s.flags.ours = on
	say(on)
}
