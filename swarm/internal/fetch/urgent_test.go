package fetch_test

import (
	"slices"
	"testing"
	"time"

	"github.com/warren-p2p/warren/metainfo/create"
	"github.com/warren-p2p/warren/swarm/internal/picker"
)

// due gives a piece a deadline so long from now.
func (w *world) due(piece int, in time.Duration) {
	at := w.Now().Add(in)
	w.f.Configure(func(p *picker.Picker) { p.SetDeadline(piece, at) })
}

// A piece that a reader waits for is asked for at once, not when the piece at hand
// is complete.
func TestUrgentGoesFirst(t *testing.T) {
	w := newWorld(t, create.V1, 64, 1, plenty)
	p := w.join(true)
	p.dl.SetReqq(1)
	p.answer(len(p.wanted()) + 2) // in the middle of a piece
	at := p.wanted()[0].Index
	last := 63
	w.due(last, time.Minute)
	p.answer(1)
	if r := p.wanted()[0]; int(r.Index) != last {
		t.Fatalf("asked for piece %d, not for the one with a deadline", r.Index)
	}
	for int(p.wanted()[0].Index) == last {
		p.answer(1)
	}
	if r := p.wanted()[0]; r.Index != at {
		t.Errorf("piece %d is left half-done for %d", at, r.Index)
	}
	for w.f.Left() > 0 {
		p.answer(1)
	}
	w.right()
}

// A late piece is shared by others though they have pieces of their own to begin;
// what one owes is asked of another soon after.
func TestLateIsHelped(t *testing.T) {
	w := newWorld(t, create.V1, 64, 1, plenty)
	slow := w.joinChoking(true)
	slow.dl.SetReqq(1)
	slow.dl.HasSet(nil)
	w.due(60, 0)
	slow.unchoke()
	if r := slow.wanted(); len(r) != 1 || r[0].Index != 60 {
		t.Fatalf("asked for %v", r)
	}
	quick := w.join(true)
	if got := quick.wanted(); len(got) < 4 || got[0].Index != 60 || got[2].Index != 60 || got[3].Index == 60 {
		t.Fatalf("the other one is asked for %v", got)
	}
	for range 3 {
		quick.answer(1)
	}
	owed := slow.wanted()[0]
	if slices.Contains(quick.wanted(), owed) {
		t.Fatal("asked for twice before it is overdue")
	}
	w.pass(1)
	quick.answer(1)
	for range 40 {
		if len(slow.canceled) == 0 {
			quick.answer(1)
		}
	}
	if len(slow.canceled) == 0 || slow.canceled[0] != owed {
		t.Errorf("cancelled %v, not %v", slow.canceled, owed)
	}
}

// What is needed soon is not left to a fast peer that chokes us.
func TestSlowIsAskedOnceFastChokes(t *testing.T) {
	w := newWorld(t, create.V1, 256, 1, plenty)
	slow, quick := w.joinChoking(true), w.join(true)
	slow.dl.SetReqq(1)
	slow.dl.HasSet(nil)
	slow.unchoke()
	w.due(255, time.Minute)
	for range 6 {
		quick.answer(30)
		slow.answer(1)
		w.pass(1)
	}
	w.due(250, time.Minute)
	for range 3 { // to the end of the piece at hand
		slow.answer(1)
	}
	if r := slow.wanted(); len(r) != 1 || r[0].Index == 250 {
		t.Fatalf("the slow one is asked for %v while the other is fast", r)
	}
	quick.choke()
	w.due(251, time.Minute)
	slow.answer(1)
	if r := slow.wanted(); len(r) != 1 || r[0].Index != 250 {
		t.Errorf("then for %v", r)
	}
}
