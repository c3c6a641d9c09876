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
	"github.com/warren-p2p/warren/swarm/internal/lookups"
)

// node is a DHT in which each torrent has one peer.
type node struct {
	mu     sync.Mutex
	nodes  int
	asked  []byte // the first byte of each info-hash
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
	n.under++
	n.most = max(n.most, n.under)
	silent := n.silent || a.Port != 6881
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
	found  []netip.AddrPort
	helped bool
}

func (s *seeker) Found(list []netip.AddrPort) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.found = append(s.found, list...)
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

func hashes(b ...byte) (list [][20]byte) {
	for _, h := range b {
		list = append(list, [20]byte{h})
	}
	return list
}

func TestLookups(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &node{}
		l := start(n)
		defer l.Close()
		lonely, helped, seed := &seeker{}, &seeker{helped: true}, &seeker{helped: true}
		l.Set(hashes(5), seed, false)
		l.Set(hashes(3), helped, true)
		l.Set(hashes(1, 2), lonely, true) // a hybrid
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
		if s, ok := l.Status(hashes(1, 2)); !ok || s.Answered != 16 || s.Found != 2 || s.At.IsZero() {
			t.Errorf("status %+v, %v", s, ok)
		}
		l.Remove(hashes(1, 2))
		if _, ok := l.Status(hashes(1, 2)); ok {
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
		l.Set(hashes(1), &seeker{}, true)
		settle(5 * time.Minute)
		if asked, _ := n.looked(); len(asked) < 4 || len(asked) > 6 {
			t.Errorf("%d tries", len(asked))
		}
		l.Remove(hashes(1))
		l.Set(hashes(2), &seeker{}, true)
		settle(2 * time.Second)
		began := time.Now()
		l.Close()
		if took := time.Since(began); took > 0 || n.under != 0 {
			t.Errorf("took %v, %d under way", took, n.under)
		}
	})
}
