package memory_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/netip"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/warren-p2p/warren/tracker/message"
	"github.com/warren-p2p/warren/tracker/server/peerstore"
	"github.com/warren-p2p/warren/tracker/server/peerstore/memory"
	"github.com/warren-p2p/warren/tracker/server/peerstore/storetest"
)

func open(*testing.T) peerstore.Store {
	return memory.New(memory.Config{TTL: storetest.TTL, Seed: [2]uint64{1, 2}})
}

func TestStore(t *testing.T) { storetest.Run(t, open) }

func say(t testing.TB, s *memory.Store, a peerstore.Announce, now time.Time) peerstore.Answer {
	a.Now = now
	var to peerstore.Answer
	if err := s.Announce(t.Context(), &a, &to); err != nil {
		t.Fatal(err)
	}
	return to
}

func at(text string) netip.AddrPort { return netip.MustParseAddrPort(text) }

func TestBounds(t *testing.T) {
	s := memory.New(memory.Config{MaxSwarms: 2, MaxPeers: 3})
	var to peerstore.Answer
	put := func(hash byte, port uint16) error {
		return s.Announce(t.Context(), &peerstore.Announce{
			InfoHash: [20]byte{hash}, Peer: netip.AddrPortFrom(netip.MustParseAddr("1.2.3.4"), port), Now: storetest.Begin(),
		}, &to)
	}
	if err := errors.Join(put(1, 1), put(2, 1)); err != nil {
		t.Fatal(err)
	}
	if err := put(3, 1); !errors.Is(err, peerstore.ErrFull) {
		t.Errorf("a third swarm of two: %v", err)
	}
	if err := put(1, 2); err != nil {
		t.Fatal(err)
	}
	if err := put(1, 3); !errors.Is(err, peerstore.ErrFull) {
		t.Errorf("a fourth peer of three: %v", err)
	}
	if err := put(1, 2); err != nil {
		t.Errorf("one who is there: %v", err)
	}
	if n, _ := s.Count(t.Context()); n != (peerstore.Count{Swarms: 2, Peers4: 3}) {
		t.Errorf("%+v", n)
	}
}

// What is saved is there again, except for what became too old meanwhile.
func TestSnapshot(t *testing.T) {
	now := storetest.Begin()
	s := open(t).(*memory.Store)
	old := peerstore.Announce{InfoHash: [20]byte{1}, Peer: at("1.1.1.1:1"), NumWant: 9}
	pinned := peerstore.Announce{InfoHash: [20]byte{1}, Peer: at("2.2.2.2:2"), NumWant: 9, TLS: message.TLS{Support: true, Pin: message.Pin{5}}, Role: peerstore.Seeder, Completed: true}
	six := peerstore.Announce{InfoHash: [20]byte{2}, Peer: at("[2001:db8::1]:3"), NumWant: 9}
	say(t, s, old, now)
	now = now.Add(storetest.TTL / 2)
	say(t, s, pinned, now)
	say(t, s, six, now)
	for i := range 500 {
		say(t, s, peerstore.Announce{InfoHash: [20]byte{3}, Peer: netip.AddrPortFrom(at("3.3.3.3:1").Addr(), uint16(i+1))}, now)
	}
	var file bytes.Buffer
	if err := s.Save(&file, now); err != nil {
		t.Fatal(err)
	}
	now = now.Add(storetest.TTL/2 + 2*time.Minute)
	again := open(t).(*memory.Store)
	if err := again.Load(file.Bytes(), now); err != nil {
		t.Fatal(err)
	}
	if n, _ := again.Count(t.Context()); n != (peerstore.Count{Swarms: 3, Peers4: 501, Peers6: 1}) {
		t.Errorf("%+v", n)
	}
	old.Peer = at("4.4.4.4:4")
	got := say(t, again, old, now)
	if string(got.Peers) != "\x02\x02\x02\x02\x00\x02" || string(got.Pins) != string(pinned.TLS.Pin[:]) || got.Totals != (peerstore.Totals{Seeders: 1, Leechers: 1, Completed: 1}) {
		t.Errorf("%+v", got)
	}
	if err := again.Load(file.Bytes(), now); err != nil { // twice is as once
		t.Fatal(err)
	}
	if n, _ := again.Count(t.Context()); n.Peers4 != 502 {
		t.Errorf("%+v", n)
	}
	for _, when := range []time.Time{now.Add(storetest.TTL), now.Add(-storetest.TTL)} {
		late := open(t).(*memory.Store)
		if err := late.Load(file.Bytes(), when); err != nil {
			t.Fatal(err)
		}
		if n, _ := late.Count(t.Context()); n != (peerstore.Count{}) {
			t.Errorf("at %v: %+v", when, n)
		}
	}
}

func TestDamagedSnapshot(t *testing.T) {
	s := open(t).(*memory.Store)
	say(t, s, peerstore.Announce{InfoHash: [20]byte{1}, Peer: at("1.1.1.1:1")}, storetest.Begin())
	var file bytes.Buffer
	if err := s.Save(&file, storetest.Begin()); err != nil {
		t.Fatal(err)
	}
	good := file.Bytes()
	for i := range good {
		bad := bytes.Clone(good)
		bad[i] ^= 0x40
		err := open(t).(*memory.Store).Load(bad, storetest.Begin())
		_, newer := errors.AsType[memory.VersionError](err)
		if !newer && !errors.Is(err, memory.ErrSnapshot) || newer != (i == 21) {
			t.Errorf("byte %d: %v", i, err)
		}
		if err := open(t).(*memory.Store).Load(good[:i], storetest.Begin()); !errors.Is(err, memory.ErrSnapshot) {
			t.Errorf("the first %d bytes: %v", i, err)
		}
	}
	if err := s.Save(full{}, storetest.Begin()); err == nil {
		t.Error("saved on a full disk")
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space") }

func FuzzLoad(f *testing.F) {
	s := open(nil).(*memory.Store)
	for i := range 3 {
		say(f, s, peerstore.Announce{InfoHash: [20]byte{byte(i)}, Peer: at(fmt.Sprintf("1.1.1.%d:1", i)), TLS: message.TLS{Support: true, Pin: message.Pin{1}}}, storetest.Begin())
	}
	var file bytes.Buffer
	if err := s.Save(&file, storetest.Begin()); err != nil {
		f.Fatal(err)
	}
	f.Add(file.Bytes()[:file.Len()-sha256.Size])
	f.Fuzz(func(t *testing.T, b []byte) {
		sum := sha256.Sum256(b)
		s := open(t).(*memory.Store)
		if s.Load(append(bytes.Clone(b), sum[:]...), storetest.Begin()) != nil {
			return
		}
		n, _ := s.Count(t.Context())
		var again bytes.Buffer
		if err := s.Save(&again, storetest.Begin()); err != nil {
			t.Fatal(err)
		}
		other := open(t).(*memory.Store)
		if err := other.Load(again.Bytes(), storetest.Begin()); err != nil {
			t.Errorf("what was loaded and saved: %v", err)
		}
		if m, _ := other.Count(t.Context()); m != n {
			t.Errorf("%+v became %+v", n, m)
		}
	})
}

// TestModel compares a store with a map, whatever peers do.
func TestModel(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		s := memory.New(memory.Config{TTL: storetest.TTL, Seed: [2]uint64{3, 4}})
		model := map[netip.AddrPort]peerstore.Role{}
		span := rapid.IntRange(1, 1200).Draw(r, "ports")
		for range rapid.IntRange(0, 2500).Draw(r, "announces") {
			a := peerstore.Announce{InfoHash: [20]byte{1}, Now: storetest.Begin(), NumWant: rapid.IntRange(0, 30).Draw(r, "numwant")}
			a.Peer = netip.AddrPortFrom(at("1.1.1.1:1").Addr(), uint16(1+rapid.IntRange(0, span).Draw(r, "port")))
			a.Role = peerstore.Role(rapid.IntRange(0, 2).Draw(r, "role"))
			a.Stopped = rapid.IntRange(0, 3).Draw(r, "stopped") == 0
			var to peerstore.Answer
			if err := s.Announce(t.Context(), &a, &to); err != nil {
				r.Fatal(err)
			}
			if model[a.Peer] = a.Role; a.Stopped {
				delete(model, a.Peer)
			}
			check(r, model, &a, &to)
		}
	})
}

func check(r *rapid.T, model map[netip.AddrPort]peerstore.Role, a *peerstore.Announce, to *peerstore.Answer) {
	var want peerstore.Totals
	fit := 0
	for p, role := range model {
		switch role {
		case peerstore.Seeder:
			want.Seeders++
		case peerstore.Partial:
			want.Partial++
			want.Leechers++
		default:
			want.Leechers++
		}
		if p != a.Peer && (a.Role == peerstore.Leecher || role == peerstore.Leecher) {
			fit++
		}
	}
	if to.Totals != want {
		r.Fatalf("%+v, want %+v", to.Totals, want)
	}
	told := storetest.Peers(to.Peers, peerstore.Size4)
	if !a.Stopped && len(told) != min(a.NumWant, fit) {
		r.Fatalf("%d peers of %d, %d wanted", len(told), fit, a.NumWant)
	}
	seen := map[netip.AddrPort]bool{a.Peer: true}
	for _, p := range told {
		if role, ok := model[p]; !ok || seen[p] || a.Role != peerstore.Leecher && role != peerstore.Leecher {
			r.Fatalf("told of %v", p)
		}
		seen[p] = true
	}
}

func BenchmarkAnnounce(b *testing.B) {
	s := memory.New(memory.Config{})
	a := peerstore.Announce{NumWant: 50, Now: storetest.Begin()}
	var to peerstore.Answer
	ip := at("1.2.3.4:1").Addr()
	n := 0
	next := func() {
		n++
		x := uint64(n) * 0x9E3779B97F4A7C15 >> 20
		h := x % 10_000
		a.InfoHash = [20]byte{byte(h), byte(h >> 8), 19: byte(h)}
		a.Peer = netip.AddrPortFrom(ip, uint16(1024+x/10_000%100))
		_ = s.Announce(b.Context(), &a, &to)
	}
	for range 3_000_000 {
		next()
	}
	for b.Loop() {
		next()
	}
}
