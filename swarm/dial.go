package swarm

import (
	"context"
	"errors"
	"net"
	"syscall"
	"time"

	"github.com/warren-p2p/warren/btls"
	"github.com/warren-p2p/warren/internal/transport"
	"github.com/warren-p2p/warren/swarm/internal/conns"
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
			t.wg.Go(func() { t.dial(a) })
		}
		t.mu.Unlock()
		if !ok {
			return
		}
	}
}

// dial makes one attempt and reports how it went.
func (t *Torrent) dial(a conns.Attempt) {
	ctx, cancel := context.WithTimeout(t.ctx, a.Timeout)
	p, err := t.connect(ctx, a)
	cancel()
	// The attempt is settled before the connection runs: it may end at once.
	t.mu.Lock()
	keep := t.conns.Result(a, outcome(err), t.s.cfg.Clock.Now())
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

// connect opens a connection and exchanges handshakes.
func (t *Torrent) connect(ctx context.Context, a conns.Attempt) (*peer, error) {
	if t.s.refuses(a.Addr.Addr()) {
		return nil, errBanned
	}
	nc, kind, err := t.open(ctx, a)
	if err != nil {
		return nil, err
	}
	stop := closeOnDone(ctx, nc)
	name := t.id.Wire()
	p, err := func() (*peer, error) {
		if _, err := nc.Write(t.handshake(name)); err != nil {
			return nil, err
		}
		theirs, err := readHandshake(nc)
		if err != nil {
			return nil, err
		}
		if theirs.InfoHash != name && t.s.torrent(theirs.InfoHash) != t {
			return nil, errOtherTorrent
		}
		if err := t.mayJoin(theirs, kind); err != nil {
			return nil, err
		}
		p := t.newPeer(nc, kind, theirs, false)
		p.dialAddr = a.Addr
		return p, nil
	}()
	if !stop() && err == nil {
		err = context.Cause(ctx)
	}
	if err != nil {
		_ = nc.Close()
		return nil, err
	}
	return p, nil
}

func (t *Torrent) open(ctx context.Context, a conns.Attempt) (net.Conn, transport.Kind, error) {
	policy, addr := t.s.cfg.Policy, a.Addr.String()
	switch a.Kind {
	case conns.TLS:
		c, err := transport.DialTLS(ctx, policy, addr, t.id, btls.DialOptions{})
		if err != nil {
			return nil, transport.TLS, err
		}
		return c, transport.TLS, nil
	case conns.MSE:
		c, err := transport.DialMSE(ctx, policy, addr, t.id.Wire())
		if err != nil {
			return nil, transport.MSE, err
		}
		return c, transport.MSE, nil
	default:
		c, err := transport.DialPlain(ctx, policy, addr)
		if err != nil {
			return nil, transport.Plain, err
		}
		return c, transport.Plain, nil
	}
}

// outcome says what an error means for further attempts. What failed before
// TCP stood teaches nothing about the kind; what failed after it does.
func outcome(err error) conns.Outcome {
	var op *net.OpError
	switch {
	case err == nil:
		return conns.Connected
	case errors.Is(err, errOurself):
		return conns.Self
	case errors.Is(err, errTwice):
		return conns.Duplicate
	case errors.Is(err, errOtherTorrent), errors.Is(err, btls.ErrNotPeer):
		return conns.WrongTorrent
	case errors.As(err, &op) && op.Op == "dial" && op.Timeout():
		return conns.TimedOut
	case errors.As(err, &op) && op.Op == "dial", errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, errBanned), errors.Is(err, errFull):
		return conns.Refused
	default:
		return conns.NotThisKind
	}
}
