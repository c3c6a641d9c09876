package torrent

import (
	"time"

	"github.com/warren-p2p/warren/swarm/internal/activity"
	"github.com/warren-p2p/warren/swarm/internal/peer"
)

// sync forces written pieces to disk. If that fails the kernel may have lost
// some of them without a word, so the store counts them as missing, and so do
// we from then on.
func (t *Torrent) sync() error {
	err := t.Content.Store.Sync()
	if err != nil {
		t.Peers.Recount()
	}
	return err
}

// guard looks after the volume of a torrent that downloads: what is written
// reaches the disk in time, and the reserve stays free.
func (t *Torrent) guard() {
	select {
	case t.ops <- struct{}{}:
		defer func() { <-t.ops }()
	default: // it is being moved or checked
		return
	}
	err := t.sync()
	if err == nil {
		err = t.Content.Store.Prepare()
	}
	if err != nil {
		t.hold(err)
	}
}

// setDone says whether nothing is asked of peers, and tells them (BEP 21).
func (t *Torrent) setDone(on bool) {
	if t.done.Swap(on) != on {
		t.Peers.Each((*peer.Peer).TellDone)
	}
}

// patience is how long a volume may take no data before peers are told that we
// want nothing: seeds part from us then.
const patience = time.Minute

// hold waits with a reason for the volume to take data again. What is active
// is told by the state that was set last, so that is set last.
func (t *Torrent) hold(err error) {
	t.deactivate()
	now := t.res.Clock.Now()
	t.mu.Lock()
	if t.state != activity.Waiting {
		t.held = now
	}
	long := now.Sub(t.held) >= patience
	if t.turnLocked(activity.Going, activity.Waiting, err) {
		t.retry = now.Add(retryPeriod)
	}
	t.mu.Unlock()
	if long {
		t.setDone(true)
	}
}

// fail stops the torrent until the user has looked at the reason.
func (t *Torrent) fail(reason error) {
	t.deactivate()
	if t.turn(activity.Active, activity.Failed, reason) {
		t.part(reason)
	}
}
