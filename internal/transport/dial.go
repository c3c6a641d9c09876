package transport

import (
	"context"
	"fmt"
	"net"

	"github.com/warren-p2p/warren/btls"
	"github.com/warren-p2p/warren/internal/transport/carrier"
	"github.com/warren-p2p/warren/internal/transport/mse"
)

// DialTLS connects to a peer over TLS and returns a *btls.Conn
// once the peer has proved that it knows the torrent. Of a hybrid torrent the v2 info-hash is
// used. Errors are those of [btls.Dial] and of whoever opens connections.
func DialTLS(ctx context.Context, via Opener, addr string, id ID, opts btls.DialOptions) (net.Conn, error) {
	k, err := id.Key()
	if err != nil {
		return nil, fmt.Errorf("transport: dial over TLS: %w", err)
	}
	raw, err := via.Dial(ctx, addr)
	if err != nil {
		return nil, fmt.Errorf("transport: dial over TLS: %w", err)
	}
	c, err := btls.Dial(ctx, raw, k, opts)
	carrier.Shook(via, addr, raw, err)
	if err != nil {
		return nil, err
	}
	return c, nil
}

// DialMSE connects to a peer over MSE, returns a *mse.Conn and insists on RC4:
// what most clients choose when they are offered both leaves the info-hash in
// clear. infoHash is
// the v1 info-hash or the truncated v2 one.
func DialMSE(ctx context.Context, via Opener, addr string, infoHash [20]byte) (net.Conn, error) {
	raw, err := via.Dial(ctx, addr)
	if err != nil {
		return nil, fmt.Errorf("transport: dial over MSE: %w", err)
	}
	c, err := mse.Initiate(ctx, raw, infoHash, mse.RC4)
	carrier.Shook(via, addr, raw, err)
	if err != nil {
		return nil, err
	}
	return c, nil
}

// DialPlain connects to a peer without any protection and returns a *Conn.
func DialPlain(ctx context.Context, via Opener, addr string) (net.Conn, error) {
	raw, err := via.Dial(ctx, addr)
	if err != nil {
		return nil, fmt.Errorf("transport: dial in clear: %w", err)
	}
	return &Conn{Conn: raw}, nil
}
