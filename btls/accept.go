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
		return hello.Conn.(*record.Tap).Config(base), nil
	}
	return &Acceptor{cfg}
}

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
