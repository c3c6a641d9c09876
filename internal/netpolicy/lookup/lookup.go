// Package lookup asks name servers by connections that somebody else opens: by one
// interface, or through a proxy.
package lookup

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"sync"

	"github.com/warren-p2p/warren/internal/netpolicy"
)

// ErrOwnServer reports that the only name server is on this machine, and asks others
// by whatever way it likes.
var ErrOwnServer = fmt.Errorf("%w: the name server of this machine could ask by another: name one to ask instead", netpolicy.ErrNoNames)

// Resolver looks names up.
type Resolver struct {
	// Servers are asked in turn; without any, those that the machine asks.
	Servers []netip.AddrPort
	// Dial opens a way to a server. What it opens for the network udp may be a
	// connection that is none of datagrams: then queries go as over TCP (RFC 1035,
	// section 4.2.2).
	Dial func(ctx context.Context, network string, server netip.AddrPort) (net.Conn, error)
	// Own allows a server on this machine.
	Own bool

	mu    sync.Mutex
	asked int
}

// Resolve returns the addresses of host, at least one. For a name that nobody knows
// the error is a [*net.DNSError]; if no server could be asked, it is that of Dial.
func (r *Resolver) Resolve(ctx context.Context, host string) ([]netip.Addr, error) {
	if ip, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{ip.Unmap()}, nil
	}
	var mu sync.Mutex
	var failed error // of the first dial
	n := net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, addr string) (net.Conn, error) {
		c, err := r.dial(ctx, network, addr)
		mu.Lock()
		defer mu.Unlock()
		if err != nil && failed == nil {
			failed = err
		}
		return c, err
	}}
	list, err := n.LookupNetIP(ctx, "ip", host)
	if err != nil {
		mu.Lock()
		defer mu.Unlock()
		if dns, ok := errors.AsType[*net.DNSError](err); failed != nil && (!ok || !dns.IsNotFound) {
			err = failed // which a DNSError would hide
		}
		return nil, fmt.Errorf("resolve %s: %w", host, err)
	}
	for i := range list {
		list[i] = list[i].Unmap()
	}
	return list, nil
}

func (r *Resolver) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	at, err := netip.ParseAddrPort(addr)
	if err != nil {
		return nil, err
	}
	if len(r.Servers) > 0 {
		r.mu.Lock()
		at = r.Servers[r.asked%len(r.Servers)]
		r.asked++
		r.mu.Unlock()
	}
	if at.Addr().IsLoopback() && !r.Own && !slices.Contains(r.Servers, at) {
		return nil, ErrOwnServer
	}
	return r.Dial(ctx, network, at)
}
