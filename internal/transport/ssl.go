package transport

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"

	"github.com/warren-p2p/warren/btls"
	"github.com/warren-p2p/warren/btls/ssltorrent"
	"github.com/warren-p2p/warren/internal/transport/carrier"
)

// receiveTLS makes the handshake with a peer of an SSL torrent, or with anybody
// else, who goes on to the web server.
func (p *Port) receiveTLS(ctx context.Context, c net.Conn) (func(), error) {
	var hash [20]byte
	asked := false
	visitor, peer, err := p.tls.HandshakeOr(ctx, c, func(hello *tls.ClientHelloInfo) (cfg *tls.Config) {
		if cfg = p.challenge(hello); cfg != nil {
			asked = true
			return cfg
		}
		var m *ssltorrent.Member
		if m, hash = p.ssl.Asked(hello); m != nil {
			cfg = m.Server()
		}
		return cfg
	})
	switch {
	case err != nil:
		return nil, err
	case asked: // the handshake was the answer
		return nil, errAnswered
	case peer != nil:
		return p.handing(Incoming{Conn: peer, Kind: TLS, InfoHash: hash}), nil
	}
	return func() { p.web.serve(visitor) }, nil
}

// DialSSL connects to a peer of an SSL torrent and returns a *btls.Conn once the
// peer has shown its certificate. It asks for the torrent by the name that
// ID.Wire returns. Errors are those of whoever opens connections, of crypto/tls
// and, about the certificate, of [ssltorrent.Torrent.Verify].
func DialSSL(ctx context.Context, via Opener, addr string, id ID) (net.Conn, error) {
	raw, err := via.Dial(ctx, addr)
	if err != nil {
		return nil, fmt.Errorf("transport: dial a peer of an SSL torrent: %w", err)
	}
	c, err := btls.Client(ctx, raw, id.Access.SSL.Client(id.Wire()))
	carrier.Shook(via, addr, raw, err)
	if err != nil {
		return nil, err
	}
	return c, nil
}
