package events

import (
	"cmp"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestOrder compares the queue with sorting, for events that schedule others.
func TestOrder(t *testing.T) {
	type event struct {
		at time.Duration
		n  int
	}
	rapid.Check(t, func(t *rapid.T) {
		var q Queue
		var want, got []event
		n := 0
		add := func() {
			e := event{q.Elapsed() + time.Duration(rapid.IntRange(0, 20).Draw(t, "after")), n}
			n++
			want = append(want, e)
			q.At(e.at, Tick, 0, 0, func() { got = append(got, e) })
		}
		for range rapid.IntRange(0, 60).Draw(t, "events") {
			add()
		}
		for range rapid.IntRange(0, 60).Draw(t, "more") {
			if q.Next(); rapid.Bool().Draw(t, "add") {
				add()
			}
		}
		for _, ok := q.Next(); ok; {
			_, ok = q.Next()
		}
		slices.SortStableFunc(want, func(a, b event) int { return cmp.Compare(a.at, b.at) })
		if !slices.Equal(got, want) || q.Count() != len(want) {
			t.Fatalf("got %v, want %v", got, want)
		}
	})
}

func TestPastIsNow(t *testing.T) {
	var q Queue
	q.After(time.Minute, Tick, 0, 0, func() {})
	q.Next()
	began := q.Now()
	q.At(time.Second, Tick, 0, 0, func() {})
	if e, ok := q.Next(); !ok || e.At != time.Minute || q.When(began) != time.Minute {
		t.Errorf("an event of the past happened at %v", e.At)
	}
}

// TestHash: the same events in another order are another run.
func TestHash(t *testing.T) {
	hash := func(nodes ...int32) uint64 {
		var q Queue
		for _, n := range nodes {
			q.After(0, Told, n, 9, func() {})
		}
		for range nodes {
			q.Next()
		}
		return q.Hash()
	}
	if first, again := hash(1, 2), hash(1, 2); first != again || first == hash(2, 1) || hash(1) == hash(1, 1) {
		t.Error("hashes do not tell runs apart")
	}
}
