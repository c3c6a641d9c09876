package torrent

import (
	"context"

	"github.com/warren-p2p/warren/swarm/internal/activity"
)

// turn changes the state if it is one of from, and reports whether it was.
func (t *Torrent) turn(from activity.Set, to activity.State, reason error) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.turnLocked(from, to, reason)
}

// turnLocked is turn for callers that hold t.mu.
func (t *Torrent) turnLocked(from activity.Set, to activity.State, reason error) bool {
	if !from.Has(t.state) {
		return false
	}
	if t.state == to && t.reason == nil && reason == nil {
		return true
	}
	before := t.state
	t.state, t.reason = to, reason
	if t.opts.Turned != nil && before != to {
		t.opts.Turned(before, to)
	}
	if activity.Serving.Has(to) {
		t.Peers.Serve(t.work)
	} else {
		t.Peers.Rest()
	}
	close(t.changed)
	t.changed = make(chan struct{})
	return true
}

func (t *Torrent) serves() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return activity.Serving.Has(t.state)
}

// State returns the state, while it is checking how much of that is done (0 to
// 1), and why it is waiting or failed.
func (t *Torrent) State() (state activity.State, checked float64, reason error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.state, t.checked, t.reason
}

// Changed returns a channel that is closed at the next change of state.
func (t *Torrent) Changed() <-chan struct{} {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.changed
}

// Err returns why the torrent runs no more, nil while it does. When that comes
// about, Changed tells.
func (t *Torrent) Err() error { return context.Cause(t.ctx) }

// Wait returns when everything wanted is verified and on disk, or with the
// reason why that will not happen by itself. A torrent that is paused is waited
// for: it may be started.
func (t *Torrent) Wait(ctx context.Context) error {
	for {
		t.mu.Lock()
		state, reason, changed := t.state, t.reason, t.changed
		t.mu.Unlock()
		switch {
		case state == activity.Failed:
			return reason
		case state == activity.Seeding && t.Fetch.Left() == 0: // more may have become wanted
			return nil
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-t.ctx.Done():
			return context.Cause(t.ctx)
		case <-changed:
		}
	}
}
