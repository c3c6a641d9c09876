package swarm

import "time"

// Periods of the torrent's loop.
const (
	tickPeriod  = time.Second
	syncPeriod  = 30 * time.Second // after which written pieces are forced to disk
	retryPeriod = 5 * time.Second  // between looks at a volume that was full
	silence     = 150 * time.Second
	keepalive   = 100 * time.Second
	stuckTime   = 60 * time.Second
	longPeriod  = 10 // ticks between what is done less often
)

// poke makes the loop look now.
func (t *Torrent) poke() {
	select {
	case t.wake <- struct{}{}:
	default:
	}
}

// loop is the torrent's own goroutine.
func (t *Torrent) loop() {
	t.look()
	tick := time.NewTicker(tickPeriod)
	defer tick.Stop()
	for {
		select {
		case <-t.ctx.Done():
			return
		case <-t.wake:
			t.step()
		case <-tick.C:
			t.step()
			t.tick()
		}
	}
}

// look checks the content of a torrent that was added paused, so that its
// status says what is there.
func (t *Torrent) look() {
	t.ops <- struct{}{}
	defer func() { <-t.ops }()
	_ = t.check(1<<StatePaused, false) // the state tells
	t.poke()
}

// step does what is due at once when something changed.
func (t *Torrent) step() {
	now := t.s.cfg.Clock.Now()
	t.advance(now)
	t.dialMore(now)
	t.rechoke(now)
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
	case StateStarting:
		if t.check(1<<StateStarting, false) == nil {
			t.begin()
		}
	case StateDownloading:
		if t.fetch.Left() == 0 {
			t.finish()
		}
	case StateSeeding:
		if t.fetch.Left() > 0 { // more was made wanted
			t.begin()
		}
	case StateWaiting:
		if now.After(retry) {
			t.begin()
		}
	}
}

// begin opens the content and starts to exchange. The caller holds t.ops.
func (t *Torrent) begin() {
	if t.fetch.Left() == 0 {
		t.finish()
		return
	}
	if err := t.store.Prepare(); err != nil {
		t.hold(err)
		return
	}
	t.setSeeding(false)
	if !t.turn(going, StateDownloading, nil) {
		return
	}
	// Nobody else activates, so whoever stops us between these lines wins.
	t.fetch.SetActive(true)
	if !t.serving() {
		t.fetch.SetActive(false)
	}
	t.poke()
}

// hold waits with a reason for the volume to take data again. What is active
// is told by the state that was set last, so that is set last.
func (t *Torrent) hold(err error) {
	t.fetch.SetActive(false)
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.turnLocked(going, StateWaiting, err) {
		t.retry = t.s.cfg.Clock.Now().Add(retryPeriod)
	}
}

// fail stops the torrent until the user has looked at the reason.
func (t *Torrent) fail(reason error) {
	t.fetch.SetActive(false)
	if t.turn(active, StateFailed, reason) {
		t.closePeers(reason, func(*peer) bool { return true })
	}
}

// finish is called when nothing wanted is missing.
func (t *Torrent) finish() {
	if err := t.sync(); err != nil {
		t.hold(err)
		return
	}
	t.setSeeding(true)
	if !t.turn(going, StateSeeding, nil) {
		return
	}
	for _, p := range t.peerList() {
		p.updateInterest()
		if p.checkBothSeeds() != nil {
			p.link.Close(errBoth)
		}
	}
	t.poke()
}

func (t *Torrent) setSeeding(on bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.choker.SetSeeding(on)
}

func (t *Torrent) serving() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.state.serves()
}
