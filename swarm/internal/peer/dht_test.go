package peer_test

import (
	"net"
	"net/netip"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/swarm/internal/greeting"
	"github.com/warren-p2p/warren/swarm/internal/peer"
)

// A peer is told where our node is if it has one itself, and is heard once.
func TestPort(t *testing.T) {
	play(t, func(s *scene) {
		var heard []netip.AddrPort
		s.cfg.DHT = &peer.DHT{Port: 6881, Hear: func(a netip.AddrPort) { heard = append(heard, a) }}
		enter := func(more ...peerwire.Capability) (far net.Conn, end chan error) {
			near, far := net.Pipe()
			end = make(chan error, 1)
			r := peerwire.Reserved{}.With(peerwire.CapFast).With(more...)
			p := peer.New(&s.cfg, greeting.Met{
				Stream: near, From: netip.MustParseAddrPort("1.2.3.4:50000"), Theirs: peerwire.Handshake{Reserved: r},
			})
			p.Enter()
			go func() { end <- p.Run() }()
			return far, end
		}
		far, end := enter(peerwire.CapDHT)
		with := &scene{t: t, far: far}
		if got := with.until(peerwire.IDPort); !slices.Equal(got, []byte{0x1a, 0xe1}) {
			t.Errorf("our node is at %x", got)
		}
		go with.drain()
		with.send(peerwire.AppendPort(nil, 7000))
		with.send(peerwire.AppendPort(nil, 7001)) // who names one after the other aims us at them
		synctest.Wait()
		if want := []netip.AddrPort{netip.MustParseAddrPort("1.2.3.4:7000")}; !slices.Equal(heard, want) {
			t.Errorf("heard %v, want %v", heard, want)
		}
		_ = far.Close()
		<-end

		s.cfg.DHT = nil
		far, end = enter(peerwire.CapDHT)
		without := &scene{t: t, far: far}
		go without.drain()
		without.send(peerwire.AppendPort(nil, 7002)) // is of no consequence
		synctest.Wait()
		if len(heard) != 1 {
			t.Errorf("heard %v", heard)
		}
		_ = far.Close()
		<-end
	})
}
