package netpolicy

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"sync"
	"syscall"
)

// backlog is how many connections may wait for Accept.
const backlog = 128

// firstPort is the first port given where none was asked for.
const firstPort = 49152

// Mem is a network in memory, for tests: no sockets, no ports of the machine,
// and it works in testing/synctest bubbles. As a Policy it is the host
// 127.0.0.1; [Mem.Host] gives others.
type Mem struct {
	mu        sync.Mutex
	listeners map[netip.AddrPort]*memListener
	packets   map[netip.AddrPort]*memPacketConn
	ports     map[netip.Addr]uint16 // the next one to give
	names     map[string][]netip.Addr
}

var _ Policy = (*Mem)(nil)

// NewMem returns a network without listeners.
func NewMem() *Mem {
	return &Mem{
		listeners: map[netip.AddrPort]*memListener{},
		packets:   map[netip.AddrPort]*memPacketConn{},
		ports:     map[netip.Addr]uint16{},
		names:     map[string][]netip.Addr{"localhost": {loopback()}},
	}
}

// Host returns the sockets of the host that has address ip. All hosts reach each
// other.
func (m *Mem) Host(ip netip.Addr) Policy { return memHost{m, ip} }

// Listen opens a listener of the host 127.0.0.1.
func (m *Mem) Listen(ctx context.Context, addr string) (net.Listener, error) {
	return memHost{m, loopback()}.Listen(ctx, addr)
}

// Dial connects from the host 127.0.0.1.
func (m *Mem) Dial(ctx context.Context, addr string) (net.Conn, error) {
	return memHost{m, loopback()}.Dial(ctx, addr)
}

// ListenPacket opens a UDP socket of the host 127.0.0.1.
func (m *Mem) ListenPacket(ctx context.Context, network, addr string) (net.PacketConn, error) {
	return memHost{m, loopback()}.ListenPacket(ctx, network, addr)
}

// Resolve returns the addresses of host.
func (m *Mem) Resolve(ctx context.Context, host string) ([]netip.Addr, error) {
	return memHost{m, loopback()}.Resolve(ctx, host)
}

// Name lets host stand for addresses, beside localhost, which stands for
// 127.0.0.1.
func (m *Mem) Name(host string, ips ...netip.Addr) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.names[host] = ips
}

func loopback() netip.Addr { return netip.AddrFrom4([4]byte{127, 0, 0, 1}) }

type memHost struct {
	m  *Mem
	ip netip.Addr
}

// Listen opens a listener on addr; an unspecified address means the host's own,
// port 0 a free one.
func (h memHost) Listen(ctx context.Context, addr string) (net.Listener, error) {
	at, err := h.parse(ctx, addr)
	if err != nil {
		return nil, opError("listen", nil, err)
	}
	h.m.mu.Lock()
	defer h.m.mu.Unlock()
	if at.Port() == 0 {
		at = netip.AddrPortFrom(at.Addr(), h.m.freePort(at.Addr()))
	}
	if h.m.listeners[at] != nil {
		return nil, opError("listen", tcpAddr(at), syscall.EADDRINUSE)
	}
	l := &memListener{m: h.m, at: at, queue: make(chan *memConn, backlog), closed: make(chan struct{})}
	h.m.listeners[at] = l
	return l, nil
}

// Dial connects to addr. Where nobody listens the error matches
// syscall.ECONNREFUSED.
func (h memHost) Dial(ctx context.Context, addr string) (net.Conn, error) {
	to, err := h.parse(ctx, addr)
	if err != nil {
		return nil, opError("dial", nil, err)
	}
	h.m.mu.Lock()
	l := h.m.listeners[to]
	from := netip.AddrPortFrom(h.ip, h.m.freePort(h.ip))
	h.m.mu.Unlock()
	if l == nil {
		return nil, opError("dial", tcpAddr(to), syscall.ECONNREFUSED)
	}
	near, far := pipe(tcpAddr(from), tcpAddr(to))
	select {
	case l.queue <- far:
	case <-l.closed:
		return nil, opError("dial", tcpAddr(to), syscall.ECONNREFUSED)
	case <-ctx.Done():
		return nil, opError("dial", tcpAddr(to), ctx.Err())
	}
	return near, nil
}

// Resolve returns the address host is, or those it stands for.
func (h memHost) Resolve(ctx context.Context, host string) ([]netip.Addr, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("resolve %s: %w", host, err)
	}
	if ip, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{ip.Unmap()}, nil
	}
	h.m.mu.Lock()
	defer h.m.mu.Unlock()
	if list := h.m.names[host]; len(list) > 0 {
		return slices.Clone(list), nil
	}
	return nil, fmt.Errorf("resolve %s: %w", host, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true})
}

// parse reads "host:port" for this host.
func (h memHost) parse(ctx context.Context, addr string) (netip.AddrPort, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return netip.AddrPort{}, err
	}
	if host == "" {
		host = h.ip.String()
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return netip.AddrPort{}, fmt.Errorf("address %s: %w", addr, err)
	}
	list, err := h.Resolve(ctx, host)
	if err != nil {
		return netip.AddrPort{}, err
	}
	ip := list[0]
	if ip.IsUnspecified() {
		ip = h.ip
	}
	return netip.AddrPortFrom(ip, uint16(n)), nil
}

// freePort returns a port of ip nobody listens on. The caller holds mu.
func (m *Mem) freePort(ip netip.Addr) uint16 {
	for {
		port := max(m.ports[ip], firstPort)
		m.ports[ip] = port + 1 // wraps to 0, which max lifts again
		at := netip.AddrPortFrom(ip, port)
		if m.listeners[at] == nil && m.packets[at] == nil {
			return port
		}
	}
}

func tcpAddr(a netip.AddrPort) net.Addr { return net.TCPAddrFromAddrPort(a) }

func opError(op string, addr net.Addr, err error) error {
	return &net.OpError{Op: op, Net: "tcp", Addr: addr, Err: err}
}

type memListener struct {
	m      *Mem
	at     netip.AddrPort
	queue  chan *memConn
	once   sync.Once
	closed chan struct{}
}

func (l *memListener) Addr() net.Addr { return tcpAddr(l.at) }

func (l *memListener) Accept() (net.Conn, error) {
	select {
	case <-l.closed: // first: a select would choose by chance
		return nil, opError("accept", l.Addr(), net.ErrClosed)
	default:
	}
	select {
	case c := <-l.queue:
		return c, nil
	case <-l.closed:
		return nil, opError("accept", l.Addr(), net.ErrClosed)
	}
}

// Close ends Accept and the connections nobody accepted.
func (l *memListener) Close() error {
	err := opError("close", l.Addr(), net.ErrClosed)
	l.once.Do(func() {
		l.m.mu.Lock()
		delete(l.m.listeners, l.at)
		l.m.mu.Unlock()
		close(l.closed)
		err = nil
		for {
			select {
			case c := <-l.queue:
				err = errors.Join(err, c.Close())
			default:
				return
			}
		}
	})
	return err
}
