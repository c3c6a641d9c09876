package transport

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"strings"
	"time"

	"github.com/warren-p2p/warren/btls"
	"github.com/warren-p2p/warren/internal/transport/mse"
	"github.com/warren-p2p/warren/internal/transport/opening"
)

var errHandshakeTimeout = errors.New("handshake took too long")

// accept takes connections over TCP until the port is closed.
func (p *Port) accept() {
	for p.ctx.Err() == nil {
		raw, err := p.ports.TCP.Accept()
		if err != nil {
			if p.ctx.Err() != nil {
				return
			}
			p.cfg.Log.Warn("accept a connection", "err", Reason(err))
			if errors.Is(err, net.ErrClosed) || !p.pause() {
				return
			}
			continue
		}
		p.admit(raw)
	}
}

// acceptUTP does the same for uTP. What waits for its turn waits in the socket,
// within its bounds.
func (p *Port) acceptUTP() {
	for {
		raw, err := p.ports.UTP.Accept()
		if err != nil {
			return
		}
		p.admit(raw)
	}
}

// admit begins the handshake of a connection once there is a place for it.
func (p *Port) admit(raw net.Conn) {
	slot := p.slots.Await(p.ctx, address(raw), func() { raw.Close() })
	if slot == nil {
		raw.Close()
		return
	}
	p.conns.Go(func() {
		next, err := p.handshake(raw)
		slot.Leave()
		if err != nil {
			p.cfg.Log.Debug("handshake of an incoming connection", "err", Reason(err))
			return
		}
		next()
	})
}

// address returns where a connection comes from.
func address(c net.Conn) netip.Addr {
	a, _ := netip.ParseAddrPort(c.RemoteAddr().String()) // invalid for all that have none
	return a.Addr()
}

// pause waits a moment after an error such as too many open files. It reports
// false if the port was closed meanwhile.
func (p *Port) pause() bool {
	t := time.NewTimer(50 * time.Millisecond)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-p.ctx.Done():
		return false
	}
}

// handshake finds out who is there, within the handshake timeout. It returns
// what is to be done with the connection next; on error raw is closed.
func (p *Port) handshake(raw net.Conn) (next func(), err error) {
	ctx, cancel := context.WithTimeoutCause(p.ctx, p.cfg.HandshakeTimeout, errHandshakeTimeout)
	defer cancel()
	stop := context.AfterFunc(ctx, func() { raw.Close() })
	defer stop()
	next, err = p.receive(ctx, raw)
	if err == nil && !stop() {
		err = context.Cause(ctx)
	}
	if err != nil {
		raw.Close()
		return nil, err
	}
	return next, nil
}

func (p *Port) receive(ctx context.Context, raw net.Conn) (func(), error) {
	c, proto, err := opening.Peek(raw)
	if err != nil {
		return nil, err
	}
	switch {
	case proto == opening.BitTorrent && p.cfg.Plain && p.torrents.clear():
		return p.handing(Incoming{Conn: c, Kind: Plain}), nil
	case proto == opening.MSE && p.cfg.MSE && p.torrents.clear():
		m, hash, err := mse.Receive(ctx, c, p.torrents.skeys())
		if err != nil {
			return nil, err
		}
		return p.handing(Incoming{Conn: m, Kind: MSE, InfoHash: hash}), nil
	case proto == opening.HTTP:
		return func() { p.web.serve(c) }, nil
	}
	return p.receiveTLS(ctx, c)
}

func (p *Port) handing(in Incoming) func() { return func() { p.hand(in) } }

// hand passes a peer on.
func (p *Port) hand(in Incoming) {
	if c, ok := in.Conn.(*btls.Conn); ok && p.cfg.Pad {
		c.SetPadding(btls.PadBuckets)
	}
	p.cfg.Handle(in)
}

// Reason returns err for the log: the same error, but for the addresses that those
// of package net have in their text. It is nil if err is.
func Reason(err error) error {
	op, ok := errors.AsType[*net.OpError](err)
	if !ok {
		return err
	}
	return &reason{err, strings.ReplaceAll(err.Error(), op.Error(), op.Op+": "+op.Err.Error())}
}

type reason struct {
	error
	text string
}

func (r *reason) Error() string { return r.text }

func (r *reason) Unwrap() error { return r.error }
