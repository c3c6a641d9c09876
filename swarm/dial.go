package swarm

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"syscall"
	"time"

	"github.com/warren-p2p/warren/btls"
	"github.com/warren-p2p/warren/internal/transport"
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
	p, err := t.connect(ctx, a)
	cancel()
	out := outcome(err)
	if err != nil && work.Err() != nil {
		err, out = context.Cause(work), conns.Abandoned
	}
	// The attempt is settled before the connection runs: it may end at once.
	t.mu.Lock()
	keep := t.conns.Result(a, out, t.s.cfg.Clock.Now())
	t.mu.Unlock()
	if err == nil && !keep {
		err = errFull
		p.link.Close(err)
	} else if err == nil {
		if err = t.join(p); err != nil {
			t.mu.Lock()
			t.conns.Closed(a.Addr, t.s.cfg.Clock.Now())
			t.mu.Unlock()
		}
	}
	t.s.cfg.Log.Debug("dialled", "peer", redact(a.Addr), "kind", a.Kind, "err", err)
	t.poke()
}

// lateError is a failure of a connection that TLS or MSE had been set up on: the
// peer has shown that it speaks this kind and knows the torrent, so it must not
// be taken for one that does not, and asked in clear.
type lateError struct{ err error }

func (e *lateError) Error() string { return e.err.Error() }
func (e *lateError) Unwrap() error { return e.err }

// connect opens a connection and exchanges handshakes.
func (t *Torrent) connect(ctx context.Context, a conns.Attempt) (*peer, error) {
	if t.s.refuses(a.Addr.Addr()) {
		return nil, errBanned
	}
	nc, kind, name, err := t.open(ctx, a)
	if err != nil {
		return nil, err
	}
	stop := closeOnDone(ctx, nc)
	p, err := t.greet(nc, kind, name, a.Addr)
	if !stop() && err == nil {
		p.link.Close(nil)
		err = context.Cause(ctx)
	}
	if err == nil {
		return p, nil
	}
	admission.HangUp(nc)
	if kind != transport.Plain {
		err = &lateError{err}
	}
	return nil, fmt.Errorf("exchange handshakes: %w", err)
}

// greet exchanges handshakes under one of the torrent's names.
func (t *Torrent) greet(nc net.Conn, kind transport.Kind, name [20]byte, at netip.AddrPort) (*peer, error) {
	if _, err := nc.Write(t.handshake(name)); err != nil {
		return nil, err
	}
	theirs, err := greeting.Read(nc)
	if err != nil {
		return nil, err
	}
	if theirs.InfoHash != name && t.s.torrent(theirs.InfoHash) != t {
		return nil, errOtherTorrent
	}
	if err := t.mayJoin(theirs, greeting.Conn{Kind: kind, Addr: at.Addr()}); err != nil {
		return nil, err
	}
	return t.newPeer(nc, kind, theirs, at, false), nil
}

// open connects, and tells under which name the peer knows the torrent.
func (t *Torrent) open(ctx context.Context, a conns.Attempt) (net.Conn, transport.Kind, [20]byte, error) {
	policy, addr, name := t.s.cfg.Policy, a.Addr.String(), t.id.Wire()
	switch a.Kind {
	case conns.TLS:
		c, name, err := t.openTLS(ctx, addr)
		if err == nil {
			t.s.verdicts.NoteTLS(a.Addr, t.id.Wire())
		}
		return c, transport.TLS, name, err
	case conns.MSE:
		c, err := transport.DialMSE(ctx, policy, addr, name)
		return c, transport.MSE, name, err
	default:
		c, err := transport.DialPlain(ctx, policy, addr)
		return c, transport.Plain, name, err
	}
}

// openTLS proves to know the torrent by its v2 info-hash. A peer may know a
// hybrid by its v1 info-hash alone, from a magnet link that has no other; it
// shows its website then, and is asked again.
func (t *Torrent) openTLS(ctx context.Context, addr string) (net.Conn, [20]byte, error) {
	id := t.id
	c, err := transport.DialTLS(ctx, t.s.cfg.Policy, addr, id, btls.DialOptions{})
	if id.HasV1 && id.HasV2 {
		if errors.Is(err, btls.ErrNotPeer) {
			id = transport.ID{V1: id.V1, HasV1: true}
			c, err = transport.DialTLS(ctx, t.s.cfg.Policy, addr, id, btls.DialOptions{})
		} else {
			id = transport.ID{V2: id.V2, HasV2: true} // by which it may know no other
		}
	}
	return c, id.Wire(), err
}

// outcome says what an error means for further attempts. What failed before
// TCP stood teaches nothing about the kind; what failed after it does.
func outcome(err error) conns.Outcome {
	var op *net.OpError
	var late *lateError
	switch {
	case err == nil:
		return conns.Connected
	case errors.Is(err, errOurself):
		return conns.Self
	case errors.Is(err, errTwice):
		return conns.Duplicate
	case errors.Is(err, ErrStopped), errors.Is(err, errKind):
		return conns.Abandoned
	case errors.Is(err, errOtherTorrent), errors.Is(err, btls.ErrNotPeer):
		return conns.WrongTorrent
	case errors.As(err, &late):
		return conns.Refused
	case errors.As(err, &op) && op.Op == "dial" && op.Timeout():
		return conns.TimedOut
	case errors.As(err, &op) && op.Op == "dial", errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, errBanned), errors.Is(err, errFull):
		return conns.Refused
	default:
		return conns.NotThisKind
	}
}
