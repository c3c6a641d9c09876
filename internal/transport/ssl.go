package transport

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"slices"
	"sync"

	"github.com/warren-p2p/warren/btls"
	"github.com/warren-p2p/warren/btls/ssltorrent"
	"github.com/warren-p2p/warren/internal/transport/carrier"
)

// sslTorrents are the SSL torrents that a port answers to, by each of their
// names.
type sslTorrents struct {
	mu     sync.RWMutex
	byName map[[20]byte]*ssltorrent.Member
}

func (t *sslTorrents) add(id ID) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.byName == nil {
		t.byName = make(map[[20]byte]*ssltorrent.Member)
	}
	for _, n := range id.names() {
		t.byName[n.short] = id.Access.SSL
	}
}

func (t *sslTorrents) remove(id ID) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, n := range id.names() {
		delete(t.byName, n.short)
	}
}

// asked returns the torrent that a client asks for, nil if it asks for none of
// ours. One that cannot do TLS 1.3 is a visitor like others: its name for the
// torrent is not answered in any other way than a wrong one.
func (t *sslTorrents) asked(hello *tls.ClientHelloInfo) (m *ssltorrent.Member, hash [20]byte) {
	hash, ok := ssltorrent.InfoHash(hello.ServerName)
	if !ok || !slices.Contains(hello.SupportedVersions, tls.VersionTLS13) {
		return nil, hash
	}
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.byName[hash], hash
}

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
		if m, hash = p.ssl.asked(hello); m != nil {
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
