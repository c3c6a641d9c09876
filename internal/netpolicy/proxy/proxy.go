package proxy

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"sync"
	"time"

	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/netpolicy/lookup"
	"github.com/warren-p2p/warren/internal/netpolicy/socks"
)

// handshakeTimeout bounds what is said to a proxy before it connects, and its own
// attempt to.
const handshakeTimeout = 30 * time.Second

// Proxy is a policy that lets out by a proxy. Its methods are safe for concurrent use.
type Proxy struct {
	server Server
	via    netpolicy.Policy // to the proxy
	names  *lookup.Resolver // nil leaves them to the proxy
	log    *slog.Logger

	mu  sync.Mutex
	why string // the last failure, until a success
	udp error  // why datagrams do not go, nil as long as that is not known
}

var _ netpolicy.Remote = (*Proxy)(nil)

// New returns the policy of a proxy that is reached by another policy; one on this
// machine is reached by its own network. nameServers are asked through the proxy where
// an address is needed.
func New(s Server, via netpolicy.Policy, nameServers []netip.AddrPort, log *slog.Logger) *Proxy {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	if s.local() {
		via = netpolicy.Direct{}
	}
	p := &Proxy{server: s, via: via, log: log}
	if len(nameServers) > 0 {
		p.names = &lookup.Resolver{Servers: nameServers, Dial: p.askServer}
	}
	if s.Scheme != "socks5" {
		p.udp = netpolicy.ErrNoUDP
	}
	return p
}

// Server returns the proxy.
func (p *Proxy) Server() Server { return p.server }

// Remote implements netpolicy.Remote.
func (p *Proxy) Remote() bool { return p.names == nil }

// Trouble says why the last attempt to use the proxy came to nothing, "" if it did
// not.
func (p *Proxy) Trouble() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.why
}

// Datagrams returns why datagrams do not go by this proxy; nil if they do, or nobody
// has tried.
func (p *Proxy) Datagrams() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.udp
}

// note takes note of how an attempt to use the proxy went.
func (p *Proxy) note(err error) {
	why := ""
	if err != nil {
		why = cause(err).Error()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.why = why
}

// cause leaves out addresses.
func cause(err error) error {
	if op, ok := errors.AsType[*net.OpError](err); ok {
		return op.Err
	}
	return err
}

// Error reports a proxy that did not do what it should.
type Error struct {
	Server Server
	Err    error
}

func (e *Error) Error() string { return fmt.Sprintf("by the proxy %v: %v", e.Server, e.Err) }
func (e *Error) Unwrap() error { return e.Err }

// Listen refuses: nobody can connect to us by a proxy.
func (p *Proxy) Listen(context.Context, string) (net.Listener, error) {
	return nil, &Error{p.server, netpolicy.ErrNoIncoming}
}

// Resolve asks a name server through the proxy. Without one that was named the error
// matches [netpolicy.ErrNoNames].
func (p *Proxy) Resolve(ctx context.Context, host string) ([]netip.Addr, error) {
	if ip, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{ip.Unmap()}, nil
	}
	if p.names == nil {
		return nil, &Error{p.server, fmt.Errorf("resolve %s: %w: name a name server that is asked through it", host, netpolicy.ErrNoNames)}
	}
	return p.names.Resolve(ctx, host)
}

// askServer opens a way to a name server, as a stream.
func (p *Proxy) askServer(ctx context.Context, _ string, at netip.AddrPort) (net.Conn, error) {
	return p.connect(ctx, at.String())
}

// Dial opens a connection through the proxy. A name is passed on to it, unless a name
// server is asked.
func (p *Proxy) Dial(ctx context.Context, addr string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	if ip, bad := netip.ParseAddr(host); host == "localhost" || bad == nil && (ip.Unmap().IsLoopback() || ip.IsUnspecified()) {
		return nil, &Error{p.server, fmt.Errorf("dial %s: %w: there it is the proxy itself", host, netpolicy.ErrNotPublic)}
	}
	if p.names == nil {
		return p.connect(ctx, addr)
	}
	list, err := p.Resolve(ctx, host)
	if err != nil {
		return nil, err
	}
	var errs []error
	for _, ip := range list {
		c, err := p.connect(ctx, net.JoinHostPort(ip.String(), port))
		if err == nil {
			return c, nil
		}
		errs = append(errs, err)
	}
	return nil, errors.Join(errs...)
}

// connect has the proxy connect to addr.
func (p *Proxy) connect(ctx context.Context, addr string) (net.Conn, error) {
	c, err := p.open(ctx)
	if err != nil {
		return nil, err
	}
	through := c
	err = bounded(ctx, c, func() (err error) {
		if p.server.Scheme == "socks5" {
			_, err = socks.Do(c, socks.Connect, addr, p.server.Auth)
			return err
		}
		through, err = connectHTTP(c, addr, p.server)
		return err
	})
	if err != nil {
		_ = c.Close() // it has failed already
		return nil, &Error{p.server, err}
	}
	return &conn{through, target(addr)}, nil
}

// open opens a connection to the proxy.
func (p *Proxy) open(ctx context.Context) (net.Conn, error) {
	c, err := p.via.Dial(ctx, p.server.Addr)
	if err == nil && p.server.Scheme == "https" {
		c, err = overTLS(ctx, c, p.server.Addr)
	}
	p.note(err)
	if err != nil {
		return nil, &Error{p.server, err}
	}
	return c, nil
}

// bounded does what takes a while on a connection, which is broken off if it takes too
// long or ctx ends.
func bounded(ctx context.Context, c net.Conn, do func() error) error {
	ctx, cancel := context.WithTimeout(ctx, handshakeTimeout)
	defer cancel()
	stop := context.AfterFunc(ctx, func() { _ = c.SetDeadline(time.Unix(1, 0)) })
	err := do()
	if !stop() {
		return errors.Join(context.Cause(ctx), err)
	}
	return err
}

// conn is a connection through a proxy.
type conn struct {
	net.Conn
	to net.Addr
}

// RemoteAddr returns what is at the other end, which may be a name.
func (c *conn) RemoteAddr() net.Addr { return c.to }

// CloseWrite ends this direction.
func (c *conn) CloseWrite() error { return closeWrite(c.Conn) }

func closeWrite(c net.Conn) error {
	if half, ok := c.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return errors.ErrUnsupported
}

// target returns an address as that of a connection.
func target(addr string) net.Addr {
	if at, err := netip.ParseAddrPort(addr); err == nil {
		return net.TCPAddrFromAddrPort(at)
	}
	return name(addr)
}

// name is an address that only the proxy knows.
type name string

func (name) Network() string  { return "tcp" }
func (n name) String() string { return string(n) }
