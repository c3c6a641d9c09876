package swarm

import (
	"context"
	"log/slog"
	"net/netip"
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
func (s State) serves() bool {
	return s == StateDownloading || s == StateSeeding || s == StateWaiting
}

func (t *Torrent) setState(s State, reason error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.state == s && t.reason == nil && reason == nil {
		return
	}
	t.state, t.reason = s, reason
	close(t.changed)
	t.changed = make(chan struct{})
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
// reason why that will not happen by itself.
func (t *Torrent) Wait(ctx context.Context) error {
	for {
		t.mu.Lock()
		state, reason, changed := t.state, t.reason, t.changed
		t.mu.Unlock()
		switch state {
		case StateSeeding:
			return nil
		case StateFailed:
			return reason
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

// redact keeps addresses out of logs: it shows the network, not the host.
type redact netip.AddrPort

// LogValue implements slog.LogValuer.
func (r redact) LogValue() slog.Value {
	a := netip.AddrPort(r).Addr()
	bits := 16
	if a.Is6() {
		bits = 32
	}
	p, err := a.Prefix(bits)
	if err != nil {
		return slog.StringValue("unknown")
	}
	return slog.StringValue(p.String())
}

func withPort(a netip.AddrPort, port uint16) netip.AddrPort {
	return netip.AddrPortFrom(a.Addr(), port)
}
