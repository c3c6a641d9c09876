package conns

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/warren-p2p/warren/swarm/internal/conns/canon"
)

// world is a manager and what is true around it.
type world struct {
	m       *Manager
	caps    *Caps
	now     time.Time
	pending []Attempt
	open    map[netip.AddrPort]bool
	banned  map[netip.Addr]bool
}

func drawAddr(t *rapid.T) netip.AddrPort {
	return netip.AddrPortFrom(
		netip.AddrFrom4([4]byte{10, 0, 0, byte(rapid.IntRange(1, 6).Draw(t, "host"))}),
		uint16(rapid.IntRange(1, 4).Draw(t, "port")),
	)
}

func (w *world) add(t *rapid.T) {
	w.m.Add(Source(rapid.IntRange(0, int(sources)-1).Draw(t, "source")), drawAddr(t))
}

func (w *world) next(t *rapid.T) {
	due, waits := w.m.NextTime()
	a, ok := w.m.Next(w.now)
	if !ok {
		return
	}
	if !waits || w.now.Before(due) {
		t.Fatalf("attempt %v, but NextTime was %v, %t", a, due, waits)
	}
	busy := func(p Attempt) bool { return p.Addr == a.Addr }
	if w.open[a.Addr] || slices.ContainsFunc(w.pending, busy) {
		t.Fatalf("attempt %v while busy with that peer", a)
	}
	if w.banned[a.Addr.Addr()] {
		t.Fatalf("attempt %v at a banned host", a)
	}
	seen := w.m.cfg.Verdicts.SeenTLS(a.Addr, w.m.cfg.InfoHash, w.now)
	switch {
	case w.m.cfg.Policy == Off && a.Kind == TLS,
		w.m.cfg.Policy == Require && a.Kind != TLS,
		w.m.cfg.Policy == Prefer && seen && a.Kind != TLS:
		t.Fatalf("attempt %v under policy %d, seen with TLS %t", a, w.m.cfg.Policy, seen)
	}
	w.pending = append(w.pending, a)
}

func (w *world) result(t *rapid.T) {
	if len(w.pending) == 0 {
		t.Skip("nothing under way")
	}
	i := rapid.IntRange(0, len(w.pending)-1).Draw(t, "attempt")
	a := w.pending[i]
	w.pending = slices.Delete(w.pending, i, i+1)
	if w.m.Result(a, Outcome(rapid.IntRange(0, int(Abandoned)).Draw(t, "outcome")), w.now) {
		w.open[a.Addr] = true
	}
}

func (w *world) accept(t *rapid.T) {
	a := drawAddr(t)
	evicted, ok := w.m.Accept(a, w.now)
	if evicted.IsValid() {
		if !ok || !w.open[evicted] || canon.Priority(w.m.self[0], evicted) >= canon.Priority(w.m.self[0], a) {
			t.Fatalf("%v evicted for %v, accepted %t", evicted, a, ok)
		}
		delete(w.open, evicted)
	}
	if ok {
		if w.banned[a.Addr()] || w.open[a] {
			t.Fatalf("%v accepted", a)
		}
		w.open[a] = true
	}
}

func (w *world) close(t *rapid.T) {
	a := drawAddr(t)
	w.m.Closed(a, w.now)
	delete(w.open, a)
}

func (w *world) ban(t *rapid.T) {
	ip := drawAddr(t).Addr()
	for _, a := range w.m.Ban(ip) {
		if !w.open[a] {
			t.Fatalf("told to close %v, which is not open", a)
		}
		w.m.Closed(a, w.now)
		delete(w.open, a)
	}
	w.banned[ip] = true
}

func (w *world) unban(t *rapid.T) {
	ip := drawAddr(t).Addr()
	w.m.Unban(ip)
	delete(w.banned, ip)
}

// check recomputes what the manager counts.
func (w *world) check(t *rapid.T) {
	s := w.m.Stats()
	if s.Dialing != len(w.pending) || s.Conns != len(w.open) {
		t.Fatalf("%+v, but %d attempts and %d connections", s, len(w.pending), len(w.open))
	}
	manual := 0
	for a := range w.open {
		if w.m.manual(a) {
			manual++
		}
	}
	if s.Dialing > w.m.cfg.HalfOpen || s.Conns > w.m.cfg.MaxConns+manual {
		t.Fatalf("%+v is over the limits", s)
	}
	if dialing, open := w.caps.InUse(); dialing != s.Dialing || open != s.Conns || open > 6 {
		t.Fatalf("caps count %d attempts and %d connections, not %+v", dialing, open, s)
	}
	byHost := map[netip.Addr]int{}
	for a := range w.open {
		byHost[a.Addr()]++
	}
	for a := range byHost {
		if w.caps.Crowded(a) != (byHost[a] >= 5) {
			t.Fatalf("%d connections with %v, crowded: %t", byHost[a], a, w.caps.Crowded(a))
		}
	}
	perIP, kept := map[netip.Addr]int{}, [sources]int{}
	for _, p := range w.m.order {
		perIP[p.addr.Addr()]++
		kept[p.source]++
		if w.m.peers[p.addr] != p || p.linked != w.open[p.addr] || p.begun != (len(p.round) > 0) {
			t.Fatalf("candidate %+v, connected %t", p, w.open[p.addr])
		}
	}
	if kept != w.m.kept || len(perIP) != len(w.m.perIP) || len(w.m.peers) != len(w.m.order) {
		t.Fatalf("kept %v, counted %v; per IP %v, counted %v", w.m.kept, kept, w.m.perIP, perIP)
	}
	for source, n := range kept {
		if n > w.m.quota(Source(source)) && Source(source) != Manual {
			t.Fatalf("%d candidates of source %d", n, source)
		}
	}
}

// TestInvariants runs random histories against a model.
func TestInvariants(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := &world{caps: NewCaps(3, 6), now: epoch, open: map[netip.AddrPort]bool{}, banned: map[netip.Addr]bool{}}
		w.m = New(Config{
			MaxConns: 5, HalfOpen: 4, Caps: w.caps, Verdicts: NewVerdicts(50), PerIP: 3,
			Quotas: map[Source]int{Tracker: 3, DHT: 2, PEX: 1, LSD: 0},
			Rand:   rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0)),
		})
		w.m.SetSelf(addr("10.9.9.9:1"))
		t.Repeat(map[string]func(*rapid.T){
			"add": w.add, "next": w.next, "next again": w.next, "result": w.result,
			"accept": w.accept, "close": w.close, "ban": w.ban, "unban": w.unban,
			"policy": func(t *rapid.T) { w.m.SetPolicy(Policy(rapid.IntRange(0, 2).Draw(t, "policy"))) },
			"seen":   func(t *rapid.T) { w.m.cfg.Verdicts.NoteTLS(drawAddr(t), w.m.cfg.InfoHash, w.now) },
			"wait": func(t *rapid.T) {
				w.now = w.now.Add(time.Duration(rapid.IntRange(1, 7200).Draw(t, "seconds")) * time.Second)
			},
			"": w.check,
		})
	})
}

// TestLegacySwarmCostsOneDialADay lets three torrents live for a week among
// peers without TLS that come and go.
func TestLegacySwarmCostsOneDialADay(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	verdicts := NewVerdicts(1000)
	var torrents []*Manager
	for i := range byte(3) {
		m := New(Config{InfoHash: InfoHash{i}, Verdicts: verdicts, Rand: rng})
		for host := range byte(20) {
			m.Add(Tracker, netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 0, 0, host}), 6881))
		}
		torrents = append(torrents, m)
	}
	extra := map[netip.AddrPort]int{}
	total, connected := 0, 0
	const week = 7 * 24 * time.Hour
	for now := epoch; now.Sub(epoch) < week; now = now.Add(time.Minute) {
		for _, m := range torrents {
			for a, ok := m.Next(now); ok; a, ok = m.Next(now) {
				total++
				switch {
				case a.Kind == TLS:
					extra[a.Addr]++
					m.Result(a, NotThisKind, now)
				case rng.IntN(3) == 0:
					m.Result(a, TimedOut, now)
				default:
					connected++
					m.Result(a, Connected, now)
				}
			}
			for a := range m.conns {
				if rng.IntN(30) == 0 {
					m.Closed(a, now)
				}
			}
		}
	}
	for a, n := range extra {
		if n > 7 {
			t.Errorf("%v was tried with TLS %d times in a week", a, n)
		}
	}
	if len(extra) != 20 || connected < 1000 || total < connected+20 {
		t.Errorf("%d peers, %d attempts, %d connections: nothing was tested", len(extra), total, connected)
	}
}

func TestBackoff(t *testing.T) {
	for _, tt := range []struct {
		outcome Outcome
		first   time.Duration
	}{{Refused, 15 * time.Second}, {TimedOut, 30 * time.Second}} {
		m := New(Config{Verdicts: NewVerdicts(10), Rand: rand.New(rand.NewPCG(1, 1))})
		m.Add(Tracker, addr("1.2.3.4:5"))
		now := epoch
		want := tt.first
		for i := range 40 {
			a, ok := m.Next(now)
			if !ok {
				t.Fatalf("attempt %d was not due", i)
			}
			m.Result(a, tt.outcome, now)
			due, _ := m.NextTime()
			if d := due.Sub(now); d < want || d >= want+want/4 {
				t.Fatalf("failure %d of kind %d: waits %v, want %v and up to a quarter", i, tt.outcome, d, want)
			}
			want = min(2*want, time.Hour)
			if _, ok := m.Next(due.Add(-1)); ok {
				t.Fatal("attempt before it was due")
			}
			now = due
		}
	}
}

// BenchmarkNext is one attempt among 1,000 candidates, refused.
func BenchmarkNext(b *testing.B) {
	m := New(Config{
		Verdicts: NewVerdicts(1000), Rand: rand.New(rand.NewPCG(1, 1)),
		Quotas: map[Source]int{Tracker: 1000},
	})
	for i := range 1000 {
		m.Add(Tracker, netip.MustParseAddrPort(fmt.Sprintf("10.0.%d.%d:1", i/250, i%250)))
	}
	now := epoch
	b.ReportAllocs()
	for b.Loop() {
		a, ok := m.Next(now)
		if ok {
			m.Result(a, Refused, now)
		}
		now = now.Add(time.Minute)
	}
}
