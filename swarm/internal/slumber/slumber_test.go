package slumber

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/warren-p2p/warren/internal/clock"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type thing struct{ gone atomic.Bool }

// nanny counts, and takes its time.
type nanny struct {
	woken, rested atomic.Int32
	busy          atomic.Bool
	fail          error
}

func (n *nanny) Wake() (*thing, error) {
	time.Sleep(time.Millisecond)
	if n.fail != nil {
		return nil, n.fail
	}
	n.woken.Add(1)
	return new(thing), nil
}

func (n *nanny) MayRest(*thing) bool { return !n.busy.Load() }

func (n *nanny) Rest(t *thing) {
	t.gone.Store(true)
	time.Sleep(time.Millisecond)
	n.rested.Add(1)
}

func newSlot(n *nanny) *Slot[thing] { return New(Keeper[thing](n), clock.System{}, nil) }

func nothing(*thing) error { return nil }

func TestRest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &nanny{}
		s := newSlot(n)
		if s.Peek(func(*thing) { t.Error("it sleeps") }) {
			t.Error("a look has woken it")
		}
		woken := s.Woken()
		if err := s.Use(nothing); err != nil {
			t.Fatal(err)
		}
		<-woken
		if s.Woken() != nil {
			t.Error("it is to wake although it is awake")
		}
		s.Rest(time.Minute)
		_ = s.Use(func(*thing) error { // in use twice, for long
			time.Sleep(time.Hour)
			s.Rest(time.Minute)
			return s.Use(nothing)
		})
		time.Sleep(time.Minute)
		n.busy.Store(true)
		s.Rest(time.Minute)
		n.busy.Store(false)
		s.Rest(time.Minute) // it was needed a moment ago
		if n.rested.Load() != 0 {
			t.Fatal("it was put away in use")
		}
		time.Sleep(time.Minute)
		s.Peek(func(*thing) {}) // not a use
		s.Rest(time.Minute)
		if n.rested.Load() != 1 || n.woken.Load() != 1 {
			t.Errorf("woken %d, rested %d times", n.woken.Load(), n.rested.Load())
		}
	})
}

func TestFails(t *testing.T) {
	n := &nanny{fail: errors.New("lost")}
	s := newSlot(n)
	if err := s.Use(nothing); !errors.Is(err, n.fail) {
		t.Errorf("got %v", err)
	}
	n.fail = nil
	own := errors.New("own")
	if err := s.Use(func(*thing) error { return own }); !errors.Is(err, own) {
		t.Errorf("got %v", err)
	}
	s.Close(own)
	s.Rest(0)
	if !s.Peek(func(*thing) {}) {
		t.Error("it fell asleep when it was closed")
	}
	asleep := newSlot(n)
	asleep.Close(own)
	if err := asleep.Use(nothing); !errors.Is(err, own) {
		t.Errorf("got %v", err)
	}
}

// Nobody gets what was put away, whoever comes when.
func TestRush(t *testing.T) {
	n := &nanny{}
	s := newSlot(n)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				_ = s.Use(func(held *thing) error {
					if held.gone.Load() {
						t.Error("it is gone")
					}
					return nil
				})
				s.Peek(func(held *thing) {
					if held.gone.Load() {
						t.Error("it is gone")
					}
				})
				s.Rest(0)
			}
		})
	}
	wg.Wait()
	s.Rest(0)
	if n.woken.Load() != n.rested.Load() || n.woken.Load() == 0 {
		t.Errorf("woken %d, rested %d times", n.woken.Load(), n.rested.Load())
	}
}

// Who must not miss it waits while it wakes or falls asleep, and wakes it not.
func TestReach(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSlot(&nanny{})
		if s.Reach(func(*thing) { t.Error("it sleeps") }) {
			t.Error("a look has woken it")
		}
		go func() { _ = s.Use(nothing) }()
		synctest.Wait() // it wakes now
		if s.Peek(func(*thing) { t.Error("it is awake already: nothing is tested") }) {
			t.Error("it is awake already")
		}
		if !s.Reach(func(*thing) {}) {
			t.Error("it was missed")
		}
		synctest.Wait() // who woke it has left
		go s.Rest(0)
		synctest.Wait() // it falls asleep now
		if s.Reach(func(*thing) { t.Error("it is being put away") }) {
			t.Error("it was there")
		}
	})
}
