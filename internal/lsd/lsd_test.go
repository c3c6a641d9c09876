package lsd_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/lsd"
	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/netpolicy/multicast"
)

const golden = "BT-SEARCH * HTTP/1.1\r\nHost: 239.192.152.143:6771\r\nPort: 6881\r\n" +
	"Infohash: 0102030405060708090a0b0c0d0e0f1011121314\r\ncookie: abc\r\n\r\n\r\n"

func hash(i int) (h lsd.InfoHash) {
	for k := range h {
		h[k] = byte(i + k + 1)
	}
	return h
}

func TestMessage(t *testing.T) {
	m := lsd.Message{Host: netip.MustParseAddrPort("239.192.152.143:6771"), Port: 6881, Hashes: []lsd.InfoHash{hash(0)}, Cookie: "abc"}
	if got := string(m.Append(nil)); got != golden {
		t.Errorf("%q", got)
	}
	for name, in := range map[string]string{
		"golden":         golden,
		"other order":    "BT-SEARCH * HTTP/1.1\r\nCOOKIE:abc\r\ninfohash:0102030405060708090A0B0C0D0E0F1011121314\r\nX-New: 1\r\nPORT: 6881\r\nHost:239.192.152.143:6771\r\n\r\n",
		"without an end": strings.TrimRight(golden, "\r\n"),
	} {
		got, err := lsd.Parse([]byte(in))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if diff := cmp.Diff(m, got, cmp.Comparer(func(a, b netip.AddrPort) bool { return a == b })); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	for range 100 {
		m.Hashes = append(m.Hashes, hash(1))
	}
	if b := m.Append(nil); len(b) > 1400 {
		t.Errorf("%d bytes", len(b))
	}
	for name, in := range map[string]string{
		"nothing":    "",
		"HTTP":       strings.Replace(golden, "BT-SEARCH", "GET", 1),
		"no port":    strings.Replace(golden, "Port: 6881\r\n", "", 1),
		"port 0":     strings.Replace(golden, "6881", "0", 1),
		"large port": strings.Replace(golden, "6881", "68810", 1),
		"no hash":    strings.Replace(golden, "Infohash", "Other", 1),
		"short hash": strings.Replace(golden, "1314", "13", 1),
		"long hash":  strings.Replace(golden, "1314", "131415", 1),
		"no hex":     strings.Replace(golden, "1314", "131x", 1),
		"no colon":   strings.Replace(golden, "cookie:", "cookie", 1),
		"cookie":     strings.Replace(golden, "abc", strings.Repeat("c", 65), 1),
		"long":       golden + strings.Repeat(" ", 1400),
	} {
		if _, err := lsd.Parse([]byte(in)); !errors.Is(err, lsd.ErrMessage) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(golden))
	f.Add([]byte("BT-SEARCH * HTTP/1.1\r\nPort:1\r\nInfohash:0102030405060708090a0b0c0d0e0f1011121314\r\nHost:[ff15::efc0:988f]:6771"))
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := lsd.Parse(b)
		if err != nil {
			if !errors.Is(err, lsd.ErrMessage) {
				t.Fatal(err)
			}
			return
		}
		if m.Port == 0 || len(m.Hashes) == 0 || len(m.Hashes) > 23 || len(m.Cookie) > 64 {
			t.Fatalf("%q passed as %+v", b, m)
		}
		again, err := lsd.Parse(m.Append(nil))
		if err != nil || again.Port != m.Port || len(again.Hashes) != len(m.Hashes) || again.Cookie != m.Cookie {
			t.Fatalf("%+v became %+v, %v", m, again, err)
		}
	})
}

// lan is a network in memory on which each host has one interface.
type lan struct {
	netpolicy.Policy
	mu      sync.Mutex
	members []*wire
	sent    [][]byte
}

type host struct {
	*lan
	ip netip.Addr
}

type wire struct {
	host
	at     netip.AddrPort
	queue  chan []byte
	from   chan netip.AddrPort
	closed chan struct{}
}

func (h host) Groups(_ context.Context, at netip.AddrPort) ([]multicast.Group, error) {
	if h.ip.Is4() != at.Addr().Is4() {
		return nil, nil
	}
	w := &wire{host: h, at: at, queue: make(chan []byte, 1000), from: make(chan netip.AddrPort, 1000), closed: make(chan struct{})}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.members = append(h.members, w)
	return []multicast.Group{w}, nil
}

func (w *wire) Read(b []byte) (int, netip.AddrPort, error) {
	select {
	case m := <-w.queue:
		return copy(b, m), <-w.from, nil
	case <-w.closed:
		return 0, netip.AddrPort{}, net.ErrClosed
	}
}

func (w *wire) Send(b []byte) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.sent = append(w.sent, b)
	w.spread(w.ip, w.at, b)
	return nil
}

// spread is called with the lock held.
func (l *lan) spread(from netip.Addr, to netip.AddrPort, b []byte) {
	for _, m := range l.members {
		if m.at == to {
			m.from <- netip.AddrPortFrom(from, 40000)
			m.queue <- bytes.Clone(b)
		}
	}
}

func (w *wire) Near(a netip.Addr) bool { return a == w.ip || a == netip.MustParseAddr("81.1.1.1") }

func (w *wire) Close() error {
	close(w.closed)
	w.mu.Lock()
	defer w.mu.Unlock()
	for i, m := range w.members {
		if m == w {
			w.members = append(w.members[:i], w.members[i+1:]...)
			break
		}
	}
	return nil
}

// node is a service, what it has and what it hears.
type node struct {
	*lsd.Service
	mu       sync.Mutex
	torrents []lsd.Torrent
	heard    []string
}

func (n *node) has(list ...lsd.Torrent) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.torrents = list
}

func (l *lan) start(ip string, port uint16) *node {
	n := &node{}
	a := netip.MustParseAddr(ip)
	n.Service = lsd.Start(lsd.Config{
		Policy: host{l, a}, Clock: clock.System{}, Log: slog.New(slog.DiscardHandler),
		Addr:   netip.AddrPortFrom(netip.IPv6Unspecified(), port),
		Cookie: [8]byte(append(a.AsSlice()[:4:4], 1, 2, 3, 4)),
		Torrents: func() []lsd.Torrent {
			n.mu.Lock()
			defer n.mu.Unlock()
			return n.torrents
		},
		Found: func(h lsd.InfoHash, at netip.AddrPort) {
			n.mu.Lock()
			defer n.mu.Unlock()
			if h == hash(1) {
				n.heard = append(n.heard, at.String())
			}
		},
	})
	return n
}

// Two hosts of a network find each other, over either protocol, and not
// themselves.
func TestFindEachOther(t *testing.T) {
	for _, ips := range [][2]string{{"10.0.0.1", "10.0.0.2"}, {"fd00::1", "fd01::2"}, {"81.1.1.1", "10.0.0.9"}} {
		synctest.Test(t, func(t *testing.T) {
			l := &lan{}
			one, two := l.start(ips[0], 1), l.start(ips[1], 2)
			one.has(lsd.Torrent{Hash: hash(1), Urgent: true})
			two.has(lsd.Torrent{Hash: hash(1)}, lsd.Torrent{Hash: hash(2)})
			time.Sleep(10 * time.Minute)
			synctest.Wait()
			want1, want2 := netip.AddrPortFrom(netip.MustParseAddr(ips[1]), 2).String(), netip.AddrPortFrom(netip.MustParseAddr(ips[0]), 1).String()
			if len(one.heard) < 2 || one.heard[0] != want1 || len(two.heard) < 2 || two.heard[0] != want2 {
				t.Errorf("%v and %v", one.heard, two.heard)
			}
			for _, at := range one.heard {
				if at != want1 {
					t.Errorf("heard of %s", at)
				}
			}
			one.has()
			two.has()
			n := len(l.sent)
			time.Sleep(20 * time.Minute)
			if len(l.sent) != n {
				t.Errorf("%d announces of nothing", len(l.sent)-n)
			}
			one.Close()
			two.Close()
		})
	}
}

// Ten thousand torrents are announced as seldom as one: a datagram a minute.
func TestStorm(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &lan{}
		s := l.start("10.0.0.1", 1)
		var all []lsd.Torrent
		for i := range 10_000 {
			all = append(all, lsd.Torrent{Hash: lsd.InfoHash{byte(i), byte(i >> 8)}, Urgent: i == 9_000})
		}
		s.has(all...)
		time.Sleep(20 * time.Minute)
		synctest.Wait()
		if len(l.sent) < 18 || len(l.sent) > 20 {
			t.Fatalf("%d datagrams in twenty minutes", len(l.sent))
		}
		if m, err := lsd.Parse(l.sent[0]); err != nil || m.Hashes[0] != (lsd.InfoHash{9_000 & 0xff, 9_000 >> 8}) {
			t.Errorf("who looks for peers is not the first: %v, %v", m.Hashes, err)
		}
		last := map[lsd.InfoHash]int{}
		for i, b := range l.sent {
			m, err := lsd.Parse(b)
			if err != nil {
				t.Fatal(err)
			}
			for _, h := range m.Hashes {
				if at, ok := last[h]; ok && i-at < 5 {
					t.Errorf("%x after %d minutes", h, i-at)
				}
				last[h] = i
			}
		}
		s.Close()
	})
}

// Whoever floods is not listened to; nor is who is not in the network.
func TestNoise(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &lan{}
		s := l.start("10.0.0.1", 1)
		synctest.Wait()
		say := func(from string, b []byte) {
			l.mu.Lock()
			defer l.mu.Unlock()
			l.spread(netip.MustParseAddr(from), netip.MustParseAddrPort("239.192.152.143:6771"), b)
		}
		m := lsd.Message{Port: 7, Hashes: []lsd.InfoHash{hash(1)}}.Append(nil)
		say("203.0.113.7", m)
		say("10.0.0.3", []byte("nonsense"))
		synctest.Wait()
		if len(s.heard) != 0 {
			t.Errorf("heard %v", s.heard)
		}
		for range 500 {
			say("10.0.0.66", m)
		}
		say("10.0.0.3", m)
		synctest.Wait()
		if n := len(s.heard); n != 11 {
			t.Errorf("heard %d times", n)
		}
		for i := range 900 { // of more senders than are remembered
			say(netip.AddrFrom4([4]byte{10, 1, byte(i >> 8), byte(i)}).String(), m)
		}
		synctest.Wait()
		if n := len(s.heard); n > 11+256 {
			t.Errorf("heard %d times", n)
		}
		time.Sleep(time.Minute)
		n := len(s.heard)
		say("10.0.0.66", m)
		synctest.Wait()
		if len(s.heard) != n+1 {
			t.Error("a sender is never heard again")
		}
		s.Close()
	})
}

// A policy that does not speak to neighbours makes no announces; nor is one made
// in a network where nobody can reach us.
func TestHidden(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &lan{}
		for at, want := range map[string]bool{"10.0.0.1:1": true, "127.0.0.1:1": false, "0.0.0.0:0": false} {
			l.sent = nil
			s := lsd.Start(lsd.Config{
				Policy: host{l, netip.MustParseAddr("10.0.0.1")}, Clock: clock.System{}, Log: slog.New(slog.DiscardHandler),
				Addr: netip.MustParseAddrPort(at), Torrents: func() []lsd.Torrent { return []lsd.Torrent{{Hash: hash(1)}} },
				Found: func(lsd.InfoHash, netip.AddrPort) {},
			})
			time.Sleep(time.Minute)
			s.Close()
			if (len(l.sent) > 0) != want || len(l.members) > 0 {
				t.Errorf("%s: %d datagrams", at, len(l.sent))
			}
		}
	})

	s := lsd.Start(lsd.Config{Policy: netpolicy.NewMem(), Clock: clock.System{}, Log: slog.New(slog.DiscardHandler), Addr: netip.MustParseAddrPort("10.0.0.1:1")})
	s.Close()
}
