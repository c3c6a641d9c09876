package udp_test

import (
	"errors"
	"math/rand/v2"
	"net"
	"net/netip"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/tracker"
	"github.com/warren-p2p/warren/tracker/message"
	"github.com/warren-p2p/warren/tracker/server"
	"github.com/warren-p2p/warren/tracker/server/peerstore/memory"
	"github.com/warren-p2p/warren/tracker/server/udp"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func open(t *testing.T, p netpolicy.Policy, network, addr string, workers int) (*server.Tracker, *udp.Server, net.Addr) {
	c, err := p.ListenPacket(t.Context(), network, addr)
	if err != nil {
		t.Fatal(err)
	}
	tr := server.New(server.Config{Store: memory.New(memory.Config{})})
	at := c.LocalAddr()
	return tr, udp.Serve(udp.Config{Tracker: tr, Clock: clock.System{}, Key: [16]byte{1}, Workers: workers}, c), at
}

// Our client finds peers, through sockets in memory and of the machine.
func TestClient(t *testing.T) {
	t.Run("mem", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			world := netpolicy.NewMem()
			host := func(ip string) netpolicy.Policy { return world.Host(netip.MustParseAddr(ip)) }
			_, s, _ := open(t, host("9.9.9.9"), "udp", ":6969", 2)
			meet(t, "udp://9.9.9.9:6969/announce", host("8.8.8.8"), host("8.8.4.4"), "8.8.8.8:1000")
			meet(t, "udp://[2001:4860::1]:6969", host("8.8.8.8"), host("8.8.4.4"), "")
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
	})
	t.Run("direct", func(t *testing.T) {
		_, s, at := open(t, netpolicy.Direct{}, "udp4", "127.0.0.1:0", 1)
		meet(t, "udp://"+at.String(), netpolicy.Direct{}, netpolicy.Direct{}, "127.0.0.1:1000")
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
}

// patience is longer than a datagram takes that is lost twice (BEP 15).
const patience = time.Minute

// meet announces a peer and asks for it from elsewhere.
func meet(t *testing.T, url string, first, second netpolicy.Policy, want string) {
	t.Helper()
	for i, p := range []netpolicy.Policy{first, second} {
		c := tracker.New(tracker.Config{Policy: p, Clock: clock.System{}, Timeout: patience})
		r, err := c.Announce(t.Context(), tracker.Target{URL: url, Typed: true}, tracker.Request{
			InfoHash: [20]byte{1}, Port: uint16(1000 + i), Left: 1, NumWant: 50, Event: message.Started,
		})
		switch {
		case want == "":
			if err == nil {
				t.Errorf("%s answers", url)
			}
		case err != nil:
			t.Errorf("announce: %v", err)
		case i == 1 && (len(r.Peers) != 1 || r.Peers[0].String() != want):
			t.Errorf("peers %v", r.Peers)
		}
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	}
}

// A flood of garbage, of forged ids and of requests that are cut short keeps nobody
// from being served, and gets no more bytes than it has.
func TestFlood(t *testing.T) {
	tr, s, at := open(t, netpolicy.Direct{}, "udp4", "127.0.0.1:0", 1)
	c, err := netpolicy.Direct{}.ListenPacket(t.Context(), "udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	chance := rand.NewChaCha8([32]byte{1})
	sent := 0
	for i := range 20_000 {
		b := make([]byte, i%200)
		_, _ = chance.Read(b)
		switch i % 4 {
		case 0:
			b = message.AppendConnect(nil, uint32(i))
		case 1:
			b = message.AppendAnnounce(nil, chance.Uint64(), uint32(i), &message.Request{Port: 1}, "")
		case 2:
			b = message.AppendAnnounce(nil, chance.Uint64(), uint32(i), &message.Request{Port: 1}, "")[:20+i%78]
		}
		sent += len(b)
		if _, err := c.WriteTo(b, at); err != nil {
			t.Fatal(err)
		}
	}
	got, more := settle(t, c, at)
	if got > sent+more {
		t.Errorf("%d bytes came back for %d", got, sent+more)
	}
	meet(t, "udp://"+at.String(), netpolicy.Direct{}, netpolicy.Direct{}, "127.0.0.1:1000")
	if got := tr.Stats(); got.AnnouncesUDP != 2 || got.Ignored == 0 {
		t.Errorf("%+v", got)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// settle asks until it is answered, so that all before has been read, and counts the
// bytes that come and those that it sends.
func settle(t *testing.T, c net.PacketConn, at net.Addr) (got, sent int) {
	last := message.AppendConnect(nil, 1<<31)
	b := make([]byte, 2048)
	for end := time.Now().Add(patience); time.Now().Before(end); {
		if _, err := c.WriteTo(last, at); err != nil {
			t.Fatal(err)
		}
		sent += len(last)
		if err := c.SetReadDeadline(time.Now().Add(50 * time.Millisecond)); err != nil {
			t.Fatal(err)
		}
		for {
			n, _, err := c.ReadFrom(b)
			if errors.Is(err, os.ErrDeadlineExceeded) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			got += n
			if id, ok := message.Transaction(b[:n]); ok && id == 1<<31 {
				return got, sent
			}
		}
	}
	t.Fatal("the tracker does not answer any more")
	return got, sent
}
