package transport

import (
	"bytes"
	"context"
	"crypto/tls"
	"log/slog"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/warren-p2p/warren/btls"
	"github.com/warren-p2p/warren/internal/netpolicy"
)

// spread is a policy whose listener sees each connection come from a network
// of its own, as in a flood from many places.
type spread struct{ netpolicy.Direct }

func (s spread) Listen(ctx context.Context, addr string) (net.Listener, error) {
	l, err := s.Direct.Listen(ctx, addr)
	return &spreadListener{Listener: l}, err
}

type spreadListener struct {
	net.Listener
	n byte
}

func (l *spreadListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	l.n++
	return &spreadConn{c, netip.AddrFrom4([4]byte{10, 0, l.n, 1})}, nil
}

type spreadConn struct {
	net.Conn
	from netip.Addr
}

func (c *spreadConn) RemoteAddr() net.Addr {
	return net.TCPAddrFromAddrPort(netip.AddrPortFrom(c.from, 1))
}

// silent opens n connections that say nothing.
func silent(t *testing.T, p *Port, n int) []net.Conn {
	t.Helper()
	conns := make([]net.Conn, n)
	for i := range conns {
		c, err := net.Dial("tcp", p.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		conns[i] = c
	}
	return conns
}

func TestOneNetworkCannotTakeAllHandshakes(t *testing.T) {
	p, _ := listen(t, func(c *Config) { c.Handshakes, c.NetworkHandshakes, c.HandshakeTimeout = 4, 2, time.Hour })
	conns := silent(t, p, 10)
	eventually(t, "excess is closed", func() bool {
		closed := 0
		for _, c := range conns {
			if isClosed(c) {
				closed++
			}
		}
		return closed == 8
	})
	if n := p.slots.InUse(); n > 2 {
		t.Errorf("%d handshakes under way", n)
	}
}

// A flood from everywhere runs at most as many handshakes as allowed; the rest
// waits outside and is served as soon as there is room.
func TestFloodWaitsInTheKernel(t *testing.T) {
	p, e := listen(t, func(c *Config) { c.Policy, c.Handshakes, c.HandshakeTimeout = spread{}, 3, time.Hour })
	flood := silent(t, p, 20)
	eventually(t, "slots are taken", func() bool { return p.slots.InUse() == 3 })
	started := make(chan struct{})
	result := make(chan error)
	go func() {
		close(started)
		c, err := DialTLS(t.Context(), direct, p.Addr().String(), v1, btls.DialOptions{})
		if err == nil {
			c.Close()
		}
		result <- err
	}()
	<-started
	if n := len(e.all()); n != 0 {
		t.Fatalf("%d peers while all slots are taken", n)
	}
	if n := p.slots.InUse(); n > 3 {
		t.Errorf("%d handshakes under way, want at most 3", n)
	}
	for _, c := range flood {
		c.Close()
	}
	if err := <-result; err != nil {
		t.Errorf("after the flood: %v", err)
	}
}

func TestHandshakeTimeout(t *testing.T) {
	p, e := listen(t, func(c *Config) { c.HandshakeTimeout = 30 * time.Millisecond })
	for _, first := range []string{"", "\x13BitTor", "\x16\x03\x01\x02\x00\x01\x00", "noise, but not enough of it"} {
		c := silent(t, p, 1)[0]
		c.Write([]byte(first))
		eventually(t, "connection that began with "+first+" is closed", func() bool { return isClosed(c) })
	}
	if n := len(e.all()); n != 0 {
		t.Errorf("%d peers", n)
	}
	if n := p.slots.InUse(); n != 0 {
		t.Errorf("%d slots are still taken", n)
	}
}

// Visitors that hold connections open make room for newcomers.
func TestVisitorsAreBounded(t *testing.T) {
	p, _ := listen(t, func(c *Config) { c.VisitorsKept = 3 })
	var idle []*tls.Conn
	for range 6 {
		c, err := tls.Dial("tcp", p.Addr().String(), &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"http/1.1"}})
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		idle = append(idle, c)
	}
	// Which three are the oldest is decided where handshakes end: at the port.
	eventually(t, "three are closed", func() bool {
		closed := 0
		for _, c := range idle {
			if isClosed(c) {
				closed++
			}
		}
		return closed == 3
	})
	if n := p.visitors.Count(); n > 3 {
		t.Errorf("%d visitors kept, want at most 3", n)
	}
	c, err := DialTLS(t.Context(), direct, p.Addr().String(), v1, btls.DialOptions{})
	if err != nil {
		t.Fatal(err)
	}
	talk(t, c, TLS, "x")
}

// Close ends connections in every state and waits; goleak checks in TestMain
// that it did.
func TestCloseWithConnectionsInEveryState(t *testing.T) {
	p, e := listen(t, nil)
	silent(t, p, 3)
	if _, err := silent(t, p, 1)[0].Write([]byte("noise that passes for the start of a key")); err != nil {
		t.Fatal(err)
	}
	for _, proto := range []string{"h2", "http/1.1"} {
		c, err := tls.Dial("tcp", p.Addr().String(), &tls.Config{InsecureSkipVerify: true, NextProtos: []string{proto}})
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
	}
	peer, err := DialTLS(t.Context(), direct, p.Addr().String(), v1, btls.DialOptions{})
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, "peer is handed over", func() bool { return len(e.all()) == 1 })
	if err := p.Close(); err != nil {
		t.Error(err)
	}
	if n := p.visitors.Count(); n != 0 {
		t.Errorf("%d visitors after Close", n)
	}
	if _, err := net.Dial("tcp", p.Addr().String()); err == nil {
		t.Error("port is still open")
	}
	talk(t, peer, TLS, "a peer that was handed over stays")
	if err := p.Close(); err != nil {
		t.Errorf("second Close: %v", err)
	}
}

// What strangers do may be logged, who they are may not.
func TestLogShowsNoAddresses(t *testing.T) {
	var out syncBuffer
	p, _ := listen(t, func(c *Config) {
		c.HandshakeTimeout = 20 * time.Millisecond
		c.Log = slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	silent(t, p, 2)
	c := silent(t, p, 1)[0]
	c.Write([]byte("\x16\x03\x01\x00\x05\x01nonsense"))
	c.(*net.TCPConn).SetLinger(0)
	c.Close()
	eventually(t, "three lines are logged", func() bool { return strings.Count(out.String(), "\n") == 3 })
	if strings.Contains(out.String(), "127.0.0.1") {
		t.Errorf("the log shows an address:\n%s", out.String())
	}
}

type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}
