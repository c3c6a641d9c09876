package peer_test

import (
	"errors"
	"io"
	"net/netip"
	"testing"
	"testing/synctest"

	"github.com/warren-p2p/warren/internal/transport"
	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/peerwire/extension"
	"github.com/warren-p2p/warren/swarm/internal/conns/hint"
	"github.com/warren-p2p/warren/swarm/internal/greeting"
	"github.com/warren-p2p/warren/swarm/internal/pex"
)

func another() extension.PexPeer {
	return extension.PexPeer{Addr: netip.MustParseAddrPort("81.2.3.4:6881"), Flags: extension.PexTLS}
}

// exchange makes the peer one that speaks ut_pex, and returns the id under which
// it takes that from us, 0 if it does not.
func (s *scene) exchange() byte {
	s.t.Helper()
	_, msg, err := peerwire.ParseExtended(s.until(peerwire.IDExtended))
	if err != nil {
		s.t.Fatal(err)
	}
	ours, err := extension.ParseHandshake(msg)
	if err != nil {
		s.t.Fatal(err)
	}
	hello := extension.Handshake{M: map[string]byte{extension.NamePex: 9}, P: 7000}
	s.send(peerwire.AppendExtended(nil, 0, hello.Append(nil)))
	synctest.Wait()
	return ours.M[extension.NamePex]
}

// Peers tell us of others and are told, unless the torrent is private (BEP 27).
func TestExchange(t *testing.T) {
	play(t, func(s *scene) {
		id := s.exchange()
		if id == 0 {
			t.Fatal("we do not take ut_pex")
		}
		payload := extension.Pex{Added: []extension.PexPeer{another()}}.Append(nil)
		s.send(peerwire.AppendExtended(nil, id, payload))
		synctest.Wait()
		if len(s.owner.heard) != 1 || s.owner.heard[0] != (hint.Hint{Addr: another().Addr, TLS: true}) {
			t.Errorf("heard of %v", s.owner.heard)
		}
		tell := func(netip.Addr, netip.AddrPort) (extension.Pex, bool) {
			return extension.Pex{Added: []extension.PexPeer{another()}}, true
		}
		s.p.TellPex(tell)
		id, msg, err := peerwire.ParseExtended(s.until(peerwire.IDExtended))
		if got, bad := extension.ParsePex(msg); err != nil || bad != nil || id != 9 || len(got.Added) != 1 {
			t.Errorf("extended message %d: %+v, %v, %v", id, got, err, bad)
		}

		s.owner.heard = nil
		s.cfg.Content.Meta.Info.Private = true
		private := *s
		private.end = make(chan error, 1)
		private.enter()
		if id := private.exchange(); id != 0 {
			t.Errorf("we take ut_pex as %d", id)
		}
		private.send(peerwire.AppendExtended(nil, 1, payload))
		private.p.TellPex(func(netip.Addr, netip.AddrPort) (extension.Pex, bool) {
			t.Error("a private torrent's peers are told of each other")
			return extension.Pex{}, false
		})
		if _, ok := private.p.Contact(); ok {
			t.Error("a private torrent's peer is passed on")
		}
		synctest.Wait()
		if len(s.owner.heard) != 0 {
			t.Errorf("heard of %v", s.owner.heard)
		}
		_ = private.far.Close()
		<-private.end
	})
}

// A peer that floods us with addresses is out.
func TestExchangeFlood(t *testing.T) {
	play(t, func(s *scene) {
		id := s.exchange()
		go func() { _, _ = io.Copy(io.Discard, s.far) }()
		for range 20 {
			if _, err := s.far.Write(peerwire.AppendExtended(nil, id, extension.Pex{}.Append(nil))); err != nil {
				break
			}
		}
		err := <-s.end
		if !errors.Is(err, pex.ErrFlood) {
			t.Errorf("it ended with %v", err)
		}
		s.end <- err
	})
}

// Others are told of TLS where the peer was reached by it, or has said that it takes
// it there.
func TestContactTLS(t *testing.T) {
	for name, c := range map[string]struct {
		met  greeting.Met
		says extension.Handshake
		want extension.PexFlags
	}{
		"dialled over TLS":           {greeting.Met{Kind: transport.TLS}, extension.Handshake{}, extension.PexTLS},
		"dialled, it says so":        {greeting.Met{Kind: transport.MSE}, extension.Handshake{TLS: extension.TLS{V: 1}}, extension.PexTLS},
		"dialled, at another port":   {greeting.Met{Kind: transport.MSE}, extension.Handshake{TLS: extension.TLS{V: 1, P: 443}}, 0},
		"dialled in clear":           {greeting.Met{Kind: transport.MSE}, extension.Handshake{P: 7000}, 0},
		"called over TLS":            {greeting.Met{Kind: transport.TLS, Incoming: true}, extension.Handshake{P: 7000}, 0},
		"called, it says so":         {greeting.Met{Kind: transport.Plain, Incoming: true}, extension.Handshake{P: 7000, TLS: extension.TLS{V: 1}}, extension.PexTLS},
		"called, with TLS at a port": {greeting.Met{Kind: transport.Plain, Incoming: true}, extension.Handshake{P: 7000, TLS: extension.TLS{V: 1, P: 443}}, extension.PexTLS},
	} {
		play(t, func(s *scene) {
			at := netip.MustParseAddrPort("81.2.3.4:6881")
			one := *s
			one.end = make(chan error, 1)
			one.owner = &owner{}
			c.met.At, c.met.From = at, at
			one.enterAs(c.met)
			go one.drain()
			one.send(peerwire.AppendExtended(nil, 0, c.says.Append(nil)))
			synctest.Wait()
			got, ok := one.p.Contact()
			if !ok || got.Flags&extension.PexTLS != c.want {
				t.Errorf("%s: %+v, %t", name, got, ok)
			}
			_ = one.far.Close()
			<-one.end
		})
	}
}
