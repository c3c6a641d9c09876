package proxytest

import (
	"bufio"
	"io"
	"net"
	"net/netip"
	"sync"

	"github.com/warren-p2p/warren/internal/netpolicy/socks"
)

// tunnel connects to a target and carries bytes both ways.
func (s *Server) tunnel(c net.Conn, r *bufio.Reader, target string, answer func(ok bool)) {
	s.mu.Lock()
	s.targets = append(s.targets, target)
	s.mu.Unlock()
	host, port, err := net.SplitHostPort(target)
	if _, bad := netip.ParseAddr(host); bad != nil && err == nil && s.cfg.Lookup != nil {
		host = s.cfg.Lookup(host)
	}
	far, err := s.cfg.Sockets.Dial(net.JoinHostPort(host, port))
	answer(err == nil)
	if err != nil {
		return
	}
	s.keep(far)
	defer s.drop(far)
	s.wg.Go(func() {
		_, _ = io.Copy(far, r)
		if half, ok := far.(interface{ CloseWrite() error }); ok {
			_ = half.CloseWrite()
		}
	})
	_, _ = io.Copy(c, far)
}

// associate passes on datagrams until the client hangs up.
func (s *Server) associate(c net.Conn) {
	near, err := s.cfg.Sockets.ListenPacket(net.JoinHostPort(s.cfg.Host, "0"))
	if err != nil {
		reply(c, 1, "0.0.0.0:0")
		return
	}
	s.keep(near)
	defer s.drop(near)
	far, err := s.cfg.Sockets.ListenPacket(net.JoinHostPort(s.cfg.Host, "0"))
	if err != nil {
		reply(c, 1, "0.0.0.0:0")
		return
	}
	s.keep(far)
	defer s.drop(far)
	s.mu.Lock()
	s.controls = append(s.controls, c)
	s.mu.Unlock()
	reply(c, 0, near.LocalAddr().String())
	var client client
	s.wg.Go(func() { client.outwards(near, far) })
	s.wg.Go(func() { client.inwards(near, far) })
	_, _ = io.Copy(io.Discard, c)
}

// client is who sent the last datagram.
type client struct {
	mu sync.Mutex
	at net.Addr
}

func (c *client) outwards(near, far net.PacketConn) {
	b := make([]byte, 64<<10)
	for {
		n, from, err := near.ReadFrom(b)
		if err != nil {
			return
		}
		c.mu.Lock()
		c.at = from
		c.mu.Unlock()
		if to, payload, ok := socks.ParseDatagram(b[:n]); ok {
			_, _ = far.WriteTo(payload, net.UDPAddrFromAddrPort(to))
		}
	}
}

func (c *client) inwards(near, far net.PacketConn) {
	b := make([]byte, 64<<10)
	for {
		n, from, err := far.ReadFrom(b)
		if err != nil {
			return
		}
		c.mu.Lock()
		to := c.at
		c.mu.Unlock()
		at, err := netip.ParseAddrPort(from.String())
		if to != nil && err == nil {
			_, _ = near.WriteTo(socks.AppendDatagram(nil, at, b[:n]), to)
		}
	}
}
