package bound

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/warren-p2p/warren/internal/netpolicy/nic"
)

// tryTimeout is how long one address of several may take.
const tryTimeout = 5 * time.Second

// dial opens a connection to one of the addresses of addr.
func (b *Interface) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, &net.OpError{Op: "dial", Net: network, Err: err}
	}
	list, err := b.Resolve(ctx, host)
	if err != nil {
		return nil, &net.OpError{Op: "dial", Net: network, Err: err}
	}
	var errs []error
	for i, ip := range list {
		c, err := b.try(ctx, network, net.JoinHostPort(ip.String(), port), ip, i == len(list)-1)
		if err == nil {
			return c, nil
		}
		errs = append(errs, err)
	}
	return nil, errors.Join(errs...)
}

func (b *Interface) try(ctx context.Context, network, addr string, ip netip.Addr, last bool) (net.Conn, error) {
	s := b.look()
	err := s.Reaches(ip)
	if s.Why != "" {
		err = s.Down(b.cfg.Interface)
	}
	if err != nil {
		return nil, &net.OpError{Op: "dial", Net: network, Err: err}
	}
	if !last {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, tryTimeout)
		defer cancel()
	}
	under, err := b.cfg.Sockets.Dial(ctx, network, addr, s.Binding(ip.Unmap().Is6()))
	if err != nil {
		return nil, err
	}
	c := &conn{Conn: under, b: b, by: s.BondOf(under.LocalAddr())}
	if err := b.hold(c); err != nil {
		return nil, &net.OpError{Op: "dial", Net: network, Err: errors.Join(err, under.Close())}
	}
	if network == "udp" {
		return &datagrams{c}, nil
	}
	return c, nil
}

// hold takes a connection into care; an error if it came too late.
func (b *Interface) hold(c *conn) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.state.Keeps(c.by) {
		return b.state.Down(b.cfg.Interface)
	}
	b.held[c] = struct{}{}
	return nil
}

// conn is a connection by the interface.
type conn struct {
	net.Conn
	b    *Interface
	by   nic.Bond
	gone atomic.Pointer[DownError] // why it was closed, if the interface went away
	once sync.Once
	err  error
}

// cut closes a connection because it cannot go on.
func (c *conn) cut(why error) {
	down, _ := errors.AsType[*DownError](why)
	c.gone.CompareAndSwap(nil, down)
	_ = c.Close() // who has it is told by the next read or write
}

func (c *conn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	return n, c.because("read", err)
}

func (c *conn) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	return n, c.because("write", err)
}

func (c *conn) because(op string, err error) error {
	if down := c.gone.Load(); err != nil && down != nil {
		return &net.OpError{Op: op, Net: "tcp", Err: down}
	}
	return err
}

// CloseWrite ends this direction of a TCP connection.
func (c *conn) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return nil
}

func (c *conn) Close() error {
	c.once.Do(func() {
		c.b.mu.Lock()
		delete(c.b.held, c)
		c.b.mu.Unlock()
		c.err = c.Conn.Close()
	})
	return c.err
}

// datagrams is a connected socket of UDP. That it is a net.PacketConn is how package
// net knows that a query is one datagram.
type datagrams struct{ *conn }

// ReadFrom implements net.PacketConn.
func (d *datagrams) ReadFrom(p []byte) (int, net.Addr, error) {
	n, err := d.Read(p)
	return n, d.RemoteAddr(), err
}

// WriteTo implements net.PacketConn; it is connected, and sends to nobody else.
func (d *datagrams) WriteTo(p []byte, _ net.Addr) (int, error) { return d.Write(p) }

// Resolve looks host up, by asking a name server by the interface.
func (b *Interface) Resolve(ctx context.Context, host string) ([]netip.Addr, error) {
	list, err := b.names.Resolve(ctx, host)
	slices.SortStableFunc(list, func(a, c netip.Addr) int { return b.rank(a) - b.rank(c) })
	return list, err
}

// askServer opens a way to a name server.
func (b *Interface) askServer(ctx context.Context, network string, at netip.AddrPort) (net.Conn, error) {
	return b.try(ctx, network, at.String(), at.Addr(), true)
}

// rank puts addresses first that the interface reaches.
func (b *Interface) rank(a netip.Addr) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.state.Reaches(a) != nil {
		return 1
	}
	return 0
}

// place reads where to listen. Nothing is looked up for it: who listens says an
// address. For port 0 one is chosen at once, so that it is known while the interface
// is away.
func (b *Interface) place(_ context.Context, addr string) (netip.AddrPort, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return netip.AddrPort{}, err
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return netip.AddrPort{}, fmt.Errorf("port of %s: %w", addr, err)
	}
	ip := netip.IPv6Unspecified() // stands for both families
	switch host {
	case "", "::":
	case "localhost":
		ip = netip.AddrFrom4([4]byte{127, 0, 0, 1})
	default:
		if ip, err = netip.ParseAddr(host); err != nil {
			return netip.AddrPort{}, fmt.Errorf("address %s: %w", addr, err)
		}
	}
	return netip.AddrPortFrom(ip, uint16(n)), nil
}
