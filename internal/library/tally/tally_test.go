package tally_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/warren-p2p/warren/internal/library/record"
	"github.com/warren-p2p/warren/internal/library/tally"
	"github.com/warren-p2p/warren/swarm"
)

func TestCount(t *testing.T) {
	now := time.Unix(1_000_000, 0)
	r := record.Record{Sent: 100, Received: 50, SeedTime: time.Hour}
	var moved []int64
	c := tally.New(&r, now, func(_ time.Time, received, sent int64) { moved = append(moved, received, sent) })
	var before swarm.Status
	step := func(s swarm.Status, traffic, aged bool) {
		t.Helper()
		now = now.Add(time.Minute)
		if moved, older := c.Count(&r, before, s, now); moved != traffic || older != aged {
			t.Errorf("traffic %v, aged %v", moved, older)
		}
		before = s
	}
	step(swarm.Status{State: swarm.StateDownloading}, false, false)
	step(swarm.Status{State: swarm.StateDownloading, Received: 7}, true, true)
	step(swarm.Status{State: swarm.StateSeeding, Received: 7}, true, true)
	if !r.Completed.Equal(now) || !c.Seeding.Equal(now) {
		t.Errorf("completed %v, seeds since %v", r.Completed, c.Seeding)
	}
	step(swarm.Status{State: swarm.StateSeeding, Received: 7, Sent: 9}, true, true)
	step(swarm.Status{State: swarm.StatePaused, Received: 7, Sent: 9}, false, true)
	step(swarm.Status{State: swarm.StatePaused, Received: 7, Sent: 9}, false, false)
	if !slices.Equal(moved, []int64{7, 0, 0, 9}) {
		t.Errorf("moved %v", moved)
	}
	if r.Sent != 109 || r.Received != 57 || r.SeedTime != time.Hour+2*time.Minute || r.ActiveTime != 4*time.Minute {
		t.Errorf("%+v", r)
	}
	if !c.Seeding.IsZero() || !c.Sent.Equal(now.Add(-2*time.Minute)) {
		t.Errorf("%+v", c)
	}
}

func TestSame(t *testing.T) {
	a := swarm.Status{State: swarm.StateFailed, Reason: errors.New("no"), Running: time.Hour}
	b := swarm.Status{State: swarm.StateFailed, Reason: errors.New("no")}
	if !tally.Same(a, b) {
		t.Error("time alone makes a difference")
	}
	b.Reason = errors.New("other")
	if tally.Same(a, b) {
		t.Error("another reason makes none")
	}
	b = a
	b.Peers++
	if tally.Same(a, b) {
		t.Error("a peer makes none")
	}
}
