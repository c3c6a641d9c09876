package carrier

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/netip"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/netpolicy"
)

// scripted is a carrier that takes its time.
type scripted struct {
	network string
	after   time.Duration
	err     error
	dials   atomic.Int64
}

type fake struct {
	net.Conn
	s *scripted
}

func (f fake) Close() error { return nil }

func (f fake) RemoteAddr() net.Addr {
	if f.s.network == "udp" {
		return &net.UDPAddr{}
	}
	return &net.TCPAddr{}
}

func (s *scripted) Dial(ctx context.Context, _ string) (net.Conn, error) {
	s.dials.Add(1)
	select {
	case <-time.After(s.after):
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	if s.err != nil {
		return nil, s.err
	}
	return fake{s: s}, nil
}

var errNo = errors.New("refused")

func TestRace(t *testing.T) {
	for name, c := range map[string]*struct {
		tcp, utp scripted
		want     string // carrier, or "" for the error of TCP
		took     time.Duration
		utpDials int64
	}{
		"TCP is quick":          {scripted{after: 200 * time.Millisecond}, scripted{}, "tcp", 200 * time.Millisecond, 0},
		"TCP is slow":           {scripted{after: time.Hour}, scripted{after: time.Second}, "utp", headStart + time.Second, 1},
		"TCP is refused":        {scripted{err: errNo}, scripted{after: time.Second}, "utp", time.Second, 1},
		"both are refused":      {scripted{err: errNo}, scripted{err: errors.New("other")}, "", 0, 1},
		"nobody there":          {scripted{err: errNo}, scripted{after: time.Hour}, "", afterRefusal, 1},
		"TCP wins in the end":   {scripted{after: 2 * time.Second}, scripted{after: time.Hour}, "tcp", 2 * time.Second, 1},
		"uTP fails, TCP stands": {scripted{after: time.Second}, scripted{err: errNo}, "tcp", time.Second, 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c.tcp.network, c.utp.network = "tcp", "udp"
				r := &race{tcp: &c.tcp, utp: &c.utp, failed: map[string]int{}}
				start := time.Now()
				conn, err := r.Dial(t.Context(), "peer:1")
				if took := time.Since(start); took != c.took || c.utp.dials.Load() != c.utpDials {
					t.Errorf("took %v and %d dials over uTP", took, c.utp.dials.Load())
				}
				if c.want == "" {
					if !errors.Is(err, errNo) {
						t.Errorf("error %v", err)
					}
				} else if err != nil || Over(conn) != c.want {
					t.Errorf("%v, %v", conn, err)
				}
			})
		})
	}
}

// Where handshakes over TCP fail uTP is tried first, until TCP succeeds.
func TestDoubt(t *testing.T) {
	tcp, utp := &scripted{network: "tcp"}, &scripted{network: "udp"}
	r := &race{tcp: tcp, utp: utp, failed: map[string]int{}}
	dial := func(want string) net.Conn {
		t.Helper()
		c, err := r.Dial(t.Context(), "peer:1")
		if err != nil || Over(c) != want {
			t.Fatalf("%v over %s, want %s", err, Over(c), want)
		}
		return c
	}
	for range doubtful {
		Shook(r, "peer:1", dial("tcp"), errNo)
	}
	Shook(r, "peer:1", dial("utp"), errNo)
	dial("utp")
	Shook(r, "peer:1", fake{s: tcp}, nil)
	dial("tcp")
	r.PreferUTP("peer:1")
	dial("utp")
	for i := range 3 * maxDoubts {
		r.PreferUTP(netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 0, byte(i >> 8), byte(i)}), 1).String())
	}
	if len(r.failed) > maxDoubts {
		t.Errorf("%d addresses are remembered", len(r.failed))
	}
}

// Both carriers have one port number.
func TestOpen(t *testing.T) {
	for _, choice := range []Choice{TCPAndUTP, TCPOnly, UTPOnly} {
		cfg := Config{Choice: choice, Policy: netpolicy.Direct{}, Clock: clock.System{}, Log: slog.New(slog.DiscardHandler)}
		p, err := Open(t.Context(), "127.0.0.1:0", cfg)
		if err != nil {
			t.Fatal(err)
		}
		if (p.TCP != nil) != (choice != UTPOnly) || (p.UTP != nil) != (choice != TCPOnly) {
			t.Errorf("%d: %+v", choice, p)
		}
		if choice == TCPAndUTP && p.TCP.Addr().(*net.TCPAddr).Port != p.UTP.Addr().(*net.UDPAddr).Port {
			t.Errorf("%v and %v", p.TCP.Addr(), p.UTP.Addr())
		}
		if _, ok := p.Addr().(*net.TCPAddr); !ok {
			t.Errorf("%d: at %v", choice, p.Addr())
		}
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	}
}

// What leaves by the UDP port unasked is told of: dials over uTP, and what the DHT
// sends.
func TestSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var to []netip.Addr
		cfg := Config{
			Policy: netpolicy.NewMem(), Clock: clock.System{}, Log: slog.New(slog.DiscardHandler),
			Sent: func(a netip.Addr) { to = append(to, a) },
		}
		p, err := Open(t.Context(), "127.0.0.1:0", cfg)
		if err != nil {
			t.Fatal(err)
		}
		defer p.Close()
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if _, err := (overUTP{p}).Dial(ctx, "8.8.8.8:1"); err == nil {
			t.Error("somebody is there")
		}
		if _, err := p.Others(false).WriteTo([]byte("d"), net.UDPAddrFromAddrPort(netip.MustParseAddrPort("9.9.9.9:1"))); err != nil {
			t.Error(err)
		}
		if want := []netip.Addr{netip.MustParseAddr("8.8.8.8"), netip.MustParseAddr("9.9.9.9")}; !slices.Equal(to, want) {
			t.Errorf("sent to %v, want %v", to, want)
		}
	})
}
