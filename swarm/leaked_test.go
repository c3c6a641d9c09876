package swarm_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"github.com/warren-p2p/warren/btls"
	"github.com/warren-p2p/warren/internal/transport"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/create"
	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/swarm"
)

// outside is where outsiders are.
var outside = netip.MustParseAddr("10.200.0.1")

// leak is a torrent of level Strict whose info-hash an outsider knows, on one port
// with an ordinary torrent, by which each way in is shown to be one.
type leak struct {
	*world
	strict, plain *metainfo.Torrent
	bare          *metainfo.Torrent // strict, as an outsider has it
	content       tree
	seed          *node
	seen          *spy // what seed dials
}

// leaked runs an outsider's attempt in a world that prepare, if not nil, has
// something in before; it returns how the seed is started.
func leaked(t *testing.T, prepare func(*world) func(*swarm.Config), try func(*leak)) {
	synctest.Test(t, func(t *testing.T) {
		l := &leak{world: newWorld(t), content: sample(31, map[string]int{"secret.bin": 300_000})}
		ordinary := sample(32, map[string]int{"ordinary.bin": 300_000})
		var change func(*swarm.Config)
		if prepare != nil {
			change = prepare(l.world)
		}
		l.plain = ordinary.create(t, create.Hybrid, 64<<10)
		l.bare = l.content.create(t, create.Hybrid, 64<<10)
		l.strict = strictly(t, l.bare, 1)
		l.seed, l.seen = l.watched(change)
		for _, c := range []tree{l.content, ordinary} {
			c.write(t, l.seed.disk)
		}
		l.seed.add(l.plain, swarm.TLSPrefer)
		l.seed.wait(time.Minute)
		l.seed.add(l.strict, swarm.TLSPrefer)
		l.seed.wait(time.Minute)
		try(l)
		if n := l.seen.clear.Load(); n != 0 {
			t.Errorf("%d dials in clear", n)
		}
		l.seed.close()
	})
}

// greet sends the handshake of BEP 3 and returns what comes back.
func (l *leak) greet(c net.Conn, m *metainfo.Torrent) []byte { return l.greetAs(c, m, [20]byte{1}) }

func (l *leak) greetAs(c net.Conn, m *metainfo.Torrent, peerID [20]byte) []byte {
	defer c.Close()
	stop := time.AfterFunc(time.Minute, func() { c.Close() })
	defer stop.Stop()
	h := peerwire.Handshake{InfoHash: m.Hashes().V1, PeerID: peerID, Reserved: peerwire.Reserved{}.With(peerwire.CapExtended)}
	if _, err := c.Write(h.Append(nil)); err != nil {
		return nil
	}
	b := make([]byte, peerwire.HandshakeLen)
	n, _ := io.ReadFull(c, b)
	return b[:n]
}

// refused checks that the ordinary torrent answers and the strict one does not.
func (l *leak) refused(ordinary, strict []byte) {
	l.t.Helper()
	if len(ordinary) != peerwire.HandshakeLen {
		l.t.Errorf("the ordinary torrent answers with %d bytes", len(ordinary))
	}
	if len(strict) != 0 {
		l.t.Errorf("the strict torrent answers with %d bytes", len(strict))
	}
}

func TestLeakedHashPlain(t *testing.T) {
	leaked(t, nil, func(l *leak) {
		answer := func(m *metainfo.Torrent) []byte {
			c, err := l.net.Host(outside).Dial(context.Background(), l.seed.addr().String())
			if err != nil {
				t.Fatal(err)
			}
			return l.greet(c, m)
		}
		l.refused(answer(l.plain), answer(l.bare))
	})
}

func TestLeakedHashMSE(t *testing.T) {
	leaked(t, nil, func(l *leak) {
		answer := func(m *metainfo.Torrent) []byte {
			ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
			defer cancel()
			c, err := transport.DialMSE(ctx, l.net.Host(outside), l.seed.addr().String(), m.Hashes().V1)
			if err != nil {
				return nil
			}
			return l.greet(c, m)
		}
		l.refused(answer(l.plain), answer(l.bare))
	})
}

func TestLeakedHashBasic(t *testing.T) {
	leaked(t, nil, func(l *leak) {
		answer := func(m *metainfo.Torrent, a transport.Access) ([]byte, error) {
			h := m.Hashes()
			id := transport.ID{V1: h.V1, V2: h.V2, HasV1: true, HasV2: true, Access: a}
			c, err := transport.DialTLS(context.Background(), l.net.Host(outside), l.seed.addr().String(), id, btls.DialOptions{})
			if err != nil {
				return nil, err
			}
			return l.greet(c, m), nil
		}
		ordinary, err := answer(l.plain, transport.Access{})
		if err != nil {
			t.Error(err)
		}
		strict, err := answer(l.bare, transport.Access{})
		if !errors.Is(err, btls.ErrNotPeer) {
			t.Errorf("the strict torrent: %v", err)
		}
		l.refused(ordinary, strict)
		member := transport.Access{Level: btls.Strict, Secret: btls.Secret(l.strict.TLS.Secret)}
		if b, err := answer(l.strict, member); err != nil || len(b) != peerwire.HandshakeLen {
			t.Errorf("who has the secret gets %d bytes, %v", len(b), err)
		}
	})
}

// Over uTP the same port asks for the same, whatever a client tries.
func TestLeakedHashUTP(t *testing.T) {
	leaked(t, nil, func(l *leak) {
		for _, policy := range []swarm.TLSPolicy{swarm.TLSOff, swarm.TLSPrefer} {
			out := l.start(func(c *swarm.Config) { c.Carrier = swarm.UTPOnly })
			out.add(l.plain, policy, l.seed)
			out.wait(time.Minute)
			out.add(l.bare, policy, l.seed)
			l.stays(out)
			out.close()
		}
	})
}

// Whom members name, or who calls, is no member by that: nobody hears from them
// who else there is.
func TestLeakedHashPEX(t *testing.T) {
	leaked(t, nil, func(l *leak) {
		member := l.start(nil)
		member.add(l.strict, swarm.TLSPrefer, l.seed)
		member.wait(time.Minute)
		out := l.start(nil)
		out.add(l.bare, swarm.TLSPrefer, l.seed)
		l.seed.torrent.AddPeers(out.addr())
		member.torrent.AddPeers(out.addr())
		l.stays(out)
		for _, n := range []*node{l.seed, member} {
			for _, p := range n.torrent.Peers() {
				if p.Addr.Addr() == out.ip {
					t.Errorf("%v has the outsider as a peer", n.ip)
				}
			}
		}
		together(member.close, out.close)
	})
}

// stays checks that a node stays outside the strict torrent.
func (l *leak) stays(n *node) {
	l.t.Helper()
	for range 60 {
		time.Sleep(5 * time.Second)
		if p := n.torrent.Peers(); len(p) > 0 {
			l.t.Errorf("the outsider has peers: %+v", p)
			return
		}
	}
	if s := n.torrent.Status(); s.Received > 0 {
		l.t.Errorf("the outsider was sent %d bytes", s.Received)
	}
	if got, want := l.strict.InfoBytes, l.bare.InfoBytes; !bytes.Equal(got, want) {
		l.t.Error("these are two torrents: nothing was tested")
	}
}

// The local network hears nothing of it, and who asks there is not answered.
func TestLeakedHashLSD(t *testing.T) {
	air := &lan{cables: map[*cable]bool{}}
	join := func(c *swarm.Config) {
		at := netip.MustParseAddrPort(c.Listen)
		c.Policy = onLAN{c.Policy, air, at.Addr()}
	}
	leaked(t, func(*world) func(*swarm.Config) { return join }, func(l *leak) {
		ear := &cable{onLAN: onLAN{lan: air}, heard: make(chan said, 10000), closed: make(chan struct{})}
		air.mu.Lock()
		air.cables[ear] = true
		air.mu.Unlock()
		out := l.start(join)
		out.add(l.plain, swarm.TLSPrefer)
		out.wait(10 * time.Minute) // by LSD alone
		out.add(l.bare, swarm.TLSPrefer)
		l.stays(out)
		out.close()
		air.mu.Lock()
		delete(air.cables, ear)
		air.mu.Unlock()
		close(ear.heard)
		names := map[string]int{}
		for m := range ear.heard {
			if m.from != l.seed.ip {
				continue
			}
			for _, h := range []metainfo.InfoHashes{l.plain.Hashes(), l.bare.Hashes()} {
				for _, name := range []string{h.V1.String(), h.V2.String()[:40]} {
					names[name] += bytes.Count(bytes.ToLower(m.b), []byte(name))
				}
			}
		}
		if h := l.plain.Hashes(); names[h.V1.String()] == 0 {
			t.Error("the ordinary torrent was not announced: nothing was tested")
		}
		if h := l.bare.Hashes(); names[h.V1.String()]+names[h.V2.String()[:40]] > 0 {
			t.Error("the info-hash of the strict torrent was announced")
		}
	})
}
