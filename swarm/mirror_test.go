package swarm_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/create"
	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/swarm"
)

// Who shows us our own peer id, which an ordinary torrent tells, is taken for
// ourselves there, and gets no answer about a torrent that demands TLS.
func TestLeakedHashOurselves(t *testing.T) {
	leaked(t, nil, func(l *leak) {
		ours := [20]byte{1}
		answer := func(m *metainfo.Torrent) []byte {
			c, err := l.net.Host(outside).Dial(context.Background(), l.seed.addr().String())
			if err != nil {
				t.Fatal(err)
			}
			return l.greetAs(c, m, ours)
		}
		h, err := peerwire.ParseHandshake(answer(l.plain))
		if err != nil {
			t.Fatal(err)
		}
		ours = h.PeerID
		l.refused(answer(l.plain), answer(l.bare))
	})
}

// A torrent that sleeps is not woken by who comes in a way that it does not allow: how
// long that takes would tell that it is there.
func TestNotWoken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, ordinary := many(), sample(33, map[string]int{"ordinary.bin": 100_000})
		w := newWorld(t)
		l := &leak{world: w}
		s := newSleeper(w, c, swarm.Options{TLS: swarm.TLSRequire})
		m := ordinary.create(t, create.V1, 64<<10) // the port speaks in clear for it
		if _, err := s.session.Add(swarm.Options{Metainfo: m, Content: s.disk, TLS: swarm.TLSPrefer}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		s.expectAsleep(0)
		for _, about := range []*metainfo.Torrent{m, s.meta} {
			conn, err := l.net.Host(outside).Dial(context.Background(), s.addr().String())
			if err != nil {
				t.Fatal(err)
			}
			if n := len(l.greet(conn, about)); (n == 0) != (about == s.meta) {
				t.Errorf("%s answers with %d bytes", about.Info.Name, n)
			}
		}
		s.expectAsleep(0)
		s.close()
	})
}
