package btls

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"

	"github.com/warren-p2p/warren/btls/internal/record"
)

// Acceptor runs the server's side of TLS handshakes for a server that a
// [Handler] is attached to. Peers that come over TLS connections made in
// another way are served too, but slower.
type Acceptor struct{ cfg *tls.Config }

// NewAcceptor returns an Acceptor for cfg, which it copies and which must not
// have a GetConfigForClient of its own.
func NewAcceptor(cfg *tls.Config) *Acceptor {
	base := cfg.Clone()
	// Each connection has its own copy, so that it learns its own secrets. The
	// keys of session tickets stay those of cfg for all of them.
	cfg = cfg.Clone()
	cfg.GetConfigForClient = func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
		tap := hello.Conn.(*record.Tap)
		if pick, ok := hello.Context().Value(pickKey{}).(Pick); ok {
			if other := pick(hello); other != nil {
				return tap.Config(other), nil
			}
		}
		return tap.Config(base), nil
	}
	return &Acceptor{cfg}
}

// Pick says by its client hello whether a connection is a peer's from its first
// byte on, as those of package ssltorrent are, and returns the configuration for
// it then. It returns nil for all others.
type Pick func(*tls.ClientHelloInfo) *tls.Config

type pickKey struct{}

// Handshake runs the handshake on raw, which stays open if it fails.
func (a *Acceptor) Handshake(ctx context.Context, raw net.Conn) (*tls.Conn, error) {
	tap := record.NewTap(raw, false)
	tc := tls.Server(tap, a.cfg)
	if err := tc.HandshakeContext(ctx); err != nil {
		return nil, fmt.Errorf("btls: TLS handshake: %w", err)
	}
	tap.HandshakeDone()
	return tc, nil
}

// HandshakeOr is Handshake for a port that has peers of another kind as well. It
// returns a visitor for the server, or a peer if pick took the connection.
func (a *Acceptor) HandshakeOr(ctx context.Context, raw net.Conn, pick Pick) (visitor *tls.Conn, peer *Conn, err error) {
	picked := false
	var noted Pick = func(hello *tls.ClientHelloInfo) *tls.Config {
		cfg := pick(hello)
		picked = cfg != nil
		return cfg
	}
	tc, err := a.Handshake(context.WithValue(ctx, pickKey{}, noted), raw)
	if err != nil || !picked {
		return tc, nil, err
	}
	peer, err = ofTLS(tc, nil)
	return nil, peer, err
}

// Client runs the client's side of a handshake on raw that makes the connection
// the peer wire's at once. It owns raw, which is closed if it fails. ctx bounds
// the handshake. In TLS 1.3 that is over before the server has looked at a
// certificate of ours: that it was refused shows with the first Read.
func Client(ctx context.Context, raw net.Conn, cfg *tls.Config) (*Conn, error) {
	tap := record.NewTap(raw, true)
	tc := tls.Client(tap, tap.Config(cfg))
	err := tc.HandshakeContext(ctx)
	if err != nil {
		raw.Close()
		return nil, fmt.Errorf("btls: TLS handshake: %w", err)
	}
	tap.HandshakeDone()
	c, err := ofTLS(tc, nil)
	if err != nil {
		raw.Close()
	}
	return c, err
}
