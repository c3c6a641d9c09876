package utp

import (
	"errors"
	"maps"
	"net"
	"net/netip"
	"slices"
	"time"

	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/netpolicy/segment"
	"github.com/warren-p2p/warren/internal/transport/utp/aside"
	"github.com/warren-p2p/warren/internal/transport/utp/packet"
)

// read takes datagrams until the socket is closed.
func (s *Socket) read() {
	buf := make([]byte, segment.MaxBytes)
	for {
		n, size, from, err := s.udp.Read(buf)
		if err != nil {
			if isClosed(err) {
				return
			}
			if errors.Is(err, netpolicy.ErrDown) {
				s.drop(err)
				continue
			}
			// ICMP errors of connections that have ended, for one.
			s.cfg.Log.Debug("read from the UDP socket", "err", err)
			select {
			case <-s.done:
				return
			case <-time.After(time.Millisecond):
			}
			continue
		}
		if n > 0 {
			s.take(buf[:n], size, from)
		}
	}
}

// drop ends all connections without a packet.
func (s *Socket) drop(err error) {
	s.mu.Lock()
	list := slices.Collect(maps.Values(s.conns))
	s.mu.Unlock()
	for _, c := range list {
		c.mu.Lock()
		c.s.Drop(err)
		c.flush(s.cfg.Clock.Now())
		c.mu.Unlock()
	}
}

// take hands datagrams of one sender to whom they are for; who gets several is
// asked for answers once.
func (s *Socket) take(b []byte, size int, from netip.AddrPort) {
	now := s.cfg.Clock.Now()
	var last *Conn
	for len(b) > 0 {
		d := b[:min(size, len(b))]
		b = b[len(d):]
		if d[0] == 'd' { // a dictionary: a message of the DHT (BEP 5)
			s.other(from).Take(d, from)
			continue
		}
		h, payload, err := packet.Parse(d)
		if err != nil {
			continue
		}
		c := s.find(h, from)
		if c == nil {
			s.stranger(h, from, now)
			continue
		}
		if last != c && last != nil {
			last.finish(now)
		}
		if last != c {
			c.mu.Lock()
		}
		c.s.Handle(h, payload, now)
		last = c
	}
	if last != nil {
		last.finish(now)
	}
}

// find returns the connection a packet is for. A RESET may carry the id of
// either direction.
func (s *Socket) find(h packet.Header, from netip.AddrPort) *Conn {
	s.mu.Lock()
	defer s.mu.Unlock()
	if h.Type == packet.Syn {
		return s.conns[key{from, h.ConnID + 1}]
	}
	c := s.conns[key{from, h.ConnID}]
	if c != nil || h.Type != packet.Reset {
		return c
	}
	for _, id := range [2]uint16{h.ConnID + 1, h.ConnID - 1} {
		if c := s.conns[key{from, id}]; c != nil && c.sendID() == h.ConnID {
			return c
		}
	}
	return nil
}

// stranger answers a packet that is for nobody.
func (s *Socket) stranger(h packet.Header, from netip.AddrPort, now time.Time) {
	switch {
	case h.Type == packet.Syn:
		s.answer(h, from, now)
	case h.Type != packet.Reset && s.mayReset(now):
		r := packet.Header{Type: packet.Reset, ConnID: h.ConnID, Ack: h.Seq}
		var b [packet.HeaderLen]byte
		_ = s.udp.Write(r.Append(b[:0]), packet.HeaderLen, from) // it may be lost as well
	}
}

// resets bounds how many strangers are told that they are: a packet with a false
// address costs its victim one of ours, no longer than it was, and not without
// end.
type resets struct {
	at   time.Time
	left int
}

const resetsASecond = 50

func (s *Socket) mayReset(now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if now.Sub(s.resets.at) >= time.Second {
		s.resets = resets{now, resetsASecond}
	}
	s.resets.left--
	return s.resets.left >= 0
}

// Others returns the part of the socket that belongs to the DHT: it reads what
// begins with a 'd' and comes from IPv4 addresses or, if v6 is set, from others,
// and writes whatever it likes. Closing it leaves the socket open.
func (s *Socket) Others(v6 bool) net.PacketConn {
	o := s.others[0]
	if v6 {
		o = s.others[1]
	}
	o.Use()
	return o
}

func (s *Socket) other(from netip.AddrPort) *aside.Conn {
	if from.Addr().Is4() {
		return s.others[0]
	}
	return s.others[1]
}
