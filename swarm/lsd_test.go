package swarm_test

import (
	"context"
	"net"
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/netpolicy/multicast"
	"github.com/warren-p2p/warren/metainfo/create"
	"github.com/warren-p2p/warren/swarm"
)

// lan is what hosts of a world have between them besides.
type lan struct {
	mu     sync.Mutex
	cables map[*cable]bool
}

// onLAN is the policy of one host.
type onLAN struct {
	netpolicy.Policy
	lan *lan
	ip  netip.Addr
}

type cable struct {
	onLAN
	heard  chan said
	closed chan struct{}
}

type said struct {
	from netip.Addr
	b    []byte
}

func (h onLAN) Groups(_ context.Context, at netip.AddrPort) ([]multicast.Group, error) {
	if at.Addr().Is6() {
		return nil, nil
	}
	w := &cable{onLAN: h, heard: make(chan said, 100), closed: make(chan struct{})}
	h.lan.mu.Lock()
	defer h.lan.mu.Unlock()
	h.lan.cables[w] = true
	return []multicast.Group{w}, nil
}

func (w *cable) Send(b []byte) error {
	w.lan.mu.Lock()
	defer w.lan.mu.Unlock()
	for other := range w.lan.cables {
		select {
		case other.heard <- said{w.ip, b}:
		default:
		}
	}
	return nil
}

func (w *cable) Read(b []byte) (int, netip.AddrPort, error) {
	select {
	case m := <-w.heard:
		return copy(b, m.b), netip.AddrPortFrom(m.from, 6771), nil
	case <-w.closed:
		return 0, netip.AddrPort{}, net.ErrClosed
	}
}

func (w *cable) Near(a netip.Addr) bool { return a == w.ip }

func (w *cable) Close() error {
	w.lan.mu.Lock()
	defer w.lan.mu.Unlock()
	delete(w.lan.cables, w)
	close(w.closed)
	return nil
}

// Neighbours find each other without being told, unless one of them does not
// want that.
func TestNeighbours(t *testing.T) {
	w := newWorld(t)
	l := &lan{cables: map[*cable]bool{}}
	join := func(c *swarm.Config) {
		ip := netip.AddrFrom4([4]byte{10, 0, w.next, 1})
		c.Policy = onLAN{w.net.Host(ip), l, ip}
	}
	c := many()
	m := c.create(t, create.Hybrid, 65536)
	seed := w.start(join)
	c.write(t, seed.disk)
	seed.add(m, swarm.TLSPrefer)
	seed.wait(time.Minute)
	get := w.start(join)
	get.add(m, swarm.TLSPrefer)
	get.wait(time.Minute)
	c.check(t, get.disk)

	hermit := w.start(func(c *swarm.Config) {
		join(c)
		c.NoLSD = true
	})
	hermit.add(m, swarm.TLSPrefer)
	l.mu.Lock()
	if len(l.cables) != 2 {
		t.Errorf("%d have joined the group", len(l.cables))
	}
	l.mu.Unlock()
	for _, n := range []*node{seed, get, hermit} {
		n.close()
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.cables) != 0 {
		t.Errorf("%d are still in the group", len(l.cables))
	}
}
