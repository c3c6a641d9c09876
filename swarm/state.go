package swarm

import (
	"context"
	"time"
)

// State is what a torrent is doing.
type State uint8

// The states.
const (
	StateStarting    State = iota // not decided yet
	StateChecking                 // content on disk is being hashed
	StateDownloading              // something wanted is missing
	StateSeeding                  // nothing wanted is missing
	StatePaused                   // stopped by the user
	StateWaiting                  // the volume is full or does not take data; goes on by itself
	StateFailed                   // needs the user
)

// String returns the state as people read it.
func (s State) String() string {
	return [...]string{"starting", "checking", "downloading", "seeding", "paused", "waiting", "failed"}[s]
}

// serves reports whether peers may be connected.
func (s State) serves() bool { return serving.has(s) }

// states is a set of states.
type states uint8

func (s states) has(one State) bool { return s&(1<<one) != 0 }

// The sets from which a torrent changes its state. No other changes exist:
//
//	resting, except while something has it alone → starting        Start
//	starting, paused (after an Add or for Recheck) → checking
//	checking → starting, or paused if the user said so meanwhile
//	going → downloading, seeding, waiting                          the loop
//	active → failed
//	any → paused                                   Stop, Recheck, Move
const (
	serving  states = 1<<StateDownloading | 1<<StateSeeding | 1<<StateWaiting
	going           = serving | 1<<StateStarting
	active          = going | 1<<StateChecking
	resting  states = 1<<StatePaused | 1<<StateFailed
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
	t.state, t.reason = to, reason
	close(t.changed)
	t.changed = make(chan struct{})
	return true
}

// Status is a snapshot of a torrent.
type Status struct {
	State   State
	Reason  error   // why it is waiting or failed
	Checked float64 // 0 to 1 while checking

	Pieces, PiecesDone int
	Total              int64 // bytes of content
	Done               int64 // bytes of content that are verified
	Wanted, WantedDone int64 // the same, of wanted files

	DownRate, UpRate int64 // bytes a second, over the last seconds
	Received, Sent   int64 // bytes of content exchanged since the start
	Corrupt          int64 // bytes thrown away because they were wrong
	Banned           int   // peers found to have sent them

	Peers    int
	TLSPeers int
	MSEPeers int
	Seeds    int
	// SecretBytes of Received and Sent went over TLS.
	SecretBytes int64
	Running     time.Duration
}

// Left returns the bytes of wanted content that are missing.
func (s Status) Left() int64 { return s.Wanted - s.WantedDone }

// ETA estimates the time left; false if nothing moves.
func (s Status) ETA() (time.Duration, bool) {
	if s.Left() == 0 {
		return 0, true
	}
	if s.DownRate <= 0 {
		return 0, false
	}
	return time.Duration(float64(s.Left()) / float64(s.DownRate) * float64(time.Second)), true
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
		case state == StateFailed:
			return reason
		case state == StateSeeding && t.fetch.Left() == 0: // more may have become wanted
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

// Changed returns a channel that is closed at the next change of state.
func (t *Torrent) Changed() <-chan struct{} {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.changed
}
