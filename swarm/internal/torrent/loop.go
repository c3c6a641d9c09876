package torrent

import (
	"time"

	"github.com/warren-p2p/warren/swarm/internal/activity"
	"github.com/warren-p2p/warren/swarm/internal/peer"
)

// Periods of the torrent's loop.
const (
	syncPeriod  = 30 * time.Second // after which written pieces are forced to disk
	retryPeriod = 5 * time.Second  // between looks at a volume that was full
	longPeriod  = 10               // ticks between what is done less often
)

// Poke makes the loop look now.
func (t *Torrent) Poke() { t.beat.Poke() }

// Run starts the torrent's own goroutine. It is called once, and not while or
// after the torrent is closed.
func (t *Torrent) Run() { t.wg.Go(t.loop) }

func (t *Torrent) loop() {
	t.look()
	t.beat.Run(t.ctx, t.step, t.tick, t.Still)
}

// look checks the content of a torrent that was added paused, so that its
// status says what is there.
func (t *Torrent) look() {
	t.ops <- struct{}{}
	defer func() { <-t.ops }()
	_ = t.check(1<<activity.Paused, false) // the state tells
	t.Poke()
}

// step does what is due at once when something changed.
func (t *Torrent) step() {
	now := t.res.Clock.Now()
	t.advance(now)
	t.Peers.Step(now)
}

// tick does once a second what has time.
func (t *Torrent) tick() {
	now := t.res.Clock.Now()
	t.ticks++
	t.Peers.Tick(now, t.ticks%longPeriod == 0)
	if !t.Known() {
		t.seeker.Tick()
	}
	t.mu.Lock()
	state, work := t.state, t.work
	due := now.Sub(t.synced) >= syncPeriod && state == activity.Downloading
	if due {
		t.synced = now
	}
	t.mu.Unlock()
	if t.super != nil && t.ticks%longPeriod == 0 {
		t.super.Tick(now)
	}
	if t.Known() {
		t.Web.Step(work, now, state == activity.Downloading)
	}
	if due {
		t.guard()
	}
}

// advance goes on to the state that is next.
func (t *Torrent) advance(now time.Time) {
	select {
	case t.ops <- struct{}{}:
		defer func() { <-t.ops }()
	default: // who has it pokes in the end
		return
	}
	t.mu.Lock()
	state, retry := t.state, t.retry
	t.mu.Unlock()
	switch state {
	case activity.Starting:
		if !t.Known() {
			t.turn(1<<activity.Starting, activity.Metadata, nil)
		} else if t.check(1<<activity.Starting, false) == nil {
			t.begin()
		}
	case activity.Metadata:
		t.learn()
	case activity.Downloading:
		if t.Fetch.Left() == 0 {
			t.finish()
		}
	case activity.Seeding:
		if t.Fetch.Left() > 0 { // more was made wanted
			t.begin()
		}
	case activity.Waiting:
		if now.After(retry) {
			t.begin()
		}
	}
}

// begin opens the content and starts to exchange. The caller holds t.ops.
func (t *Torrent) begin() {
	t.Peers.Supply(t.Content, t.Fetch)
	if t.Fetch.Left() == 0 {
		t.finish()
		return
	}
	if err := t.Content.Store.Prepare(); err != nil {
		t.hold(err)
		return
	}
	t.Peers.SetSeeding(false)
	t.setDone(false)
	if !t.turn(activity.Going, activity.Downloading, nil) {
		return
	}
	// Nobody else activates, so whoever stops us between these lines wins.
	t.Fetch.SetActive(true)
	if !t.serves() {
		t.Fetch.SetActive(false)
	}
	t.Poke()
}

// finish is called when nothing wanted is missing.
func (t *Torrent) finish() {
	if err := t.sync(); err != nil {
		t.hold(err)
		return
	}
	t.Peers.SetSeeding(true)
	t.setDone(true)
	if !t.turn(activity.Going, activity.Seeding, nil) {
		return
	}
	t.Peers.Each((*peer.Peer).UpdateInterest)
	t.Poke()
}
