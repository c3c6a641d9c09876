package lookups_test

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"net/netip"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/dht"
	"github.com/warren-p2p/warren/internal/dht/schedule"
	"github.com/warren-p2p/warren/swarm/internal/disclosure"
	"github.com/warren-p2p/warren/swarm/internal/lookups"
)

// node is a DHT in which each torrent has one peer.
type node struct {
	mu     sync.Mutex
	nodes  int
	asked  []byte // the first byte of each info-hash
	told   []byte // of those that were announced
	under  int
	most   int
	silent bool
}

func (n *node) Stats() dht.Stats {
	n.mu.Lock()
	defer n.mu.Unlock()
	return dht.Stats{Nodes: n.nodes}
}

func (n *node) Announce(ctx context.Context, h [20]byte, a dht.Announcement, found func([]netip.AddrPort)) (dht.Result, error) {
	n.mu.Lock()
	n.asked = append(n.asked, h[0])
	if a.Port != 0 {
		n.told = append(n.told, h[0])
	}
	n.under++
	n.most = max(n.most, n.under)
	silent := n.silent || a.Port != 6881 && a.Port != 0
	n.mu.Unlock()
	defer func() {
		n.mu.Lock()
		defer n.mu.Unlock()
		n.under--
	}()
	select {
	case <-ctx.Done():
		return dht.Result{}, ctx.Err()
	case <-time.After(5 * time.Second):
	}
	if silent {
		return dht.Result{}, dht.ErrAlone
	}
	found([]netip.AddrPort{netip.AddrPortFrom(netip.AddrFrom4([4]byte{1, 2, 3, h[0]}), 6881)})
	return dht.Result{Answered: 8, Found: 1}, nil
}

// looked returns what was asked, and how many lookups were under way at most.
func (n *node) looked() (asked []byte, most int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.asked), n.most
}

func (n *node) set(nodes int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.nodes = nodes
}

type seeker struct {
	mu     sync.Mutex
	names  []disclosure.Name
	found  []netip.AddrPort
	byID   int
	helped bool
}

func seek(hashes ...byte) *seeker {
	s := &seeker{}
	for _, h := range hashes {
		s.names = append(s.names, disclosure.Name{Hash: [20]byte{h}})
	}
	return s
}

func (s *seeker) Names() []disclosure.Name {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.names
}

func (s *seeker) rename(names ...disclosure.Name) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.names = names
}

func (s *seeker) Found(list []netip.AddrPort, byID bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.found = append(s.found, list...)
	if byID {
		s.byID += len(list)
	}
}

func (s *seeker) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.found)
}

func (s *seeker) Helped() bool { return s.helped }

// settle lets time pass, and whatever is due in it happen.
func settle(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

func start(n lookups.Node) *lookups.Lookups {
	return lookups.New(lookups.Config{
		Node: n, Clock: clock.System{}, Log: slog.New(slog.DiscardHandler), Port: func() uint16 { return 6881 },
		Budget: schedule.Config{AtOnce: 1, Rand: rand.New(rand.NewPCG(1, 2))},
	})
}

func TestLookups(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &node{}
		l := start(n)
		defer l.Close()
		lonely, helped, seed := seek(1, 2), seek(3), seek(5) // one is a hybrid
		helped.helped, seed.helped = true, true
		l.Set(seed, false)
		l.Set(helped, true)
		l.Set(lonely, true)
		settle(10 * time.Second)
		if asked, _ := n.looked(); len(asked) > 0 {
			t.Fatalf("asked without a node: %v", asked)
		}
		n.set(10)
		settle(10 * time.Minute)
		asked, most := n.looked()
		if len(asked) != 4 || most != 1 {
			t.Fatalf("%v, %d at once", asked, most)
		}
		if slices.Sort(asked[:2]); !slices.Equal(asked, []byte{1, 2, 3, 5}) {
			t.Errorf("in the order %v", asked)
		}
		if lonely.count() != 2 || helped.count() != 1 || seed.count() != 1 {
			t.Errorf("found %d, %d, %d", lonely.count(), helped.count(), seed.count())
		}
		if s, ok := l.Status(lonely); !ok || s.Answered != 16 || s.Found != 2 || s.At.IsZero() {
			t.Errorf("status %+v, %v", s, ok)
		}
		l.Remove(lonely)
		if _, ok := l.Status(lonely); ok {
			t.Error("it is still looked up")
		}
		settle(15 * time.Minute)
		if asked, _ := n.looked(); !slices.Contains(asked[4:], 3) || slices.Contains(asked[4:], 1) {
			t.Errorf("later %v", asked[4:])
		}
	})
}

// While nobody answers it is tried again sooner; a lookup under way does not keep
// Close waiting.
func TestSilence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &node{nodes: 1, silent: true}
		l := start(n)
		one := seek(1)
		l.Set(one, true)
		settle(5 * time.Minute)
		if asked, _ := n.looked(); len(asked) < 4 || len(asked) > 6 {
			t.Errorf("%d tries", len(asked))
		}
		l.Remove(one)
		l.Set(seek(2), true)
		settle(2 * time.Second)
		began := time.Now()
		l.Close()
		if took := time.Since(began); took > 0 || n.under != 0 {
			t.Errorf("took %v, %d under way", took, n.under)
		}
	})
}

// A torrent is looked up under the names that it has by now; where it is only
// looked for, nobody is told of us.
func TestNamesChange(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &node{nodes: 10}
		l := start(n)
		defer l.Close()
		s := seek()
		s.rename(disclosure.Name{Hash: [20]byte{1}, ID: true}, disclosure.Name{Hash: [20]byte{2}, ID: true, Lookup: true})
		l.Set(s, true)
		settle(5 * time.Minute)
		s.rename(disclosure.Name{Hash: [20]byte{2}, ID: true}, disclosure.Name{Hash: [20]byte{1}, ID: true, Lookup: true})
		settle(30 * time.Minute)
		s.rename(disclosure.Name{Hash: [20]byte{2}, ID: true})
		settle(time.Minute)
		before, _ := n.looked()
		settle(time.Hour)
		after, _ := n.looked()
		if told := slices.Compact(slices.Clone(n.told)); !slices.Equal(told, []byte{1, 2}) {
			t.Errorf("told %v", n.told)
		}
		if !slices.Contains(before, 1) || !slices.Contains(before, 2) || slices.Contains(after[len(before):], 1) || len(after) == len(before) {
			t.Errorf("asked %v, then %v", before, after[len(before):])
		}
		if s.byID != s.count() || s.byID == 0 {
			t.Errorf("%d of %d found by id", s.byID, s.count())
		}
		s.rename()
		l.Renew(s)
		l.Renew(seek(9)) // which is not looked up
		if _, ok := l.Status(s); ok {
			t.Error("looked up without a name")
		}
	})
}

// What a torrent must not be known by any more is not asked for, although it is due.
func TestUntold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &node{}
		l := start(n)
		defer l.Close()
		s := seek(1)
		l.Set(s, true)
		settle(10 * time.Second)
		s.rename(disclosure.Name{Hash: [20]byte{2}, ID: true}) // and nobody has been told
		n.set(10)
		settle(2 * time.Second)
		if asked, _ := n.looked(); slices.Contains(asked, 1) {
			t.Error("it was looked up under what it had before")
		}
		settle(10 * time.Minute)
		if asked, _ := n.looked(); !slices.Contains(asked, 2) || slices.Contains(asked, 1) {
			t.Errorf("looked up under %v", asked)
		}
	})
}
