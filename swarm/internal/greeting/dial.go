package greeting

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"syscall"

	"github.com/warren-p2p/warren/btls"
	"github.com/warren-p2p/warren/btls/hello"
	"github.com/warren-p2p/warren/btls/parrot"
	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/transport"
	"github.com/warren-p2p/warren/internal/transport/admission"
	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/swarm/internal/conns"
)

// Dialer opens connections to the peers of one torrent. All fields but
// More, Hello and Rule are required.
type Dialer struct {
	Net      transport.Opener
	ID       transport.ID
	PeerID   [20]byte              // ours
	More     []peerwire.Capability // beyond what every torrent has
	Hello    hello.Hello           // what we look like over TLS; by default a browser
	Pad      bool                  // small records over TLS
	Verdicts *conns.Verdicts
	Clock    clock.Clock
	Rule     *Rule // ends dials that must not go on; optional
	// May decides on a peer by its handshake.
	May func(peerwire.Handshake, Conn) error
}

// Dial opens a connection as an attempt says and exchanges handshakes.
func (d *Dialer) Dial(ctx context.Context, a conns.Attempt) (Met, error) {
	kind := kindOf(a.Kind)
	ctx, done := d.Rule.bound(ctx, kind)
	defer done()
	nc, name, err := d.open(ctx, a)
	if why := context.Cause(ctx); why == ErrKind && err != nil {
		err = why
	}
	if err != nil {
		return Met{}, err
	}
	if c, ok := nc.(*btls.Conn); ok && d.Pad {
		c.SetPadding(btls.PadBuckets)
	}
	stop := CloseOnDone(ctx, nc)
	theirs, err := d.greet(ctx, nc, kind, name, a.Addr)
	if !stop() && err == nil {
		err = context.Cause(ctx)
	}
	if err == nil {
		return Met{Stream: nc, Kind: kind, At: a.Addr, From: AddrPort(nc.RemoteAddr()), Theirs: theirs}, nil
	}
	admission.HangUp(nc)
	if kind != transport.Plain {
		err = &lateError{err}
	}
	return Met{}, fmt.Errorf("exchange handshakes: %w", err)
}

// greet exchanges handshakes under one of the torrent's names.
func (d *Dialer) greet(ctx context.Context, nc net.Conn, kind transport.Kind, name [20]byte, at netip.AddrPort) (peerwire.Handshake, error) {
	if err := Vouch(d.ID, nc, true); err != nil {
		return peerwire.Handshake{}, err
	}
	if ctx.Err() != nil { // before anything names the torrent
		return peerwire.Handshake{}, context.Cause(ctx)
	}
	if _, err := nc.Write(Handshake(d.ID, name, d.PeerID, d.More...)); err != nil {
		return peerwire.Handshake{}, err
	}
	theirs, err := Read(nc)
	if err != nil {
		return theirs, refused(d.ID, err)
	}
	if theirs.InfoHash != name && !Named(d.ID, theirs.InfoHash) {
		return theirs, ErrOtherTorrent
	}
	return theirs, d.May(theirs, Conn{Kind: kind, Addr: at.Addr()})
}

func kindOf(k conns.Kind) transport.Kind {
	switch k {
	case conns.TLS:
		return transport.TLS
	case conns.MSE:
		return transport.MSE
	default:
		return transport.Plain
	}
}

// open connects, and tells under which name the peer knows the torrent.
func (d *Dialer) open(ctx context.Context, a conns.Attempt) (net.Conn, [20]byte, error) {
	addr, name := a.Addr.String(), d.ID.Wire()
	switch a.Kind {
	case conns.TLS:
		c, name, err := d.openTLS(ctx, addr, btls.DialOptions{ServerName: a.Face.Name, Pin: a.Face.Pin})
		if err == nil {
			d.Verdicts.NoteTLS(a.Addr, d.ID.Wire(), d.Clock.Now())
		}
		return c, name, err
	case conns.MSE:
		c, err := transport.DialMSE(ctx, d.Net, addr, name)
		return c, name, err
	default:
		c, err := transport.DialPlain(ctx, d.Net, addr)
		return c, name, err
	}
}

// openTLS proves to know the torrent by its v2 info-hash. A peer may know a
// hybrid by its v1 info-hash alone, from a magnet link that has no other; it
// shows its website then, and is asked again.
func (d *Dialer) openTLS(ctx context.Context, addr string, opts btls.DialOptions) (net.Conn, [20]byte, error) {
	if d.ID.Access.SSL != nil {
		return d.openSSL(ctx, addr)
	}
	id := d.ID
	if opts.Hello = d.Hello; opts.Hello == nil {
		opts.Hello = parrot.New()
	}
	c, err := transport.DialTLS(ctx, d.Net, addr, id, opts)
	if id.HasV1 && id.HasV2 {
		if errors.Is(err, btls.ErrNotPeer) {
			id = id.Only(false)
			c, err = transport.DialTLS(ctx, d.Net, addr, id, opts)
		} else {
			id = id.Only(true) // by which it may know no other
		}
	}
	return c, id.Wire(), err
}

// openSSL shows the peer of an SSL torrent a certificate and is shown one. That one
// of them does not hold says nothing of how the peer speaks.
func (d *Dialer) openSSL(ctx context.Context, addr string) (net.Conn, [20]byte, error) {
	c, err := transport.DialSSL(ctx, d.Net, addr, d.ID)
	if op, ok := errors.AsType[*net.OpError](err); err != nil && !(ok && op.Op == "dial") {
		err = &lateError{err}
	}
	return c, d.ID.Wire(), err
}

// lateError is a failure of a connection that TLS or MSE had been set up on: the
// peer has shown that it speaks this kind and knows the torrent, so it must not
// be taken for one that does not, and asked in clear.
type lateError struct{ err error }

func (e *lateError) Error() string { return e.err.Error() }
func (e *lateError) Unwrap() error { return e.err }

// Outcome says what an error of a dial means for further attempts. What failed
// before TCP stood teaches nothing about the kind; what failed after it does.
func Outcome(err error) conns.Outcome {
	var op *net.OpError
	var late *lateError
	switch {
	case err == nil:
		return conns.Connected
	case errors.Is(err, ErrOurself):
		return conns.Self
	case errors.Is(err, ErrTwice):
		return conns.Duplicate
	case errors.Is(err, ErrStopped), errors.Is(err, ErrKind):
		return conns.Abandoned
	case errors.Is(err, ErrOtherTorrent), errors.Is(err, btls.ErrNotPeer):
		return conns.WrongTorrent
	case errors.As(err, &late), errors.Is(err, btls.ErrPin): // neither is a reason to ask in clear
		return conns.Refused
	case errors.As(err, &op) && op.Op == "dial" && op.Timeout():
		return conns.TimedOut
	case errors.As(err, &op) && op.Op == "dial", errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, ErrBanned), errors.Is(err, ErrFull):
		return conns.Refused
	default:
		return conns.NotThisKind
	}
}
