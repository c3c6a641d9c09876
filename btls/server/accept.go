package server

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"

	"github.com/warren-p2p/warren/btls"
)

// accept takes connections until the inner listener is closed.
func (l *Listener[V]) accept() {
	for l.ctx.Err() == nil {
		raw, err := l.inner.Accept()
		switch {
		case err == nil:
			if s := l.strangers.add(raw); s != nil {
				l.loops.Go(func() { l.handshake(s) })
			}
		case errors.Is(err, net.ErrClosed):
			l.stop(err)
		default:
			l.pause()
		}
	}
}

func (l *Listener[V]) pause() {
	t := time.NewTimer(pause)
	defer t.Stop()
	select {
	case <-t.C:
	case <-l.ctx.Done():
	}
}

// handshake makes the TLS handshake and gives the connection to the HTTP server,
// which is where peers and visitors look the same.
func (l *Listener[V]) handshake(s *stranger) {
	ctx, cancel := context.WithTimeoutCause(l.ctx, l.cfg.HandshakeTimeout, errTimeout)
	defer cancel()
	stop := context.AfterFunc(ctx, s.hangUp)
	defer stop()
	c, err := l.acceptor.Handshake(ctx, s)
	if err != nil || !stop() {
		s.hangUp()
		return
	}
	select {
	case l.shaken <- c:
	case <-l.ctx.Done():
		s.hangUp()
	}
}

// handshaken is a Listener as the listener of its own HTTP server.
type handshaken[V any] Listener[V]

// Accept returns a *tls.Conn.
func (h *handshaken[V]) Accept() (net.Conn, error) {
	select {
	case c := <-h.shaken:
		return c, nil
	case <-h.ctx.Done():
		return nil, net.ErrClosed
	}
}

// Close does nothing: the Listener is closed by its owner.
func (h *handshaken[V]) Close() error { return nil }

// Addr returns the address of the inner listener.
func (h *handshaken[V]) Addr() net.Addr { return h.inner.Addr() }

// connState counts the connections that the HTTP server serves.
func (l *Listener[V]) connState(_ net.Conn, s http.ConnState) {
	switch s {
	case http.StateNew: // the goroutine of Serve, which Close waits for first
		l.requests.Add(1)
	case http.StateClosed, http.StateHijacked:
		l.requests.Done()
	}
}

// enter begins a request, unless l is closed.
func (l *Listener[V]) enter() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.closed {
		l.requests.Add(1)
	}
	return !l.closed
}

// hand waits until somebody accepts a peer. Until then it is a stranger: whoever
// proves much that nobody takes displaces itself.
func (l *Listener[V]) hand(c *btls.Conn, value V) {
	s := strangerOf(c)
	if s == nil {
		c.Close()
		return
	}
	select {
	case l.peers <- peer[V]{c, s, value}:
	case <-s.gone:
	case <-l.ctx.Done():
		s.hangUp()
	}
}
