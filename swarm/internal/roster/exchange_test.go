package roster_test

import (
	"encoding/binary"
	"io"
	"net"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"github.com/warren-p2p/warren/internal/transport"
	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/peerwire/extension"
	"github.com/warren-p2p/warren/swarm/internal/greeting"
)

// meet lets a peer in that takes ut_pex and can be dialled at a port, and returns
// what it is told.
func (s *torrent) meet(id byte, port int) (net.Conn, <-chan extension.Pex) {
	s.t.Helper()
	near, far := net.Pipe()
	at := netip.AddrPortFrom(host(id), 50_000)
	m := greeting.Met{
		Stream: near, Kind: transport.Plain, Incoming: true, At: at, From: at,
		Theirs: peerwire.Handshake{Reserved: peerwire.Reserved{}.With(peerwire.CapExtended), InfoHash: s.id.Wire(), PeerID: [20]byte{id}},
	}
	if err := s.r.Join(m); err != nil {
		s.t.Fatal(err)
	}
	told := make(chan extension.Pex, 100)
	go func() {
		for {
			var size [4]byte
			if _, err := io.ReadFull(far, size[:]); err != nil {
				return
			}
			b := make([]byte, binary.BigEndian.Uint32(size[:]))
			if _, err := io.ReadFull(far, b); err != nil {
				return
			}
			if len(b) > 2 && peerwire.ID(b[0]) == peerwire.IDExtended && b[1] == 5 {
				if m, err := extension.ParsePex(b[2:]); err == nil {
					told <- m
				}
			}
		}
	}()
	hello := extension.Handshake{M: map[string]byte{extension.NamePex: 5}, P: port}
	if _, err := far.Write(peerwire.AppendExtended(nil, 0, hello.Append(nil))); err != nil {
		s.t.Fatal(err)
	}
	synctest.Wait()
	return far, told
}

// Peers are told of each other, and of who has left, where they can be dialled
// and never more than once a minute; whom they name is dialled.
func TestExchange(t *testing.T) {
	play(t, func(s *torrent) {
		s.r.Serve(t.Context())
		first, told := s.meet(1, 7001)
		second, _ := s.meet(2, 7002)
		_, _ = s.meet(3, 0) // cannot be dialled
		at := netip.AddrPortFrom(host(2), 7002)
		s.r.Tick(time.Now(), true)
		synctest.Wait()
		if m := <-told; len(m.Added) != 1 || m.Added[0].Addr != at || len(m.Dropped) != 0 {
			t.Errorf("the first was told %+v", m)
		}
		_ = second.Close()
		synctest.Wait()
		for range 6 {
			if len(told) > 0 {
				t.Error("told again within a minute")
			}
			time.Sleep(10 * time.Second)
			s.r.Tick(time.Now(), true)
			synctest.Wait()
		}
		if m := <-told; len(m.Added) != 0 || len(m.Dropped) != 1 || m.Dropped[0] != at {
			t.Errorf("the first was told %+v", m)
		}
		named := extension.PexPeer{Addr: netip.AddrPortFrom(host(8), 1)}
		if _, err := first.Write(peerwire.AppendExtended(nil, 1, extension.Pex{Added: []extension.PexPeer{named}}.Append(nil))); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if got := s.r.Candidates(); len(got) != 1 || got[0] != named.Addr {
			t.Errorf("candidates %v", got)
		}
	})
}
