package picker

import (
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// swarm is a model of the peers around a picker.
type swarm struct {
	p    *Picker
	has  map[Peer]pieceSet // nil for a seed
	now  time.Time
	step int
}

func (s *swarm) set(peer Peer) Set {
	if s.has[peer] == nil {
		return all{}
	}
	return s.has[peer]
}

func (s *swarm) peer(t *rapid.T) Peer {
	if len(s.has) == 0 {
		t.Skip("no peer")
	}
	peers := make([]Peer, 0, len(s.has))
	for id := Peer(0); len(peers) < len(s.has); id++ {
		if _, ok := s.has[id]; ok {
			peers = append(peers, id)
		}
	}
	return rapid.SampledFrom(peers).Draw(t, "peer")
}

func (s *swarm) piece(t *rapid.T) int { return rapid.IntRange(0, s.p.Len()-1).Draw(t, "piece") }

func (s *swarm) arrive(t *rapid.T) {
	id := Peer(s.step)
	s.step++
	if rapid.Bool().Draw(t, "seed") {
		s.has[id] = nil
		s.p.GainAll()
		return
	}
	s.has[id] = pieceSet{}
	for _, i := range rapid.SliceOfN(rapid.IntRange(0, s.p.Len()-1), 0, 12).Draw(t, "has") {
		s.has[id][i] = true
	}
	s.p.GainSet(s.has[id])
}

func (s *swarm) depart(t *rapid.T) {
	id := s.peer(t)
	if s.has[id] == nil {
		s.p.LoseAll()
	} else {
		s.p.LoseSet(s.has[id])
	}
	delete(s.has, id)
	s.p.LeaveAll(id)
	if len(s.p.Working(id, nil)) != 0 {
		t.Fatalf("peer %d is gone and works", id)
	}
}

func (s *swarm) have(t *rapid.T) {
	id, i := s.peer(t), s.piece(t)
	if s.has[id] == nil || s.has[id][i] {
		t.Skip("has it")
	}
	s.has[id][i] = true
	s.p.Gain(i)
}

// start checks that what Start returns was free, wanted and rarest for its
// priority, and that nothing was free when it returns nothing.
func (s *swarm) start(t *rapid.T) {
	id := s.peer(t)
	before := s.p.Snapshot()
	i, ok := s.p.Start(id, s.set(id), s.now)
	best := -1
	for k, st := range before {
		if st.State != Missing || st.Priority == Skip || !s.set(id).Has(k) {
			continue
		}
		if best < 0 || startsBefore(st, before[best]) {
			best = k
		}
	}
	switch {
	case ok != (best >= 0):
		t.Fatalf("start: %t, but piece %d was free", ok, best)
	case !ok:
		return
	case before[i].State != Missing || before[i].Priority == Skip || !s.set(id).Has(i):
		t.Fatalf("start: piece %d was %+v", i, before[i])
	case len(s.p.deadlines.list) == 0 && !s.p.sequential && startsBefore(before[best], before[i]):
		t.Fatalf("start: piece %d %+v instead of %d %+v", i, before[i], best, before[best])
	}
}

// startsBefore is the order of Start without deadlines.
func startsBefore(a, b Status) bool {
	switch {
	case a.Partial != b.Partial:
		return a.Partial
	case a.Priority != b.Priority:
		return a.Priority > b.Priority
	}
	return !a.Partial && a.Availability < b.Availability
}

func (s *swarm) join(t *rapid.T) {
	id := s.peer(t)
	before := s.p.Snapshot()
	endgame := s.p.Endgame()
	i, ok := s.p.Join(id, s.set(id), s.now)
	if !ok {
		return
	}
	st := before[i]
	_, slow := s.p.slow[id]
	deadline, due := s.p.deadlines.at[int32(i)]
	late := due && !s.now.Before(deadline)
	switch {
	case st.State != InProgress || s.crowded(st.Workers, slow) || !s.set(id).Has(i):
		t.Fatalf("join: piece %d was %+v", i, st)
	case !endgame && !late && slow:
		t.Fatalf("join: slow peer %d may help with piece %d", id, i)
	}
	for _, w := range st.Workers {
		if _, slow := s.p.slow[w]; w == id || !slow && !endgame && !late {
			t.Fatalf("join: peer %d with %d on piece %d", id, w, i)
		}
	}
}

func (s *swarm) leave(t *rapid.T) {
	id := s.peer(t)
	own := s.p.Working(id, nil)
	if len(own) == 0 {
		t.Skip("idle")
	}
	s.p.Leave(id, rapid.SampledFrom(own).Draw(t, "piece"), rapid.Bool().Draw(t, "partial"))
}

func (s *swarm) finish(t *rapid.T) {
	if len(s.p.jobs) == 0 {
		t.Skip("nothing in progress")
	}
	i := int(rapid.SampledFrom(s.p.jobs).Draw(t, "job").piece)
	s.p.Writing(i)
	if rapid.IntRange(0, 9).Draw(t, "luck") == 0 {
		s.p.Failed(i)
	} else {
		s.p.Verified(i)
	}
}

// interest compares Interested with what it means.
func (s *swarm) interest(t *rapid.T) {
	id := s.peer(t)
	want := false
	for i, st := range s.p.Snapshot() {
		want = want || st.State != Verified && st.Priority > Skip && s.set(id).Has(i)
	}
	if got := s.p.Interested(s.set(id)); got != want {
		t.Fatalf("interested: %t, want %t", got, want)
	}
}

func (s *swarm) actions() map[string]func(*rapid.T) {
	return map[string]func(*rapid.T){
		"arrive": s.arrive, "depart": s.depart, "have": s.have, "interest": s.interest,
		"start": s.start, "start again": s.start, "join": s.join, "leave": s.leave, "finish": s.finish,
		"slow": func(t *rapid.T) { s.p.Slow(s.peer(t), rapid.Bool().Draw(t, "slow")) },
		"priority": func(t *rapid.T) {
			s.p.SetPriority(s.piece(t), Priority(rapid.IntRange(int(Skip), int(High)).Draw(t, "priority")))
		},
		"sequential": func(t *rapid.T) { s.p.SetSequential(rapid.Bool().Draw(t, "on")) },
		"deadline": func(t *rapid.T) {
			s.p.SetDeadline(s.piece(t), s.now.Add(time.Duration(rapid.IntRange(-5, 5).Draw(t, "in"))*time.Second))
		},
		"clear": func(*rapid.T) { s.p.ClearDeadlines() },
		"lost":  func(t *rapid.T) { s.p.SetMissing(s.piece(t)) },
		"found": func(t *rapid.T) { s.p.SetHave(s.piece(t)) },
		"":      func(t *rapid.T) { s.check(t) },
	}
}

// crowded reports whether as many work on a piece as may, for one more.
func (s *swarm) crowded(workers []Peer, slow bool) bool {
	able := 0
	for _, w := range workers {
		if _, slow := s.p.slow[w]; !slow {
			able++
		}
	}
	return able >= MaxWorkers || slow && len(workers) >= MaxWorkers
}

func (s *swarm) check(t *rapid.T) {
	s.now = s.now.Add(time.Second)
	checkInvariants(t, s.p)
	avail := make([]int, s.p.Len())
	for id := range s.has {
		for i := range avail {
			if s.set(id).Has(i) {
				avail[i]++
			}
		}
	}
	for i, st := range s.p.Snapshot() {
		if st.Availability != avail[i] {
			t.Fatalf("piece %d: availability %d, want %d", i, st.Availability, avail[i])
		}
	}
}

// TestInvariants runs random histories against a model.
func TestInvariants(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 20).Draw(t, "pieces")
		seed := rapid.Uint64().Draw(t, "seed")
		s := &swarm{p: New(n, rand.New(rand.NewPCG(seed, 0))), has: map[Peer]pieceSet{}, now: epoch}
		t.Repeat(s.actions())
	})
}

// TestCompletes lets unreliable peers work until everything is there: as long as
// somebody has each piece, no state may be a dead end.
func TestCompletes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		n := rapid.IntRange(1, 60).Draw(t, "pieces")
		p := New(n, rng)
		sets := []Set{all{}}
		p.GainAll()
		for range rapid.IntRange(0, 5).Draw(t, "peers") {
			set := pieceSet{}
			for i := range n {
				set[i] = rng.IntN(2) == 0
			}
			p.GainSet(set)
			sets = append(sets, set)
		}
		for step := 0; p.Left() > 0; step++ {
			if step > 200*n {
				t.Fatalf("%d pieces left after %d steps", p.Left(), step)
			}
			who := rng.IntN(len(sets))
			now := epoch.Add(time.Duration(step) * time.Second)
			i, ok := p.Start(Peer(who), sets[who], now)
			if !ok {
				i, ok = p.Join(Peer(who), sets[who], now)
			}
			if own := p.Working(Peer(who), nil); !ok && len(own) > 0 {
				i, ok = own[0], true
			}
			if !ok {
				continue
			}
			switch rng.IntN(6) {
			case 0:
				p.Leave(Peer(who), i, rng.IntN(2) == 0)
			case 1:
				p.LeaveAll(Peer(who))
			case 2:
				p.Failed(i)
			case 3, 4:
				p.Writing(i)
				p.Verified(i)
			}
		}
	})
}

// TestReplays checks that the same seed gives the same choices.
func TestReplays(t *testing.T) {
	run := func(seed uint64) []int {
		p := New(500, rand.New(rand.NewPCG(seed, 0)))
		p.GainAll()
		var picks []int
		for i, ok := p.Start(1, all{}, epoch); ok; i, ok = p.Start(1, all{}, epoch) {
			picks = append(picks, i)
		}
		return picks
	}
	if a, b := run(7), run(7); len(a) != 500 || !reflect.DeepEqual(a, b) {
		t.Errorf("one seed gave two orders")
	}
	if a, b := run(7), run(8); reflect.DeepEqual(a, b) {
		t.Errorf("two seeds gave one order: ties are not random")
	}
}
