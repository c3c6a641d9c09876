package schedule_test

import (
	"encoding/binary"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/warren-p2p/warren/internal/dht/schedule"
)

var begin = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func hash(i int) (h schedule.Hash) {
	binary.BigEndian.PutUint32(h[:], uint32(i))
	return h
}

func newScheduler(atOnce, perMinute int) *schedule.Scheduler {
	return schedule.New(schedule.Config{AtOnce: atOnce, PerMinute: perMinute, Rand: rand.New(rand.NewPCG(1, 2))})
}

func TestUrgentFirst(t *testing.T) {
	s := newScheduler(4, 60)
	for i, c := range []schedule.Class{schedule.Idle, schedule.Orphan, schedule.Active, schedule.Lonely} {
		s.Set(hash(i), c, begin)
	}
	for want := 3; want >= 0; want-- {
		if h, ok := s.Next(begin); !ok || h != hash(want) {
			t.Errorf("next is %x, want %d", h, want)
		}
	}
	if h, ok := s.Next(begin.Add(time.Hour)); ok {
		t.Errorf("a fifth at once: %x", h)
	}
}

func TestChangesOfClass(t *testing.T) {
	s := newScheduler(1, 60)
	s.Set(hash(1), schedule.Idle, begin)
	s.Set(hash(2), schedule.Active, begin)
	s.Set(hash(1), schedule.Lonely, begin)
	h, _ := s.Next(begin)
	if h != hash(1) {
		t.Errorf("next is %x", h)
	}
	s.Set(h, schedule.Idle, begin)
	s.Remove(h)
	s.Set(h, schedule.Orphan, begin) // it is back before its lookup ended
	s.Done(h, true, begin)
	s.Remove(hash(2))
	now := begin.Add(14 * time.Minute)
	if h, ok := s.Next(now); ok {
		t.Errorf("%x is due", h)
	}
	if h, ok := s.Next(begin.Add(20 * time.Minute)); !ok || h != hash(1) {
		t.Errorf("next is %x, %v", h, ok)
	}
	s.Remove(hash(1))
	if s.Done(hash(1), true, now); s.Len() != 0 || s.Running() != 0 {
		t.Errorf("%d left, %d under way", s.Len(), s.Running())
	}
}

// What nobody answers is tried again soon, and less and less often.
func TestSilence(t *testing.T) {
	s := newScheduler(1, 1000)
	s.Set(hash(1), schedule.Lonely, begin)
	now := begin
	var tries int
	for ; now.Before(begin.Add(time.Hour)); now = now.Add(time.Second) {
		if h, ok := s.Next(now); ok {
			tries++
			s.Done(h, false, now)
		}
	}
	if tries < 7 || tries > 11 {
		t.Errorf("%d tries in an hour", tries)
	}
}

// Ten thousand torrents are no storm, what is active is looked up on time, and
// nobody waits forever.
func TestTenThousand(t *testing.T) {
	const torrents, active, perMinute, took = 10_000, 50, 60, 8 * time.Second
	s := newScheduler(8, perMinute)
	for i := range torrents {
		c := schedule.Idle
		if i < active {
			c = schedule.Lonely
		}
		s.Set(hash(i), c, begin)
	}
	type running struct {
		h   schedule.Hash
		end time.Time
	}
	var under []running
	last := map[schedule.Hash]time.Time{}
	begun := 0
	for now := begin; now.Before(begin.Add(6 * time.Hour)); now = now.Add(time.Second) {
		for len(under) > 0 && !now.Before(under[0].end) {
			s.Done(under[0].h, true, now)
			under = under[1:]
		}
		for h, ok := s.Next(now); ok; h, ok = s.Next(now) {
			if was, again := last[h]; again && now.Sub(was) < 15*time.Minute {
				t.Fatalf("%x again after %v", h, now.Sub(was))
			}
			last[h] = now
			begun++
			under = append(under, running{h, now.Add(took)})
		}
		if now.Sub(begin) > 30*time.Minute {
			for i := range active {
				if since := now.Sub(last[hash(i)]); since > 25*time.Minute {
					t.Fatalf("active %d was looked up %v ago", i, since)
				}
			}
		}
	}
	if most := 6*60*perMinute + 8; begun > most || begun < most*9/10 {
		t.Errorf("%d lookups in 6 hours, the budget is %d", begun, most)
	}
	if len(last) != torrents {
		t.Errorf("%d of %d were looked up", len(last), torrents)
	}
}

// An info-hash that waits costs little.
func TestMemory(t *testing.T) {
	const n = 100_000
	var before, after runtime.MemStats
	s := newScheduler(4, 60)
	runtime.GC()
	runtime.ReadMemStats(&before)
	for i := range n {
		s.Set(hash(i), schedule.Idle, begin)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if each := (int64(after.HeapAlloc) - int64(before.HeapAlloc)) / n; each > 200 {
		t.Errorf("%d bytes for an info-hash", each)
	}
	runtime.KeepAlive(s)
}

// Whatever happens in whatever order, the bounds hold and nothing is lost.
func TestProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		atOnce := rapid.IntRange(1, 4).Draw(t, "at once")
		s := newScheduler(atOnce, 600)
		now := begin
		here := map[schedule.Hash]bool{}
		running := map[schedule.Hash]time.Time{}
		ended := map[schedule.Hash]time.Time{}
		for range rapid.IntRange(1, 80).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(0, 600).Draw(t, "s")) * time.Second)
			h := hash(rapid.IntRange(0, 5).Draw(t, "hash"))
			switch rapid.IntRange(0, 3).Draw(t, "what") {
			case 0:
				s.Set(h, schedule.Class(rapid.IntRange(0, 3).Draw(t, "class")), now)
				here[h] = true
			case 1:
				s.Remove(h)
				delete(here, h)
				delete(ended, h)
			case 2:
				if h, ok := s.Next(now); ok {
					if _, again := running[h]; again || !here[h] {
						t.Fatalf("%x is under way: %v, there: %v", h, again, here[h])
					}
					if at, ok := ended[h]; ok && now.Sub(at) < 15*time.Minute {
						t.Fatalf("again after %v", now.Sub(at))
					}
					running[h] = now
				}
			case 3:
				s.Done(h, true, now)
				if _, was := running[h]; was && here[h] {
					ended[h] = now
				}
				delete(running, h)
			}
			if s.Running() != len(running) || len(running) > atOnce {
				t.Fatalf("%d under way, %d expected, %d allowed", s.Running(), len(running), atOnce)
			}
			if n := s.Len(); n < len(here) || n > len(here)+len(running) {
				t.Fatalf("%d entries for %d torrents", n, len(here))
			}
		}
	})
}
