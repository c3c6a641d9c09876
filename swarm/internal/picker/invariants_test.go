package picker

import (
	"slices"
	"testing"
)

// failer is a *testing.T or a *rapid.T.
type failer interface {
	Helper()
	Fatalf(string, ...any)
}

var _ failer = (*testing.T)(nil)

// checkInvariants recomputes everything the picker keeps from its pieces alone.
func checkInvariants(t failer, p *Picker) {
	t.Helper()
	left, listed := 0, 0
	for i := range p.pieces {
		pc := &p.pieces[i]
		want := pc.prio > Skip && pc.state != Verified
		if p.wanted.has(i) != want {
			t.Fatalf("piece %d: wanted is %t", i, !want)
		}
		if want {
			left++
		}
		free := pc.state == Missing && !pc.partial && pc.prio > Skip
		if free != (pc.slot != unlisted) || free != p.index.order[pc.prio].has(i) {
			t.Fatalf("piece %d: free %t, slot %d", i, free, pc.slot)
		}
		if free {
			listed++
			if p.index.buckets[pc.prio][pc.avail][pc.slot] != int32(i) {
				t.Fatalf("piece %d is not in its bucket", i)
			}
		}
		if orphan := pc.state == Missing && pc.partial; orphan != slices.Contains(p.orphans, int32(i)) {
			t.Fatalf("piece %d: orphan %t, orphans %v", i, orphan, p.orphans)
		}
		checkJob(t, p, i)
	}
	if p.left != left || p.index.count != listed {
		t.Fatalf("left %d, want %d; count %d, want %d", p.left, left, p.index.count, listed)
	}
	checkPeers(t, p)
}

func checkJob(t failer, p *Picker, i int) {
	t.Helper()
	pc := &p.pieces[i]
	if (pc.state == InProgress) != (pc.job >= 0) {
		t.Fatalf("piece %d is %v with job %d", i, pc.state, pc.job)
	}
	if pc.job < 0 {
		return
	}
	j := p.jobs[pc.job]
	if int(j.piece) != i || len(j.workers) == 0 {
		t.Fatalf("piece %d has job %+v", i, j)
	}
	for k, w := range j.workers {
		if slices.Contains(j.workers[:k], w) {
			t.Fatalf("peer %d is twice on piece %d", w, i)
		}
		if !slices.Contains(p.byPeer[w], int32(i)) {
			t.Fatalf("peer %d does not know of piece %d", w, i)
		}
	}
}

func checkPeers(t failer, p *Picker) {
	t.Helper()
	jobs := 0
	for peer, own := range p.byPeer {
		for _, i := range own {
			if !slices.Contains(p.Workers(int(i), nil), peer) {
				t.Fatalf("piece %d does not know of peer %d", i, peer)
			}
		}
		if len(own) == 0 {
			t.Fatalf("peer %d is kept without work", peer)
		}
		jobs += len(own)
	}
	workers := 0
	for _, j := range p.jobs {
		workers += len(j.workers)
	}
	if jobs != workers {
		t.Fatalf("%d pieces by peer, %d workers by piece", jobs, workers)
	}
	if len(p.deadlines.list) != len(p.deadlines.at) || !slices.IsSortedFunc(p.deadlines.list, deadline.compare) {
		t.Fatalf("deadlines %+v", p.deadlines)
	}
}
