//go:build linux

package hostile

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"
)

// Handshakes begins handshakes of TLS with a node and never ends one.
type Handshakes struct {
	From []netip.Addr // where they come from, one connection each

	open, most, answered atomic.Int64
}

// Most returns how many connections there were at a time at most, and how many
// handshakes the node has answered.
func (h *Handshakes) Most() (open, answered int64) { return h.most.Load(), h.answered.Load() }

// Open returns how many connections there are.
func (h *Handshakes) Open() int64 { return h.open.Load() }

// Haunt keeps one connection from each address to a node until the end of ctx.
// Who is sent away comes back after a second.
func (h *Handshakes) Haunt(ctx context.Context, node string) error {
	hello, err := clientHello(ctx)
	if err != nil {
		return err
	}
	var calls sync.WaitGroup
	defer calls.Wait()
	for _, from := range h.From {
		calls.Go(func() {
			for ctx.Err() == nil {
				h.call(ctx, from, node, hello)
				select {
				case <-ctx.Done():
				case <-time.After(time.Second):
				}
			}
		})
	}
	return nil
}

// call sends a hello, reads what comes and says nothing more.
func (h *Handshakes) call(ctx context.Context, from netip.Addr, node string, hello []byte) {
	d := net.Dialer{LocalAddr: net.TCPAddrFromAddrPort(netip.AddrPortFrom(from, 0))}
	c, err := d.DialContext(ctx, "tcp", node)
	if err != nil {
		return
	}
	defer c.Close()
	defer context.AfterFunc(ctx, func() { _ = c.Close() })()
	now := h.open.Add(1)
	defer h.open.Add(-1)
	for most := h.most.Load(); now > most && !h.most.CompareAndSwap(most, now); most = h.most.Load() {
	}
	if _, err := c.Write(hello); err != nil {
		return
	}
	b := make([]byte, 1<<10)
	for first := true; ; first = false {
		if _, err := c.Read(b); err != nil {
			return
		}
		if first {
			h.answered.Add(1)
		}
	}
}

// clientHello returns the first thing that a client of TLS says.
func clientHello(ctx context.Context) ([]byte, error) {
	near, far := net.Pipe()
	defer near.Close()
	defer far.Close()
	go func() { _ = tls.Client(near, &tls.Config{ServerName: "node.example"}).HandshakeContext(ctx) }() // ends with near
	b := make([]byte, 4<<10)
	n, err := far.Read(b)
	if err != nil {
		return nil, fmt.Errorf("make a client hello: %w", err)
	}
	return b[:n], nil
}
