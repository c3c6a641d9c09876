package swarm

import (
	"context"
	"time"

	"github.com/warren-p2p/warren/internal/transport/admission"
	"github.com/warren-p2p/warren/swarm/internal/conns"
	"github.com/warren-p2p/warren/swarm/internal/greeting"
)

// dialMore starts the dials that are due. It runs in the torrent's loop.
func (t *Torrent) dialMore(now time.Time) {
	for {
		t.mu.Lock()
		ok := t.state.serves() && !t.stopping
		var a conns.Attempt
		if ok {
			a, ok = t.conns.Next(now)
		}
		if ok {
			work := t.work
			t.wg.Go(func() { t.dial(work, a) })
		}
		t.mu.Unlock()
		if !ok {
			return
		}
	}
}

// dial makes one attempt and reports how it went.
func (t *Torrent) dial(work context.Context, a conns.Attempt) {
	ctx, cancel := context.WithTimeout(work, a.Timeout)
	m, err := t.connect(ctx, a)
	cancel()
	out := greeting.Outcome(err)
	if err != nil && work.Err() != nil {
		err, out = context.Cause(work), conns.Abandoned
	}
	// The attempt is settled before the connection runs: it may end at once.
	t.mu.Lock()
	keep := t.conns.Result(a, out, t.s.cfg.Clock.Now())
	t.mu.Unlock()
	if err == nil && !keep {
		err = greeting.ErrFull
		admission.HangUp(m.Stream)
	} else if err == nil {
		if err = t.join(t.newPeer(m)); err != nil {
			t.mu.Lock()
			t.conns.Closed(a.Addr, t.s.cfg.Clock.Now())
			t.mu.Unlock()
		}
	}
	t.s.cfg.Log.Debug("dialled", "peer", greeting.Redacted(a.Addr), "kind", a.Kind, "err", err)
	t.poke()
}

// connect opens a connection and exchanges handshakes.
func (t *Torrent) connect(ctx context.Context, a conns.Attempt) (greeting.Met, error) {
	if t.s.refuses(a.Addr.Addr()) {
		return greeting.Met{}, greeting.ErrBanned
	}
	return t.dialer.Dial(ctx, a)
}
