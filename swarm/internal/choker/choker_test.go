package choker

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var epoch = time.Unix(1_700_000_000, 0)

// crowd feeds a choker with peers of constant rates, ten seconds at a time.
type crowd struct {
	c      *Choker
	now    time.Time
	states []PeerState
	down   map[ID]int64 // what a peer sends us, bytes per second
	up     map[ID]int64 // what it takes while unchoked
}

func newCrowd(cfg Config, n int) *crowd {
	s := &crowd{
		c: New(cfg, rand.New(rand.NewPCG(1, 2))), now: epoch,
		down: map[ID]int64{}, up: map[ID]int64{},
	}
	for id := range ID(n) {
		s.states = append(s.states, PeerState{ID: id, Interested: true, Connected: epoch, Weight: 1})
	}
	return s
}

// advance lets d pass in steps of ten seconds with a Rechoke after each.
func (s *crowd) advance(d time.Duration) {
	for ; d > 0; d -= RechokePeriod {
		for i := range s.states {
			st := &s.states[i]
			st.Downloaded += s.down[st.ID] * 10
			if s.c.Unchoked(st.ID) {
				st.Uploaded += s.up[st.ID] * 10
			}
		}
		s.now = s.now.Add(RechokePeriod)
		s.c.Rechoke(s.now, s.states)
	}
}

func (s *crowd) slots(want func(ID) bool) []ID {
	var ids []ID
	for _, st := range s.states {
		if want(st.ID) {
			ids = append(ids, st.ID)
		}
	}
	return ids
}

func (s *crowd) regular() []ID {
	return s.slots(func(id ID) bool { return s.c.Unchoked(id) && !s.c.Optimistic(id) })
}

func TestTitForTat(t *testing.T) {
	s := newCrowd(Config{Slots: 5}, 10)
	for id := range ID(10) {
		s.down[id] = int64(id) * 1000
	}
	s.advance(40 * time.Second)
	if d := cmp.Diff([]ID{6, 7, 8, 9}, s.regular()); d != "" {
		t.Errorf("regular slots (-want +got):\n%s", d)
	}
	if got := s.slots(s.c.Optimistic); len(got) != 1 || got[0] > 5 {
		t.Errorf("optimistic slots: %v", got)
	}

	// The rates of the last 20 s count, not what was sent before.
	s.down[9], s.down[0] = 0, 20_000
	s.advance(30 * time.Second)
	if d := cmp.Diff([]ID{0, 6, 7, 8}, s.regular()); d != "" {
		t.Errorf("regular slots after a change (-want +got):\n%s", d)
	}
}

func TestSnubbedLosesRegularSlot(t *testing.T) {
	s := newCrowd(Config{Slots: 2}, 3)
	s.down[2] = 5000
	s.advance(20 * time.Second)
	if d := cmp.Diff([]ID{2}, s.regular()); d != "" {
		t.Fatalf("regular slots (-want +got):\n%s", d)
	}
	s.states[2].AwaitingSince = s.now.Add(10*time.Second - SnubTime)
	s.advance(10 * time.Second)
	if slices.Contains(s.regular(), 2) {
		t.Error("a snubbed peer kept its regular slot")
	}
	s.states[2].AwaitingSince = time.Time{}
	s.advance(10 * time.Second)
	if d := cmp.Diff([]ID{2}, s.regular()); d != "" {
		t.Errorf("regular slots after the snub (-want +got):\n%s", d)
	}
}

func TestWeight(t *testing.T) {
	s := newCrowd(Config{Slots: 3}, 6)
	for id := range ID(6) {
		s.down[id] = 10_000
	}
	s.states[4].Weight = 2
	s.states[5].Weight = 1.5
	s.states[3].Weight = 0
	s.advance(20 * time.Second)
	if d := cmp.Diff([]ID{4, 5}, s.regular()); d != "" {
		t.Errorf("regular slots (-want +got):\n%s", d)
	}
	for range 40 {
		s.advance(OptimisticPeriod)
		if s.c.Unchoked(3) {
			t.Fatal("a peer of weight 0 was unchoked")
		}
	}
}

func TestOptimisticRotates(t *testing.T) {
	s := newCrowd(Config{Slots: 2}, 6)
	s.down[0] = 5000
	s.advance(10 * time.Second)
	served := map[ID]bool{}
	for round := range 40 {
		before := s.slots(s.c.Optimistic)
		served[before[0]] = true
		s.advance(20 * time.Second)
		if d := cmp.Diff(before, s.slots(s.c.Optimistic)); d != "" {
			t.Fatalf("round %d: rotated early:\n%s", round, d)
		}
		s.advance(10 * time.Second)
		if after := s.slots(s.c.Optimistic); slices.Equal(before, after) {
			t.Fatalf("round %d: %v kept the optimistic slot", round, after)
		}
	}
	if len(served) != 5 {
		t.Errorf("only %v had an optimistic slot", served)
	}
}

func TestNewcomersHaveThreeTimesTheChance(t *testing.T) {
	const trials = 4000
	hits := 0
	rng := rand.New(rand.NewPCG(3, 4))
	for range trials {
		c := New(Config{}, rng)
		now := epoch.Add(time.Hour)
		pool := []*peer{
			{PeerState: PeerState{Weight: 1, Connected: now.Add(-30 * time.Second)}},
			{PeerState: PeerState{Weight: 1, Connected: epoch}},
		}
		if c.draw(now, pool) == 0 {
			hits++
		}
	}
	if share := float64(hits) / trials; math.Abs(share-0.75) > 0.03 {
		t.Errorf("the newcomer was drawn in %.3f of the cases, want 0.75", share)
	}
}

func TestSeedingKeepsTheFastAndServesAll(t *testing.T) {
	s := newCrowd(Config{Slots: 4}, 12)
	s.c.SetSeeding(true)
	for id := range ID(12) {
		s.up[id] = 50_000
	}
	s.up[5], s.up[8] = 900_000, 800_000
	s.up[3] = 0 // takes nothing
	waited := map[ID]time.Duration{}
	longest := time.Duration(0)
	s.advance(10 * time.Second)
	for range 180 {
		s.advance(10 * time.Second)
		for _, st := range s.states {
			if s.c.Unchoked(st.ID) {
				waited[st.ID] = 0
				continue
			}
			waited[st.ID] += 10 * time.Second
			longest = max(longest, waited[st.ID])
		}
	}
	// Eleven others share two slots with turns of a minute.
	if longest > 7*time.Minute {
		t.Errorf("somebody waited %v for a slot", longest)
	}
	if !s.c.Unchoked(5) || !s.c.Unchoked(8) {
		t.Errorf("the fastest are not kept: %v", s.slots(s.c.Unchoked))
	}
}

func TestSeedingIdleTurnEndsEarly(t *testing.T) {
	s := newCrowd(Config{Slots: 2}, 4)
	s.c.SetSeeding(true)
	s.advance(10 * time.Second)
	if d := cmp.Diff([]ID{0, 1}, s.slots(s.c.Unchoked)); d != "" {
		t.Fatalf("first turn (-want +got):\n%s", d)
	}
	s.advance(RateWindow)
	if d := cmp.Diff([]ID{2, 3}, s.slots(s.c.Unchoked)); d != "" {
		t.Errorf("second turn (-want +got):\n%s", d)
	}
}

func TestEqualsKeepTheirSlots(t *testing.T) {
	s := newCrowd(Config{Slots: 3}, 6)
	s.advance(10 * time.Second)
	before := s.regular()
	s.advance(20 * time.Second)
	if d := cmp.Diff(before, s.regular()); d != "" || len(before) != 2 {
		t.Errorf("regular slots went round among equals (-before +after):\n%s", d)
	}
}

func TestBetweenRechokes(t *testing.T) {
	s := newCrowd(Config{Slots: 2}, 4)
	s.down[0], s.down[1] = 9000, 8000
	s.advance(20 * time.Second)
	before := s.slots(s.c.Unchoked)
	s.down[3] = 90_000
	s.states[3].Downloaded += 900_000
	if got := s.c.Rechoke(s.now.Add(3*time.Second), s.states); got != nil {
		t.Errorf("slots changed hands early: %v", got)
	}
	s.states[before[0]].Interested = false
	got := s.c.Rechoke(s.now.Add(4*time.Second), s.states)
	if len(got) != 2 || !slices.Contains(got, Change{before[0], false}) {
		t.Errorf("a slot was not handed on: %v", got)
	}
}

func TestSlots(t *testing.T) {
	for _, tt := range []struct {
		cfg  Config
		want int
	}{
		{Config{Slots: 1}, 2},
		{Config{Slots: 7, UploadLimit: 1}, 7},
		{Config{Slots: 500}, 500},
		{Config{}, fewSlots},
		{Config{UploadLimit: 1000}, 2},
		{Config{UploadLimit: 100_000}, 7},
		{Config{UploadLimit: 1_000_000}, 24},
		{Config{UploadLimit: 1_000_000_000}, manySlots},
	} {
		if got := New(tt.cfg, nil).Slots(); got != tt.want {
			t.Errorf("%+v: %d slots, want %d", tt.cfg, got, tt.want)
		}
	}
}

// TestSlotsFollowTheUpload lets 100 peers take what a line and their own lines
// allow: the slots that are found fill the line, and are not many more than that
// needs or than a limit at that rate would give.
func TestSlotsFollowTheUpload(t *testing.T) {
	for _, tt := range []struct {
		name       string
		line, each int64 // bytes per second, of the upload and of each peer
		from, to   int   // slots after ten minutes
	}{
		{"slow line, fast peers", 100_000, 1_000_000, fewSlots, fewSlots},
		{"250 KB/s", 250_000, 1_000_000, 12, 12},
		{"1 MB/s", 1_000_000, 1_000_000, 24, 24},
		{"fast line, fast peers", 100_000_000, 10_000_000, manySlots, manySlots},
		{"fast line, slow peers", 100_000_000, 20_000, manySlots, manySlots},
		{"line for 20 slow peers", 400_000, 20_000, 15, 27},
		{"nobody takes anything", 1_000_000, 0, fewSlots, fewSlots},
	} {
		s := newCrowd(Config{}, 100)
		s.c.SetSeeding(true)
		for range 60 {
			n := int64(max(len(s.slots(s.c.Unchoked)), 1))
			for id := range ID(100) {
				s.up[id] = min(tt.each, tt.line/n)
			}
			s.advance(RechokePeriod)
		}
		if got := s.c.Slots(); got < tt.from || got > tt.to {
			t.Errorf("%s: %d slots, want %d to %d", tt.name, got, tt.from, tt.to)
		}
	}
}

// TestSlotsComeDown gives a line that filled 48 slots less to give: in time there
// are fewer again.
func TestSlotsComeDown(t *testing.T) {
	s := newCrowd(Config{}, 100)
	s.c.SetSeeding(true)
	for i := range 120 {
		line := int64(10_000_000)
		if i >= 20 {
			line = 250_000
		}
		n := int64(max(len(s.slots(s.c.Unchoked)), 1))
		for id := range ID(100) {
			s.up[id] = line / n
		}
		s.advance(RechokePeriod)
	}
	if got := s.c.Slots(); got < 12 || got > 18 {
		t.Errorf("%d slots, want 12 to 18", got)
	}
}

func TestOddWeights(t *testing.T) {
	for in, want := range map[float64]float64{-1: 0, 0: 0, 1: 1, math.Inf(1): maxWeight, math.Inf(-1): 0} {
		if got := weight(in); got != want {
			t.Errorf("weight(%v) = %v, want %v", in, got, want)
		}
	}
	if got := weight(math.NaN()); got != 0 {
		t.Errorf("weight(NaN) = %v", got)
	}
}

// BenchmarkRechoke is one full rechoke among 500 peers.
func BenchmarkRechoke(b *testing.B) {
	s := newCrowd(Config{Slots: 40}, 500)
	for id := range ID(500) {
		s.down[id] = int64(id)
	}
	b.ReportAllocs()
	for b.Loop() {
		s.advance(RechokePeriod)
	}
}
