package proxy

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"sync"
	"time"

	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/netpolicy/socks"
)

// Pauses between attempts to have datagrams passed on.
const (
	firstRetry = time.Second
	lastRetry  = time.Minute
)

// ListenPacket has the proxy pass on datagrams. If it does not do that at all the
// error matches [netpolicy.ErrNoUDP]. If it cannot be reached it is tried again and
// again; until then what is written is refused. Where others see the socket is not
// known: its address is no address.
func (p *Proxy) ListenPacket(ctx context.Context, network, _ string) (net.PacketConn, error) {
	if p.server.Scheme != "socks5" {
		return nil, &Error{p.server, netpolicy.ErrNoUDP}
	}
	under, err := p.via.ListenPacket(ctx, "udp", ":0")
	if err != nil {
		return nil, err
	}
	c := &packetConn{PacketConn: under, p: p, v6: network == "udp6", buf: make([]byte, 64<<10)}
	c.ctx, c.cancel = context.WithCancel(context.Background())
	control, err := c.associate(ctx)
	if refused, ok := errors.AsType[socks.ReplyError](err); ok && (refused == socks.CommandUnsupported || refused == socks.NotAllowed) {
		p.mu.Lock()
		p.udp = fmt.Errorf("%w: %w", netpolicy.ErrNoUDP, refused)
		p.mu.Unlock()
		c.cancel()
		_ = under.Close() // nothing was sent by it
		return nil, &Error{p.server, p.Datagrams()}
	}
	c.wg.Go(func() { c.keep(control) })
	return c, nil
}

// packetConn is a UDP socket whose datagrams a proxy passes on.
type packetConn struct {
	net.PacketConn // to the proxy
	p              *Proxy
	v6             bool
	ctx            context.Context
	cancel         context.CancelFunc
	wg             sync.WaitGroup

	mu    sync.Mutex
	relay netip.AddrPort // where the proxy takes datagrams; invalid while it does not

	reading sync.Mutex
	buf     []byte
}

// associate asks the proxy. The association lasts as long as the connection.
func (c *packetConn) associate(ctx context.Context) (net.Conn, error) {
	control, err := c.p.open(ctx)
	if err != nil {
		return nil, err
	}
	var at netip.AddrPort
	err = bounded(ctx, control, func() (err error) {
		at, err = socks.Do(control, socks.Associate, "0.0.0.0:0", c.p.server.Auth)
		return err
	})
	if err == nil && (!at.IsValid() || at.Addr().IsUnspecified()) { // it means itself
		host, _ := netip.ParseAddrPort(control.RemoteAddr().String())
		at = netip.AddrPortFrom(host.Addr().Unmap(), at.Port())
	}
	if err == nil && (!at.IsValid() || at.Port() == 0) {
		err = socks.ErrMalformed
	}
	if err != nil {
		_ = control.Close() // it has failed already
		return nil, &Error{c.p.server, err}
	}
	c.set(at)
	return control, nil
}

func (c *packetConn) set(relay netip.AddrPort) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.relay = relay
}

// keep keeps the association, and asks again when it has ended.
func (c *packetConn) keep(control net.Conn) {
	for wait := firstRetry; c.ctx.Err() == nil; wait = min(2*wait, lastRetry) {
		if control != nil {
			wait = firstRetry
			c.hold(control)
			c.set(netip.AddrPort{})
		}
		select {
		case <-c.ctx.Done():
			return
		case <-time.After(wait):
		}
		var err error
		if control, err = c.associate(c.ctx); err != nil {
			c.p.log.Debug("no datagrams by the proxy", "err", cause(err))
		}
	}
}

// hold waits until the proxy ends the association, or we do.
func (c *packetConn) hold(control net.Conn) {
	stop := context.AfterFunc(c.ctx, func() { _ = control.Close() })
	defer stop()
	_, _ = io.Copy(io.Discard, control) // it says nothing; how it ends does not matter
	_ = control.Close()
}

// ReadFrom reads a datagram that the proxy passes on. What anybody else sends is
// dropped.
func (c *packetConn) ReadFrom(p []byte) (int, net.Addr, error) {
	c.reading.Lock()
	defer c.reading.Unlock()
	for {
		n, by, err := c.PacketConn.ReadFrom(c.buf)
		if err != nil {
			return 0, nil, err
		}
		c.mu.Lock()
		relay := c.relay
		c.mu.Unlock()
		at, _ := netip.ParseAddrPort(by.String())
		if netip.AddrPortFrom(at.Addr().Unmap(), at.Port()) != relay {
			continue
		}
		if from, payload, ok := socks.ParseDatagram(c.buf[:n]); ok {
			return copy(p, payload), net.UDPAddrFromAddrPort(from), nil
		}
	}
}

// WriteTo has the proxy send a datagram.
func (c *packetConn) WriteTo(p []byte, to net.Addr) (int, error) {
	c.mu.Lock()
	relay := c.relay
	c.mu.Unlock()
	u, ok := to.(*net.UDPAddr)
	if !ok || !relay.IsValid() {
		return 0, &net.OpError{Op: "write", Net: "udp", Err: &Error{c.p.server, netpolicy.ErrNoUDP}}
	}
	at := u.AddrPort()
	if ip := at.Addr().Unmap(); ip.IsLoopback() || ip.IsUnspecified() {
		return 0, &net.OpError{Op: "write", Net: "udp", Err: netpolicy.ErrNotPublic}
	}
	b := socks.AppendDatagram(make([]byte, 0, socks.MaxHeader+len(p)), at, p)
	if _, err := c.PacketConn.WriteTo(b, net.UDPAddrFromAddrPort(relay)); err != nil {
		return 0, err
	}
	return len(p), nil
}

// LocalAddr returns no address of anybody: others see the proxy.
func (c *packetConn) LocalAddr() net.Addr {
	if c.v6 {
		return &net.UDPAddr{IP: net.IPv6unspecified}
	}
	return &net.UDPAddr{IP: net.IPv4zero}
}

// Close ends the association.
func (c *packetConn) Close() error {
	c.cancel()
	err := c.PacketConn.Close()
	c.wg.Wait()
	return err
}
