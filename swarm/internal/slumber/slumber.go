// Package slumber lets go of what is not needed and gets it back when it is: a
// torrent that has everything and no peers is a line in a table, however many
// pieces it has.
//
// A [Slot] is awake while somebody uses what is in it and for some time after.
// The lock of a slot may be taken by who holds that of the session; nobody who
// uses what is in it holds it, and it is not held while that is made or put
// away.
package slumber

import (
	"sync"
	"time"

	"github.com/warren-p2p/warren/internal/clock"
)

// Keeper makes what a slot holds, and puts it away.
type Keeper[T any] interface {
	// Wake makes it.
	Wake() (*T, error)
	// MayRest is asked whether it can be put away now, and must not wait.
	MayRest(*T) bool
	// Rest puts it away. Afterwards Wake makes it anew.
	Rest(*T)
}

// Slot holds a T that is made when it is needed. Its methods are safe for
// concurrent use. A user may use the slot again.
type Slot[T any] struct {
	keeper Keeper[T]
	clock  clock.Clock

	mu     sync.Mutex
	held   *T            // nil while asleep, and while turning
	turned chan struct{} // closed when it has woken or fallen asleep, nil if it does neither
	woken  chan struct{} // closed when it wakes, nil if nobody waits for that
	users  int
	last   time.Time // when the last of them left
	closed error     // why it does not wake any more
}

// New returns a slot that holds held, or sleeps if that is nil.
func New[T any](k Keeper[T], c clock.Clock, held *T) *Slot[T] {
	return &Slot[T]{keeper: k, clock: c, held: held, last: c.Now()}
}

// Use calls f with what the slot holds, and wakes it for that if need be. The
// error is that of waking, or of f.
func (s *Slot[T]) Use(f func(*T) error) error {
	held, err := s.take()
	if err != nil {
		return err
	}
	defer s.leave(true)
	return f(held)
}

// Peek calls f if the slot is awake, and reports whether it was. It waits for
// nobody, and keeps nothing awake longer than f takes.
func (s *Slot[T]) Peek(f func(*T)) bool { return s.look(f, false) }

// Reach is Peek for what must not miss it: while it wakes or falls asleep Reach waits
// for that to be over.
func (s *Slot[T]) Reach(f func(*T)) bool { return s.look(f, true) }

func (s *Slot[T]) look(f func(*T), wait bool) bool {
	s.mu.Lock()
	if wait {
		s.settle()
	}
	held := s.held
	if held != nil {
		s.users++
	}
	s.mu.Unlock()
	if held == nil {
		return false
	}
	defer s.leave(false)
	f(held)
	return true
}

func (s *Slot[T]) take() (*T, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	if s.held == nil {
		if s.closed != nil {
			return nil, s.closed
		}
		var err error
		s.turn(func() (held *T) {
			held, err = s.keeper.Wake()
			return held
		})
		if err != nil {
			return nil, err
		}
		if s.woken != nil {
			close(s.woken)
			s.woken = nil
		}
	}
	s.users++
	return s.held, nil
}

// settle waits until the slot is awake or asleep. The caller holds s.mu.
func (s *Slot[T]) settle() {
	for s.turned != nil {
		turned := s.turned
		s.mu.Unlock()
		<-turned
		s.mu.Lock()
	}
}

// turn replaces what is held by what f returns, which is called without the
// lock. The caller holds s.mu.
func (s *Slot[T]) turn(f func() *T) {
	turned := make(chan struct{})
	s.turned, s.held = turned, nil
	s.mu.Unlock()
	held := f()
	s.mu.Lock()
	s.turned, s.held = nil, held
	close(turned)
}

func (s *Slot[T]) leave(used bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.users--
	if used {
		s.last = s.clock.Now()
	}
}

// Rest puts away what nobody has used for a time, if its keeper lets it; if not
// the time begins anew.
func (s *Slot[T]) Rest(idle time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.held == nil || s.closed != nil || s.users > 0 || s.clock.Now().Sub(s.last) < idle {
		return
	}
	if !s.keeper.MayRest(s.held) {
		s.last = s.clock.Now()
		return
	}
	held := s.held
	s.turn(func() *T {
		s.keeper.Rest(held)
		return nil
	})
}

// Woken returns a channel that is closed when the slot wakes, nil if it is
// awake.
func (s *Slot[T]) Woken() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.held != nil {
		return nil
	}
	if s.woken == nil {
		s.woken = make(chan struct{})
	}
	return s.woken
}

// Close keeps the slot as it is from now on: awake if it is awake, and asleep
// otherwise; then reason is what users are told.
func (s *Slot[T]) Close(reason error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	s.closed = reason
}
