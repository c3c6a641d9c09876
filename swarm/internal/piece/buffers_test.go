package piece_test

import (
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/warren-p2p/warren/swarm/internal/piece"
)

const block = 16 << 10

// user is a Waiter that counts.
type user struct {
	woken, released atomic.Int32
	wake, release   func()
}

func (u *user) Wake() {
	u.woken.Add(1)
	if u.wake != nil {
		u.wake()
	}
}

func (u *user) Release() {
	u.released.Add(1)
	if u.release != nil {
		u.release()
	}
}

func TestBudget(t *testing.T) {
	b := piece.NewBuffers(4 * block)
	u := &user{}
	if buf := b.Get(100*block, u); len(buf) != 100*block {
		t.Fatal("the first buffer was refused")
	} else if b.Get(1, u) != nil {
		t.Fatal("a second beyond the budget was granted")
	} else {
		b.Put(buf, u)
	}
	b.Close()
	if u.woken.Load() != 1 {
		t.Errorf("woken %d times", u.woken.Load())
	}
	if b.Used() != 0 {
		t.Errorf("%d bytes in use", b.Used())
	}
}

// TestSmallBuffersCount checks that a byte costs what it takes.
func TestSmallBuffersCount(t *testing.T) {
	b := piece.NewBuffers(4 * block)
	u := &user{}
	n := 0
	for b.Get(1, u) != nil {
		n++
	}
	if n != 4 {
		t.Errorf("%d buffers of one byte, which take %d each, fit %d", n, block, 4*block)
	}
}

// TestStarving checks that one who holds nothing and needs much is served
// although others take whatever is put back.
func TestStarving(t *testing.T) {
	b := piece.NewBuffers(4 * block)
	greedy, poor := &user{}, &user{}
	var held [][]byte
	for range 4 {
		held = append(held, b.Get(block, greedy))
	}
	var got atomic.Bool
	poor.wake = func() {
		if buf := b.Get(3*block, poor); buf != nil {
			got.Store(true)
			b.Put(buf, poor)
		}
	}
	released := make(chan struct{})
	greedy.release = func() { close(released) }
	if b.Get(3*block, poor) != nil {
		t.Fatal("beyond the budget")
	}
	<-released
	if !b.Starved(greedy) || b.Starved(poor) {
		t.Error("who starves?")
	}
	for i, buf := range held {
		b.Put(buf, greedy)
		if i < 2 && b.Get(block, greedy) != nil {
			t.Fatal("one who holds memory was served before one who starves")
		}
	}
	b.Close()
	if !got.Load() {
		t.Error("still starving")
	}
	if b.Starved(greedy) {
		t.Error("the privilege was kept")
	}
}

// TestStarvingGivesUp checks that one who starved and went does not block the
// others.
func TestStarvingGivesUp(t *testing.T) {
	b := piece.NewBuffers(2 * block)
	u, gone := &user{}, &user{}
	first, second := b.Get(block, u), b.Get(block, u)
	b.Get(2*block, gone)
	b.Put(first, u) // gone is woken and wants nothing
	b.Close()
	if buf := b.Get(block, u); buf == nil {
		t.Error("refused in favour of one who wants nothing")
	} else {
		b.Put(buf, u)
	}
	b.Get(2*block, gone)
	b.Forget(gone)
	if b.Get(block, u) == nil {
		t.Error("refused in favour of one who was forgotten")
	}
	b.Put(second, u)
	b.Close()
}

// TestBuffersTogether lets several users borrow and wait at once: the budget
// holds, no two have the same memory, and nobody waits for ever.
func TestBuffersTogether(t *testing.T) {
	const budget = 8 * block
	b := piece.NewBuffers(budget)
	var wg sync.WaitGroup
	for id := range 4 {
		wake := make(chan struct{}, 1)
		u := &user{wake: func() {
			select {
			case wake <- struct{}{}:
			default:
			}
		}}
		rng := rand.New(rand.NewPCG(7, uint64(id)))
		wg.Go(func() {
			for range 300 {
				n := 1 + rng.IntN(6*block)
				buf := b.Get(n, u)
				for buf == nil {
					<-wake
					buf = b.Get(n, u)
				}
				if used := b.Used(); used > budget {
					t.Errorf("%d bytes of %d are lent", used, budget)
				}
				buf[0], buf[n-1] = byte(id), byte(id)
				if len(buf) != n || buf[0] != byte(id) || buf[n-1] != byte(id) {
					t.Error("the buffer is somebody else's")
				}
				b.Put(buf, u)
			}
		})
	}
	wg.Wait()
	b.Close()
	if b.Used() != 0 {
		t.Errorf("%d bytes in use", b.Used())
	}
}
