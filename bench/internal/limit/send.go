//go:build linux

package limit

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/netpolicy"
)

// Send listens on loopback, tells its address, and sends random bytes to the
// first who connects.
func Send(ctx context.Context, s Spec, tell func(addr string)) (err error) {
	cert, err := certificate(clock.System{})
	if err != nil {
		return fmt.Errorf("make certificate: %w", err)
	}
	l, err := netpolicy.Direct{}.Listen(ctx, "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	defer l.Close()
	tell(l.Addr().String())
	c, err := l.Accept()
	if err != nil {
		return fmt.Errorf("accept: %w", err)
	}
	t := tls.Server(c, &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS13, DynamicRecordSizingDisabled: true})
	defer func() { err = errors.Join(err, t.Close()) }()
	b := make([]byte, record)
	_, _ = rand.Read(b) // never fails, says its documentation
	for left := s.Bytes; left > 0; {
		n, err := t.Write(b[:min(left, record)])
		if err != nil {
			return fmt.Errorf("send: %w", err)
		}
		left -= int64(n)
	}
	return nil
}
