package swarm

import (
	"context"
	"errors"
	"time"

	"github.com/warren-p2p/warren/peerwire"
)

// Periods of the torrent's loop.
const (
	tickPeriod  = time.Second
	syncPeriod  = 30 * time.Second // after which written pieces are forced to disk
	retryPeriod = 5 * time.Second  // between looks at a volume that was full
	silence     = 150 * time.Second
	keepalive   = 100 * time.Second
	stuckTime   = 60 * time.Second
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
	t.prepare()
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

// prepare checks what has to be checked and opens the content.
func (t *Torrent) prepare() {
	t.mu.Lock()
	force := t.state == StateChecking
	paused := t.state == StatePaused
	t.mu.Unlock()
	if err := t.check(force); err != nil {
		return
	}
	if paused {
		t.setState(StatePaused, nil)
		return
	}
	t.begin()
}

// check hashes content whose state is not certain: all of it if force is set.
func (t *Torrent) check(force bool) error {
	t.checking.Lock()
	defer t.checking.Unlock()
	var pieces []int
	if !force {
		if pieces = t.store.NeedsCheck(); len(pieces) == 0 {
			return nil
		}
	}
	t.setState(StateChecking, nil)
	total := float64(max(len(pieces), 1))
	if force {
		total = float64(t.meta.Info.NumPieces())
	}
	err := t.store.Check(t.ctx, pieces, t.s.cfg.Workers, func(done int) {
		t.mu.Lock()
		t.checked = float64(done) / total
		t.mu.Unlock()
	})
	t.mu.Lock()
	t.have = t.store.Have()
	have := append(peerwire.Bitfield(nil), t.have...)
	t.mu.Unlock()
	t.fetch.SetHave(have)
	if err != nil && !errors.Is(err, context.Canceled) && t.ctx.Err() == nil {
		t.setState(StateFailed, err)
	}
	return err
}

// trust takes content as it is. If it cannot be that, the check finds out.
func (t *Torrent) trust() {
	if err := t.store.Trust(); err != nil {
		t.s.cfg.Log.Debug("content is not trusted", "err", err)
		return
	}
	t.have = t.store.Have()
	t.fetch.SetHave(t.have)
}

// begin opens the content and starts to exchange.
func (t *Torrent) begin() {
	left := t.fetch.Left()
	if left > 0 {
		if err := t.store.Prepare(); err != nil {
			t.hold(err)
			return
		}
	}
	t.fetch.SetActive(true)
	if left > 0 {
		t.setState(StateDownloading, nil)
	} else {
		t.finish()
	}
	t.poke()
}

// hold waits with a reason for the volume to take data again.
func (t *Torrent) hold(err error) {
	t.fetch.SetActive(false)
	t.mu.Lock()
	t.retry = t.s.cfg.Clock.Now().Add(retryPeriod)
	t.mu.Unlock()
	t.setState(StateWaiting, err)
}

// fail stops the torrent until the user has looked at the reason.
func (t *Torrent) fail(reason error) {
	t.fetch.SetActive(false)
	t.setState(StateFailed, reason)
	t.closePeers(reason, func(*peer) bool { return true })
}

// finish is called when nothing wanted is missing.
func (t *Torrent) finish() {
	if err := t.sync(); err != nil {
		t.hold(err)
		return
	}
	t.mu.Lock()
	t.choker.SetSeeding(true)
	t.mu.Unlock()
	t.setState(StateSeeding, nil)
	for _, p := range t.peerList() {
		p.updateInterest()
		if p.checkBothSeeds() != nil {
			p.link.Close(errBoth)
		}
	}
}

// step does what is due at once when something changed.
func (t *Torrent) step() {
	now := t.s.cfg.Clock.Now()
	t.mu.Lock()
	state, retry := t.state, t.retry
	t.mu.Unlock()
	switch state {
	case StateDownloading:
		if t.fetch.Left() == 0 {
			t.finish()
		}
	case StateSeeding:
		if t.fetch.Left() > 0 { // more was made wanted
			t.mu.Lock()
			t.choker.SetSeeding(false)
			t.mu.Unlock()
			t.begin()
		}
	case StateWaiting:
		if now.After(retry) {
			t.begin()
		}
	}
	t.dialMore(now)
	t.rechoke(now)
}
