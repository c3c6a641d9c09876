package sim

import (
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"time"

	"github.com/warren-p2p/warren/swarm/sim/internal/script"
)

// ErrMissed is wrapped by the errors of runs that were not as expected.
var ErrMissed = errors.New("not as expected")

// Result is what came of a run.
type Result struct {
	Scenario string
	Seed     uint64
	Hash     uint64 // of all events, in order
	Events   int
	Elapsed  time.Duration // virtual
	Ideal    time.Duration // no swarm of these lines could be faster
	Groups   []Group
	Err      error // what was violated or missed, if anything
}

// Group is what became of the nodes of a group.
type Group struct {
	Name          string
	Nodes         int
	Done          float64 // the share that has everything
	P50, P95, Max float64 // seconds from joining to that; infinite if it did not happen
	Waste         float64 // the share of what came that was of no use
	Banned        float64 // the share that somebody has banned
	Served        float64 // what was sent divided by what came
}

func (w *world) result() *Result {
	r := &Result{
		Scenario: w.sc.Name, Seed: w.seed, Hash: w.time.Hash(), Events: w.time.Count(),
		Elapsed: w.time.Elapsed(), Ideal: w.ideal(), Err: w.failed,
	}
	for _, g := range w.sc.Groups {
		r.Groups = append(r.Groups, w.summary(g))
	}
	for _, e := range w.sc.Expects {
		if err := r.meets(e); err != nil && r.Err == nil {
			r.Err = err
		}
	}
	return r
}

func (w *world) summary(g *script.Group) Group {
	out := Group{Name: g.Name, Nodes: g.Count}
	var times []float64
	var up, down, wasted, done, banned float64
	for _, m := range w.members {
		if m.group != g {
			continue
		}
		st := &m.Stats
		up, down, wasted = up+float64(st.Up), down+float64(st.Down), wasted+float64(m.Wasted())
		t := math.Inf(1)
		if m.Full() {
			done++
			t = (st.Done - st.Joined).Seconds()
		}
		if w.isBanned(m) {
			banned++
		}
		times = append(times, t)
	}
	slices.Sort(times)
	at := func(p float64) float64 { return times[min(int(math.Ceil(p*float64(len(times))))-1, len(times)-1)] }
	out.Done, out.Banned = done/float64(g.Count), banned/float64(g.Count)
	out.P50, out.P95, out.Max = at(0.5), at(0.95), at(1)
	out.Waste, out.Served = wasted/max(down, 1), up/max(down, 1)
	return out
}

func (w *world) isBanned(m *member) bool {
	for _, o := range w.members {
		if o.Bans(m.Addr.Addr()) {
			return true
		}
	}
	return false
}

// ideal is the least time in which all who behave can get everything, with
// nothing lost and nothing spent on others: that of the slowest line, that of one
// copy from those who have it, and that of all copies from all (Kumar and Ross,
// "Peer-Assisted File Distribution: The Minimum Distribution Time").
func (w *world) ideal() time.Duration {
	size := float64(w.sc.Pieces) * float64(w.sc.Blocks) * (16 << 10)
	var seeds, all, takers float64
	slowest := math.Inf(1)
	for _, g := range w.sc.Groups {
		if !g.Honest() {
			continue
		}
		up := g.Up
		if g.Limit > 0 {
			up = min(up, float64(g.Limit))
		}
		all += up * float64(g.Count)
		if g.Complete {
			seeds += up * float64(g.Count)
			continue
		}
		takers += float64(g.Count)
		slowest = min(slowest, g.Down)
	}
	if seeds == 0 || takers == 0 {
		return 0
	}
	return time.Duration(max(size/slowest, size/seeds, takers*size/all) * float64(time.Second))
}

func (g *Group) measure(name string) float64 {
	switch name {
	case "done":
		return g.Done
	case "p50":
		return g.P50
	case "p95":
		return g.P95
	case "max":
		return g.Max
	case "waste":
		return g.Waste
	case "banned":
		return g.Banned
	}
	return g.Served
}

// Group returns the result of a group, nil if there is none.
func (r *Result) Group(name string) *Group {
	for i := range r.Groups {
		if r.Groups[i].Name == name {
			return &r.Groups[i]
		}
	}
	return nil
}

// meets reports how the run falls short of what was expected.
func (r *Result) meets(e script.Expect) error {
	got, want := r.Group(e.Group).measure(e.Measure), e.Value
	switch e.Of {
	case "":
	case "ideal":
		want *= r.Ideal.Seconds()
	default:
		want *= r.Group(e.Of).measure(e.Measure)
	}
	ok := got == want
	switch e.Op {
	case "<=":
		ok = got <= want
	case ">=":
		ok = got >= want
	}
	if ok {
		return nil
	}
	return fmt.Errorf("%w: expect %s: %.3f against %.3f", ErrMissed, e.Text, got, want)
}

// Write describes the result.
func (r *Result) Write(w io.Writer) {
	fmt.Fprintf(w, "%s, seed %d: %d events, hash %016x, %.1f s, ideal %.1f s\n",
		r.Scenario, r.Seed, r.Events, r.Hash, r.Elapsed.Seconds(), r.Ideal.Seconds())
	for _, g := range r.Groups {
		fmt.Fprintf(w, "  %-8s %4d nodes, %3.0f %% done, p50 %.1f s, p95 %.1f s, max %.1f s, waste %.2f %%, banned %.0f %%, served %.2f\n",
			g.Name, g.Nodes, 100*g.Done, g.P50, g.P95, g.Max, 100*g.Waste, 100*g.Banned, g.Served)
	}
	if r.Err != nil {
		fmt.Fprintf(w, "  FAILED: %v\n", r.Err)
	}
}
