package schedule_test

import (
	"errors"
	"testing"
	"time"

	"github.com/warren-p2p/warren/tracker/message"
	"github.com/warren-p2p/warren/tracker/schedule"
)

const (
	first  = "http://first.example/announce"
	second = "http://second.example/announce"
)

// A tracker that goes is told, and the one that comes is asked.
func TestSetTrackers(t *testing.T) {
	b := newBench(t, schedule.Config{})
	id := b.add(schedule.Downloading, []string{first})
	b.Done(b.next(id, first, message.Started), schedule.Outcome{Interval: time.Hour, Peers: 1}, b.now)
	b.SetTrackers(id, tiers([]string{second}), b.now)
	if list, _ := b.Status(id); len(list) != 1 || list[0].URL != second {
		t.Errorf("shown: %+v", list)
	}
	b.Done(b.next(id, first, message.Stopped), schedule.Outcome{}, b.now)
	b.Done(b.next(id, second, message.Started), schedule.Outcome{Interval: time.Hour, Peers: 1}, b.now)
	if job, ok := b.Next(b.now); ok {
		t.Errorf("announces %v", job)
	}
}

// One that is asked at that moment is told once it has answered; coming back it is the
// one it was.
func TestSetTrackersInFlight(t *testing.T) {
	b := newBench(t, schedule.Config{})
	id := b.add(schedule.Seeding, []string{first})
	job := b.next(id, first, message.Started)
	b.SetTrackers(id, nil, b.now)
	b.Done(job, schedule.Outcome{Interval: time.Hour}, b.now)
	job = b.next(id, first, message.Stopped)
	b.SetTrackers(id, tiers([]string{second}, []string{first}), b.now)
	b.Done(job, schedule.Outcome{}, b.now)
	b.Done(b.next(id, second, message.Started), schedule.Outcome{Err: errors.New("down"), Down: true}, b.now)
	b.Done(b.next(id, first, message.Started), schedule.Outcome{Interval: time.Hour}, b.now)
	b.Remove(id, b.now)
	b.Done(b.next(id, first, message.Stopped), schedule.Outcome{}, b.now)
	if b.Has(id) || !b.Idle() {
		t.Error("it is still there")
	}
}
