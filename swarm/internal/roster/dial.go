package roster

import (
	"context"
	"net/netip"
	"time"

	"github.com/warren-p2p/warren/internal/transport"
	"github.com/warren-p2p/warren/internal/transport/admission"
	"github.com/warren-p2p/warren/swarm/internal/conns"
	"github.com/warren-p2p/warren/swarm/internal/conns/hint"
	"github.com/warren-p2p/warren/swarm/internal/greeting"
)

// Add adds addresses to dial.
func (r *Roster) Add(from conns.Source, addrs ...netip.AddrPort) {
	r.Hear(from, hint.Plain(addrs)...)
}

// Hear adds addresses to dial, with what is said of them.
func (r *Roster) Hear(from conns.Source, hints ...conns.Hint) {
	if len(hints) == 0 {
		return
	}
	r.mu.Lock()
	r.conns.Hear(from, hints...)
	r.mu.Unlock()
	r.cfg.Owner.Poke()
}

// dialMore starts the dials that are due.
func (r *Roster) dialMore(now time.Time) {
	for {
		r.mu.Lock()
		ok := r.work != nil && !r.closed
		var a conns.Attempt
		if ok {
			a, ok = r.conns.Next(now)
		}
		if ok {
			work := r.work
			r.wg.Go(func() { r.dial(work, a) })
		}
		r.mu.Unlock()
		if !ok {
			return
		}
	}
}

// dial makes one attempt and reports how it went.
func (r *Roster) dial(work context.Context, a conns.Attempt) {
	ctx, cancel := context.WithTimeout(work, a.Timeout)
	m, err := r.connect(ctx, a)
	cancel()
	out := greeting.Outcome(err)
	if err != nil && work.Err() != nil {
		err, out = context.Cause(work), conns.Abandoned
	}
	// The attempt is settled before the connection runs: it may end at once.
	r.mu.Lock()
	if err == nil {
		if rival, refused := r.admits(m.Theirs.PeerID, m.Conn()); refused == nil {
			r.makeWay(rival, m.At)
		}
	}
	keep := r.conns.Result(a, out, r.cfg.Peer.Clock.Now())
	r.mu.Unlock()
	if err == nil && !keep {
		err = greeting.ErrFull
		admission.HangUp(m.Stream)
	} else if err == nil {
		if err = r.Join(m); err != nil {
			r.mu.Lock()
			r.conns.Closed(a.Addr, r.cfg.Peer.Clock.Now())
			r.mu.Unlock()
		}
	}
	r.seekRelay(a.Addr, out)
	r.cfg.Log.Debug("dialled", "peer", greeting.Redacted(a.Addr), "kind", a.Kind, "err", transport.Reason(err))
	r.cfg.Owner.Poke()
}

// connect opens a connection and exchanges handshakes.
func (r *Roster) connect(ctx context.Context, a conns.Attempt) (greeting.Met, error) {
	if r.blocked(a.Addr.Addr()) {
		return greeting.Met{}, greeting.ErrBanned
	}
	return r.cfg.Dial.Dial(ctx, a)
}
