//go:build linux

package lab

import (
	"fmt"
	"net"
	"net/netip"
	"sync"

	"golang.org/x/net/dns/dnsmessage"
)

// Names is a name server, for which every name stands for one address.
type Names struct {
	conn   net.PacketConn
	served sync.WaitGroup

	mu    sync.Mutex
	asked map[string]int
}

// Names starts a name server on the side, at port 53.
func (s *Side) Names() (*Names, error) {
	c, err := s.ListenPacket(net.JoinHostPort(s.Host, "53"))
	if err != nil {
		return nil, fmt.Errorf("start a name server: %w", err)
	}
	n := &Names{conn: c, asked: map[string]int{}}
	n.served.Go(func() { n.serve(netip.MustParseAddr(s.Host)) })
	return n, nil
}

func (n *Names) serve(ip netip.Addr) {
	b := make([]byte, 512)
	for {
		size, from, err := n.conn.ReadFrom(b)
		if err != nil {
			return
		}
		var m dnsmessage.Message
		if m.Unpack(b[:size]) != nil || len(m.Questions) != 1 {
			continue
		}
		q := m.Questions[0]
		n.mu.Lock()
		n.asked[q.Name.String()]++
		n.mu.Unlock()
		m.Response, m.Additionals = true, nil
		if q.Type == dnsmessage.TypeA {
			m.Answers = []dnsmessage.Resource{{
				Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class, TTL: 1},
				Body:   &dnsmessage.AResource{A: ip.As4()},
			}}
		}
		if out, err := m.Pack(); err == nil {
			_, _ = n.conn.WriteTo(out, from)
		}
	}
}

// Asked returns how often a name was asked for, which ends with a dot.
func (n *Names) Asked(name string) int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.asked[name]
}

// Close ends the server.
func (n *Names) Close() {
	_ = n.conn.Close()
	n.served.Wait()
}
