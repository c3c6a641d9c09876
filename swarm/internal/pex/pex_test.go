package pex_test

import (
	"errors"
	"net/netip"
	"testing"
	"time"

	"github.com/warren-p2p/warren/peerwire/extension"
	"github.com/warren-p2p/warren/swarm/internal/pex"
	"pgregory.net/rapid"
)

func epoch() time.Time { return time.Unix(1_700_000_000, 0) }

func peer(i int) extension.PexPeer {
	a := netip.AddrFrom4([4]byte{81, byte(i >> 8), byte(i), 1})
	return extension.PexPeer{Addr: netip.AddrPortFrom(a, 6881), Flags: extension.PexFlags(i % 4)}
}

func peers(from, to int) (list []extension.PexPeer) {
	for i := from; i < to; i++ {
		list = append(list, peer(i))
	}
	return list
}

var stranger = netip.MustParseAddr("203.0.113.9")

// Whoever comes and goes, each peer comes to know who is there, in messages of
// at most 50, no two within a minute, and never of itself.
func TestEachLearnsOfAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var book pex.Book
		var out pex.Outbox
		self := peer(rapid.IntRange(0, 9).Draw(t, "self"))
		now, last := epoch(), time.Time{}
		known := map[netip.AddrPort]bool{}
		hear := func() {
			m, ok := out.Message(&book, stranger, self.Addr, now)
			if !ok {
				return
			}
			if len(m.Added) > 50 || len(m.Dropped) > 50 || len(m.Added)+len(m.Dropped) == 0 || now.Sub(last) < time.Minute {
				t.Fatalf("%d added, %d dropped after %v", len(m.Added), len(m.Dropped), now.Sub(last))
			}
			last = now
			both := map[netip.AddrPort]bool{}
			for _, p := range m.Added {
				known[p.Addr], both[p.Addr] = true, true
			}
			for _, a := range m.Dropped {
				if both[a] {
					t.Fatalf("%v is added and dropped", a)
				}
				delete(known, a)
			}
		}
		var there []extension.PexPeer
		few := true // all who went are remembered: 220 come in all
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			first := rapid.IntRange(0, 100).Draw(t, "first")
			there = peers(first, first+rapid.IntRange(0, 120).Draw(t, "many"))
			book.Update(there)
			few = few && 220-len(there) <= 128
			if book.Len() != len(there) {
				t.Fatalf("%d in the book of %d", book.Len(), len(there))
			}
			now = now.Add(time.Duration(rapid.IntRange(0, 100).Draw(t, "seconds")) * time.Second)
			hear()
		}
		for range 10 {
			now = now.Add(time.Minute)
			hear()
		}
		want := map[netip.AddrPort]bool{}
		for _, p := range there {
			want[p.Addr] = p.Addr != self.Addr
		}
		for a := range known {
			if !want[a] && few {
				t.Errorf("%v has gone, or is the peer itself", a)
			}
		}
		for a, ok := range want {
			if ok && !known[a] {
				t.Errorf("%v was never told", a)
			}
		}
	})
}

// The newest flags are told, and a peer that comes back is told again.
func TestBookKeepsUp(t *testing.T) {
	var book pex.Book
	var out pex.Outbox
	one := peer(1)
	book.Update([]extension.PexPeer{one})
	one.Flags = extension.PexUploadOnly
	book.Update([]extension.PexPeer{one})
	m, ok := out.Message(&book, stranger, netip.AddrPort{}, epoch())
	if !ok || len(m.Added) != 1 || m.Added[0] != one {
		t.Errorf("told %+v, want %+v", m, one)
	}
	book.Update(nil)
	book.Update([]extension.PexPeer{one})
	m, ok = out.Message(&book, stranger, netip.AddrPort{}, epoch().Add(time.Minute))
	if !ok || len(m.Added) != 1 || len(m.Dropped) != 0 {
		t.Errorf("told %+v of one that is back", m)
	}
	for i := range 1000 {
		book.Update(peers(i, i+1))
	}
	if book.Update(nil); book.Len() != 0 || book.Idle() {
		t.Errorf("%d there, idle %v", book.Len(), book.Idle())
	}
	m, _ = out.Message(&book, stranger, netip.AddrPort{}, epoch().Add(2*time.Minute))
	if len(m.Added) != 0 || len(m.Dropped) != 0 {
		t.Errorf("told %+v of those that came and went meanwhile", m)
	}
}

// Addresses are passed on within their reach.
func TestSensible(t *testing.T) {
	for _, c := range []struct {
		addr string
		with string // the peers between which it may pass
	}{
		{"81.2.3.4:1", "whl"},
		{"[2a01::1]:1", "whl"},
		{"81.2.3.4:0", ""},
		{"10.0.0.1:1", "hl"},
		{"172.16.0.1:1", "hl"},
		{"192.168.1.1:80", "hl"},
		{"100.64.0.1:1", "hl"},
		{"[fd00::1]:1", "hl"},
		{"[::ffff:10.0.0.1]:1", "hl"},
		{"127.0.0.1:1", "h"},
		{"[::1]:1", "h"},
		{"[::ffff:127.0.0.1]:1", "h"},
		{"169.254.169.254:80", ""},
		{"[fe80::1]:1", ""},
		{"0.0.0.0:1", ""},
		{"0.1.2.3:1", ""},
		{"224.0.0.1:1", ""},
		{"255.255.255.255:1", ""},
		{"[::]:1", ""},
		{"[ff02::1]:1", ""},
	} {
		got := ""
		for _, from := range []struct{ name, addr string }{{"w", "203.0.113.9"}, {"h", "127.0.0.1"}, {"l", "192.168.0.7"}} {
			if pex.Sensible(netip.MustParseAddrPort(c.addr), netip.MustParseAddr(from.addr)) {
				got += from.name
			}
		}
		if got != c.with {
			t.Errorf("%s: %q, want %q", c.addr, got, c.with)
		}
	}
	if pex.Sensible(peer(1).Addr, netip.Addr{}) != true || pex.Sensible(netip.MustParseAddrPort("10.0.0.1:1"), netip.Addr{}) {
		t.Error("a peer of which nothing is known counts as far away")
	}
}

// What is taken of a peer is bounded, whatever it sends and whenever.
func TestInboxIsBounded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var in pex.Inbox
		now, begin, total := epoch(), epoch(), 0
		next := 0
		for range rapid.IntRange(1, 40).Draw(t, "messages") {
			n := rapid.IntRange(0, 200).Draw(t, "addresses")
			got, err := in.Take(extension.Pex{Added: peers(next, next+n)}, stranger, now)
			next += n
			total += len(got)
			if err != nil {
				if !errors.Is(err, pex.ErrFlood) || len(got) > 0 {
					t.Fatalf("%v with %d addresses", err, len(got))
				}
				break
			}
			if len(got) > 100 || total > 100+10*int(now.Sub(begin)/time.Minute+1) {
				t.Fatalf("%d taken, %d in all after %v", len(got), total, now.Sub(begin))
			}
			now = now.Add(time.Duration(rapid.IntRange(0, 120).Draw(t, "seconds")) * time.Second)
		}
	})
}

// A peer that keeps to a message a minute is heard for ever; one that floods is
// out at once.
func TestFlood(t *testing.T) {
	var in pex.Inbox
	now := epoch()
	for i := range 500 {
		got, err := in.Take(extension.Pex{Added: peers(i*5, i*5+5)}, stranger, now)
		if err != nil || len(got) != 5 {
			t.Fatalf("message %d: %d taken, %v", i, len(got), err)
		}
		now = now.Add(59 * time.Second)
	}
	sent := 0
	for ; sent < 100; sent++ {
		if _, err := in.Take(extension.Pex{}, stranger, now); err != nil {
			break
		}
		now = now.Add(time.Second)
	}
	if sent != 9 {
		t.Errorf("out after %d messages", sent)
	}
}

// One network is not named again and again.
func TestOneVictim(t *testing.T) {
	var in pex.Inbox
	var m extension.Pex
	for i := range 50 {
		a := netip.AddrFrom4([4]byte{81, 1, 1, byte(i)})
		m.Added = append(m.Added, extension.PexPeer{Addr: netip.AddrPortFrom(a, 80)})
	}
	m.Added = append(m.Added, peer(7))
	got, err := in.Take(m, stranger, epoch())
	if err != nil || len(got) != 9 || got[8].Addr != peer(7).Addr {
		t.Errorf("%v, %v", got, err)
	}
}

func FuzzInbox(f *testing.F) {
	f.Add([]byte("d5:added6:\x51\x02\x03\x04\x1a\xe17:added.f1:\x117:dropped0:e"), uint8(3))
	f.Add([]byte("d5:added12:\x7f\x00\x00\x01\x1a\xe1\x0a\x00\x00\x01\x00\x507:dropped0:e"), uint8(0))
	f.Fuzz(func(t *testing.T, payload []byte, from uint8) {
		m, err := extension.ParsePex(payload)
		if err != nil {
			return
		}
		at := [4]netip.Addr{stranger, netip.MustParseAddr("127.0.0.1"), netip.MustParseAddr("192.168.0.7")}[from%4]
		var in pex.Inbox
		got, err := in.Take(m, at, epoch())
		if err != nil || len(got) > 100 || len(got) > len(m.Added) {
			t.Fatalf("%d of %d, %v", len(got), len(m.Added), err)
		}
		for _, a := range got {
			if !pex.Sensible(a.Addr, at) {
				t.Errorf("%v from %v", a, at)
			}
		}
	})
}
