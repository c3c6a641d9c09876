package dht

import (
	"encoding/json"
	"log/slog"
	"net/netip"
	"testing"
	"time"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/dht/engine"
	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/vfs/memfs"
)

// FuzzState: whatever lies in the file, what is read of it can be used.
func FuzzState(f *testing.F) {
	f.Add([]byte(`{"ipv4":{"id":"00112233445566778899aabbccddeeff00112233","self":"1.2.3.4","nodes":["5.6.7.8:9"]},"ipv6":{"nodes":["[2600::1]:2"]}}`))
	f.Add([]byte(`{"ipv4":{"id":"0","self":"fe80::1%lo","nodes":["5.6.7.8:0"]}}`))
	f.Add([]byte(`{"ipv6":{"self":"::ffff:1.2.3.4","nodes":["[::ffff:1.2.3.4]:5"]}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := parseState(b)
		if err != nil {
			return
		}
		for _, v6 := range []bool{false, true} {
			h := s.half(v6)
			for _, a := range h.addrs() {
				if a.Port() == 0 || a.Addr().Is4() == v6 || a.Addr().Is4In6() {
					t.Fatalf("node %v, IPv6 %v", a, v6)
				}
			}
			if h.Self.IsValid() {
				engine.Bound(h.id(), h.Self)
			}
		}
		again, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := parseState(again); err != nil {
			t.Fatal(err)
		}
	})
}

// A node that learns its address gets an id that is bound to it, keeps the others
// it knows, and is the same after a restart.
func TestRebind(t *testing.T) {
	open := func(home *memfs.FS, entry string) *Node {
		t.Helper()
		c, err := netpolicy.Direct{}.ListenPacket(t.Context(), "udp4", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		n, err := New(Config{
			IPv4: c, Home: home, Clock: clock.System{}, Log: slog.New(slog.DiscardHandler),
			Bootstrap: []string{entry}, Resolve: netpolicy.Direct{}.Resolve,
		})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = n.Close() })
		return n
	}
	other := open(memfs.New(), "127.0.0.1:1")
	home := memfs.New()
	n := open(home, other.Addrs()[0].String())
	knows := func(n *Node) {
		t.Helper()
		for range 1000 {
			if n.Stats().Nodes > 0 {
				return
			}
			time.Sleep(10 * time.Millisecond)
		}
		t.Fatal("it knows nobody")
	}
	knows(n)
	self := netip.MustParseAddr("124.31.75.21") // of the examples of BEP 42
	if err := n.halves[0].rebind(self); err != nil {
		t.Fatal(err)
	}
	id := n.halves[0].current().ID()
	if !engine.Bound(id, self) || engine.Bound(id, netip.MustParseAddr("21.75.31.124")) {
		t.Errorf("id %x is not bound to %v alone", id, self)
	}
	knows(n)
	if err := n.halves[0].rebind(self); err != nil || n.halves[0].current().ID() != id {
		t.Errorf("another id for the same address: %v", err)
	}
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
	n = open(home, "127.0.0.1:1")
	knows(n)
	if n.halves[0].current().ID() != id {
		t.Error("another id after a restart")
	}
}
