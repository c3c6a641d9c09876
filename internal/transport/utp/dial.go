package utp

import (
	"context"
	"math/rand/v2"
	"net"
	"net/netip"

	"github.com/warren-p2p/warren/internal/transport/utp/stream"
)

// Dial connects to a peer.
func (s *Socket) Dial(ctx context.Context, to netip.AddrPort) (net.Conn, error) {
	c := newConn(s, netip.AddrPortFrom(to.Addr().Unmap(), to.Port()))
	if err := ctx.Err(); err != nil {
		return nil, opError("dial", c, err)
	}
	if err := s.start(c); err != nil {
		return nil, opError("dial", c, err)
	}
	stop := context.AfterFunc(ctx, func() { c.abort(context.Cause(ctx)) })
	err := c.awaitOpen()
	if !stop() && err == nil {
		err = context.Cause(ctx)
	}
	if err != nil {
		_ = c.Close()
		return nil, opError("dial", c, asNet(err))
	}
	return c, nil
}

// start gives a connection of ours a free id and sends its first packet.
func (s *Socket) start(c *Conn) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	s.mu.Lock()
	err := s.room()
	if err == nil {
		id := uint16(rand.Uint32())
		for s.conns[key{c.peer, id}] != nil {
			id++
		}
		c.s = stream.Dial(s.streams(), id, uint16(rand.Uint32()), s.cfg.Clock.Now())
		s.conns[key{c.peer, id}] = c
	}
	s.mu.Unlock()
	if err == nil {
		c.flush(s.cfg.Clock.Now())
	}
	return err
}

func (s *Socket) streams() stream.Config {
	return stream.Config{
		Epoch: s.epoch, Packet: stream.DefaultPacket, Probes: probes(),
		Receive: s.cfg.Window, Flight: s.cfg.Flight, Budget: s.budget,
	}
}
