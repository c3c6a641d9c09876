package choker

import (
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func drawState(t *rapid.T, id ID, now time.Time, old PeerState) PeerState {
	s := PeerState{
		ID: id, Interested: rapid.IntRange(0, 3).Draw(t, "interested") > 0, Connected: old.Connected,
		Downloaded: old.Downloaded + rapid.Int64Range(0, 1<<20).Draw(t, "down"),
		Uploaded:   old.Uploaded + rapid.Int64Range(0, 1<<20).Draw(t, "up"),
		Weight:     rapid.SampledFrom([]float64{0, 0.5, 1, 1, 1, 3}).Draw(t, "weight"),
	}
	if s.Connected.IsZero() {
		s.Connected = now
	}
	if rapid.IntRange(0, 4).Draw(t, "snubs") == 0 {
		s.AwaitingSince = now.Add(-SnubTime)
	}
	return s
}

// TestInvariants runs random crowds through two chokers, one of which gets the
// peers in another order.
func TestInvariants(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cfg := Config{Slots: rapid.IntRange(2, 8).Draw(t, "slots")}
		seed := rapid.Uint64().Draw(t, "seed")
		c := New(cfg, rand.New(rand.NewPCG(seed, 0)))
		twin := New(cfg, rand.New(rand.NewPCG(seed, 0)))
		shuffle := rand.New(rand.NewPCG(seed, 1))
		unchoked := map[ID]bool{} // as the peers know it
		known := map[ID]PeerState{}
		var last time.Time
		now := epoch
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(1, 15).Draw(t, "seconds")) * time.Second)
			states := drawStates(t, now, known, unchoked)
			seeding := rapid.IntRange(0, 9).Draw(t, "seeding") == 0
			c.SetSeeding(seeding)
			twin.SetSeeding(seeding)
			full := last.IsZero() || c.rechoke.IsZero() || now.Sub(last) >= RechokePeriod
			if full {
				last = now
			}
			changes := c.Rechoke(now, states)
			shuffle.Shuffle(len(states), func(i, j int) { states[i], states[j] = states[j], states[i] })
			if other := twin.Rechoke(now, states); !reflect.DeepEqual(changes, other) {
				t.Fatalf("changes depend on the order of peers: %v and %v", changes, other)
			}
			apply(t, changes, unchoked, known, full)
			check(t, c, cfg, unchoked, known, full)
		}
	})
}

func drawStates(t *rapid.T, now time.Time, known map[ID]PeerState, unchoked map[ID]bool) []PeerState {
	var states []PeerState
	for id := range ID(12) {
		old, ok := known[id]
		delete(known, id)
		if rapid.IntRange(0, 7).Draw(t, "gone") == 0 {
			delete(unchoked, id)
			continue
		}
		if !ok {
			old = PeerState{}
		}
		s := drawState(t, id, now, old)
		known[id] = s
		states = append(states, s)
	}
	return states
}

// apply sends the changes to the peers.
func apply(t *rapid.T, changes []Change, unchoked map[ID]bool, known map[ID]PeerState, full bool) {
	for _, ch := range changes {
		if unchoked[ch.ID] == ch.Unchoke {
			t.Fatalf("peer %d is told %t twice", ch.ID, ch.Unchoke)
		}
		s := known[ch.ID]
		if !full && !ch.Unchoke && s.Interested && s.Weight > 0 {
			t.Fatalf("peer %d lost its slot between rechokes", ch.ID)
		}
		unchoked[ch.ID] = ch.Unchoke
	}
}

func check(t *rapid.T, c *Choker, cfg Config, unchoked map[ID]bool, known map[ID]PeerState, full bool) {
	eligible, served := 0, 0
	for id, s := range known {
		if c.Unchoked(id) != unchoked[id] {
			t.Fatalf("peer %d: unchoked %t, but was told %t", id, c.Unchoked(id), unchoked[id])
		}
		wants := s.Interested && s.Weight > 0
		if wants {
			eligible++
		}
		if unchoked[id] {
			served++
			if !wants {
				t.Fatalf("peer %d has a slot: %+v", id, s)
			}
		}
		if regular := unchoked[id] && !c.Optimistic(id); regular && full && !c.seeding &&
			!s.AwaitingSince.IsZero() {
			t.Fatalf("snubbed peer %d has a regular slot", id)
		}
	}
	if want := min(eligible, cfg.Slots); served != want {
		t.Fatalf("%d peers served, want %d of %d", served, want, eligible)
	}
}
