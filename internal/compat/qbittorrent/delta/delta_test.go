package delta

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
)

type thing struct {
	Name  string  `json:"name"`
	Size  int64   `json:"size"`
	Ratio float64 `json:"ratio"`
	On    bool    `json:"on"`
	Key   string  `json:"-"`
}

func since(t *testing.T, l *Ledger[thing], r Revision) string {
	t.Helper()
	changed, removed, err := l.Since(r)
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(removed)
	b, err := json.Marshal(changed)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%s %q", b, removed)
}

func TestLedger(t *testing.T) {
	l := New[thing](10)
	if !l.Put("a", thing{Name: "x", Size: 1, Key: "k"}, 11) || !l.Put("b", thing{Name: "y"}, 11) {
		t.Error("new objects are no change")
	}
	if l.Put("a", thing{Name: "x", Size: 1, Key: "other"}, 12) {
		t.Error("what is not told is a change")
	}
	if !l.Put("a", thing{Name: "x", Size: 2}, 12) || !l.Put("a", thing{Name: "x", Size: 2, Ratio: 0.5}, 13) {
		t.Error("changes are none")
	}
	if !l.Remove("b", 14) || l.Remove("b", 14) {
		t.Error("removed once")
	}
	for r, want := range map[Revision]string{
		10: `{"a":{"name":"x","size":2,"ratio":0.5,"on":false}} ["b"]`,
		11: `{"a":{"size":2,"ratio":0.5}} ["b"]`,
		12: `{"a":{"ratio":0.5}} ["b"]`,
		13: `{} ["b"]`,
		14: `{} []`,
	} {
		if got := since(t, l, r); got != want {
			t.Errorf("since %d: %s, want %s", r, got, want)
		}
	}
	l.Put("b", thing{Name: "again"}, 15)
	if got, want := since(t, l, 13), `{"b":{"name":"again","size":0,"ratio":0,"on":false}} []`; got != want {
		t.Errorf("what came again: %s, want %s", got, want)
	}
	if !l.Knows(10) || l.Knows(9) {
		t.Error("what it knows")
	}
}

func TestForgets(t *testing.T) {
	l := New[thing](0)
	for i := range forgotten + 5 {
		l.Put(fmt.Sprint(i), thing{}, Revision(2*i+1))
		l.Remove(fmt.Sprint(i), Revision(2*i+2))
	}
	if l.Knows(9) || !l.Knows(10) {
		t.Errorf("known since %d", l.since)
	}
	if _, removed, _ := l.Since(10); len(removed) != forgotten {
		t.Errorf("%d are gone", len(removed))
	}
}

// Whoever applies deltas has what there is, however seldom they ask.
func TestDeltasAddUp(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	l, at := New[thing](0), Revision(0)
	want := map[string]thing{}
	type client struct {
		at  Revision
		has map[string]map[string]any
	}
	clients := make([]client, 3)
	for i := range clients {
		clients[i].has = map[string]map[string]any{}
	}
	for range 2000 {
		at++
		name := fmt.Sprint(rng.IntN(10))
		if rng.IntN(4) == 0 {
			l.Remove(name, at)
			delete(want, name)
		} else {
			v := thing{Name: fmt.Sprint(rng.IntN(3)), Size: rng.Int64N(3), On: rng.IntN(2) == 0}
			l.Put(name, v, at)
			want[name] = v
		}
		c := &clients[rng.IntN(len(clients))]
		if rng.IntN(5) > 0 {
			continue
		}
		changed, removed, err := l.Since(c.at)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range removed {
			delete(c.has, name)
		}
		for name, b := range changed {
			if c.has[name] == nil {
				c.has[name] = map[string]any{}
			}
			fields := map[string]any{}
			if err := json.Unmarshal(b, &fields); err != nil {
				t.Fatal(err)
			}
			maps.Copy(c.has[name], fields)
		}
		c.at = at
		all := map[string]map[string]any{}
		b, _ := json.Marshal(want)
		_ = json.Unmarshal(b, &all)
		if !reflect.DeepEqual(c.has, all) {
			t.Fatalf("at %d a client has %v, there is %v", at, c.has, all)
		}
	}
}
