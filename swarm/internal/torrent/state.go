package torrent

import "context"

// State is what a torrent is doing.
type State uint8

// The states.
const (
	Starting    State = iota // not decided yet
	Checking                 // content on disk is being hashed
	Downloading              // something wanted is missing
	Seeding                  // nothing wanted is missing
	Paused                   // stopped by the user
	Waiting                  // the volume is full or does not take data; goes on by itself
	Failed                   // needs the user
	Metadata                 // nothing but info-hashes is known: peers are asked for the rest
)

// String returns the state as people read it.
func (s State) String() string {
	return [...]string{"starting", "checking", "downloading", "seeding", "paused", "waiting", "failed", "fetching metadata"}[s]
}

// states is a set of states.
type states uint8

func (s states) has(one State) bool { return s&(1<<one) != 0 }

// The sets from which a torrent changes its state. No other changes exist:
//
//	resting, except while something has it alone → starting        Start
//	starting, paused (after an Add or for Recheck) → checking
//	checking → starting, or paused if the user said so meanwhile
//	starting ↔ fetching metadata                                   the loop
//	going → downloading, seeding, waiting                          the loop
//	active → failed
//	any → paused                                   Stop, Recheck, Move
//
// Peers are served in those of serving.
const (
	serving  states = 1<<Downloading | 1<<Seeding | 1<<Waiting | 1<<Metadata
	going           = serving | 1<<Starting
	active          = going | 1<<Checking
	resting  states = 1<<Paused | 1<<Failed
	anyState        = active | resting
)

// turn changes the state if it is one of from, and reports whether it was.
func (t *Torrent) turn(from states, to State, reason error) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.turnLocked(from, to, reason)
}

// turnLocked is turn for callers that hold t.mu.
func (t *Torrent) turnLocked(from states, to State, reason error) bool {
	if !from.has(t.state) {
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
	if serving.has(to) {
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
	return serving.has(t.state)
}

// State returns the state, while it is checking how much of that is done (0 to
// 1), and why it is waiting or failed.
func (t *Torrent) State() (state State, checked float64, reason error) {
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

// Wait returns when everything wanted is verified and on disk, or with the
// reason why that will not happen by itself. A torrent that is paused is waited
// for: it may be started.
func (t *Torrent) Wait(ctx context.Context) error {
	for {
		t.mu.Lock()
		state, reason, changed := t.state, t.reason, t.changed
		t.mu.Unlock()
		switch {
		case state == Failed:
			return reason
		case state == Seeding && t.Fetch.Left() == 0: // more may have become wanted
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
