package sim

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/warren-p2p/warren/swarm/sim/internal/leech"
)

// busy has something of everything.
const busy = `
content pieces=32 blocks=4
limits conns=12 halfopen=4
group seed complete up=400K
group peers count=8 join=0s..10s loss=0.5% limit=150K disk=1M
group closed count=3 nat=closed quit=5s
group restless count=3 leave=10s..20s back=5s..10s
group liars count=2 complete lie=30%
group riders count=2 freeride
group hoarders complete hoard
group stallers complete stall=5s
split at=10s until=15s share=40%
`

func parse(t *testing.T, text string) *Scenario {
	t.Helper()
	sc, err := Parse(strings.ReplaceAll(t.Name(), "/", "-"), text)
	if err != nil {
		t.Fatal(err)
	}
	return sc
}

// A seed replays a run exactly; another is another run.
func TestSeedReplays(t *testing.T) {
	var traces [2]bytes.Buffer
	var results [2]*Result
	for i := range results {
		results[i] = Run(parse(t, busy), 7, &traces[i])
		if results[i].Err != nil {
			t.Fatal(results[i].Err)
		}
	}
	a, b := results[0], results[1]
	if a.Hash != b.Hash || a.Events != b.Events || a.Elapsed != b.Elapsed {
		t.Errorf("two runs with one seed: %d events, hash %x, %v; %d events, hash %x, %v",
			a.Events, a.Hash, a.Elapsed, b.Events, b.Hash, b.Elapsed)
	}
	if traces[0].String() != traces[1].String() || traces[0].Len() == 0 {
		t.Error("the traces of two runs with one seed differ")
	}
	if c := Run(parse(t, busy), 8, nil); c.Hash == a.Hash {
		t.Error("two seeds gave the same run")
	}
}

// What was expected and did not come is an error that says so.
func TestExpectations(t *testing.T) {
	const swarm = "group seed complete up=400K\ngroup peers count=5\nuntil 5m\n"
	for expect, met := range map[string]bool{
		"done peers = 100%":      true,
		"done peers <= 50%":      false,
		"p95 peers <= 3 ideal":   true,
		"p50 peers <= 0.9 ideal": false,
		"max peers <= 1m40s":     true,
		"max peers >= 1m40s":     false,
		"served seed >= 100":     true,
		"waste peers <= 20%":     true,
		"p50 peers >= 1 peers":   true,
		"banned peers >= 1%":     false,
	} {
		r := Run(parse(t, swarm+"expect "+expect), 1, nil)
		if met && r.Err != nil || !met && !errors.Is(r.Err, ErrMissed) {
			t.Errorf("expect %s: %v", expect, r.Err)
		}
	}
}

// Nobody can be faster than the ideal.
func TestIdeal(t *testing.T) {
	const mb = 1 << 20
	for _, tt := range []struct {
		name, text string
		want       float64 // seconds
	}{
		{"one copy", "group s complete up=100K\ngroup p count=2 up=1M down=1M", 16 * mb / 1e5},
		{"narrow line", "group s complete up=1M\ngroup p up=1M down=50K", 16 * mb / 5e4},
		{"all copies", "group s complete up=400K\ngroup p count=9 up=100K down=1M", 9 * 16 * mb / 13e5},
		{"limit", "group s complete up=1M limit=100K\ngroup p up=1M", 16 * mb / 1e5},
		{"others do not count", "group s complete up=100K\ngroup p up=1M\ngroup r count=9 up=1M freeride", 16 * mb / 1e5},
	} {
		sc := parse(t, "content pieces=64 blocks=16\n"+tt.text)
		got := newWorld(sc, 1, nil).ideal().Seconds()
		if got < 0.999*tt.want || got > 1.001*tt.want {
			t.Errorf("%s: %.1f s, want %.1f", tt.name, got, tt.want)
		}
	}
	for seed := range uint64(5) {
		if r := Run(parse(t, "group s complete up=400K\ngroup p count=9 up=100K"), seed, nil); r.Groups[1].Max < r.Ideal.Seconds() {
			t.Errorf("seed %d: all done after %.1f s, the ideal is %.1f", seed, r.Groups[1].Max, r.Ideal.Seconds())
		}
	}
}

// The checks find what they are for: each case breaks a node on purpose.
func TestViolations(t *testing.T) {
	for _, tt := range []struct {
		name  string
		spoil func(w *world)
		want  string
	}{
		{"wrong block", func(w *world) {
			m := w.members[1]
			for b := range m.Piece(3) {
				m.Piece(3)[b] = leech.Truth(3, b)
			}
			m.Piece(3)[2] ^= 1
			m.Stats.Verified = append(m.Stats.Verified, 3)
			w.check(m)
		}, "verified a wrong block: 2 of piece 3"},
		{"connections", func(w *world) { w.members[1].MaxConns = 0; w.check(w.members[1]) }, "connections of 0"},
		{"upload", func(w *world) {
			w.members[0].UpLimit = 1000
			w.check(w.members[0])
		}, "may have sent"},
		{"framed", func(w *world) { w.members[1].Stats.Framed = 1; w.check(w.members[1]) }, "never lied"},
	} {
		w := newWorld(parse(t, "group seed complete\ngroup peers count=3"), 1, nil)
		w.schedule()
		for w.time.Elapsed() < 10*time.Second && w.failed == nil {
			e, _ := w.time.Next()
			w.inspect(e)
		}
		if w.failed != nil {
			t.Fatal(w.failed)
		}
		tt.spoil(w)
		if w.failed == nil || !strings.Contains(w.failed.Error(), tt.want) {
			t.Errorf("%s: %v", tt.name, w.failed)
		}
	}
}

// A swarm in which nobody is served although a seed is there is found out.
func TestStallIsFound(t *testing.T) {
	sc := parse(t, "patience 30s\ngroup seed complete\ngroup peer")
	w := newWorld(sc, 1, nil)
	w.members[0].Hoard = true // which the scenario does not say
	w.schedule()
	for w.failed == nil && w.time.Elapsed() < 10*time.Minute {
		e, _ := w.time.Next()
		w.inspect(e)
	}
	if w.failed == nil || !strings.Contains(w.failed.Error(), "while a full copy was in reach") {
		t.Errorf("nothing was found: %v", w.failed)
	}
	if got := w.time.Elapsed(); got > time.Minute {
		t.Errorf("found after %v", got)
	}
}

// While the network is split nothing passes.
func TestSplit(t *testing.T) {
	sc := parse(t, "content pieces=64 blocks=8\ngroup seed complete\ngroup peer\nsplit at=10s until=40s groups=seed")
	w := newWorld(sc, 1, nil)
	w.schedule()
	got := map[time.Duration]int64{}
	for w.pending > 0 && w.failed == nil {
		e, _ := w.time.Next()
		w.inspect(e)
		got[w.time.Elapsed().Truncate(time.Second)] = w.members[1].Stats.Down
	}
	if w.failed != nil {
		t.Fatal(w.failed)
	}
	if got[11*time.Second] == 0 || got[11*time.Second] != got[39*time.Second] {
		t.Errorf("%d blocks after 11 s, %d after 39 s", got[11*time.Second], got[39*time.Second])
	}
}

// Truth differs from block to block, or nobody would notice a mix-up.
func TestTruth(t *testing.T) {
	seen := map[uint64]bool{}
	for p := range 100 {
		for b := range 64 {
			seen[leech.Truth(p, b)] = true
		}
	}
	if len(seen) != 6400 {
		t.Errorf("%d of 6400 blocks differ", len(seen))
	}
}
