package netpolicy_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/netip"
	"os"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/warren-p2p/warren/internal/netpolicy"
)

// connect returns the two ends of a connection through p.
func connect(t *testing.T, p netpolicy.Policy) (near, far net.Conn) {
	t.Helper()
	l, err := p.Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if near, err = p.Dial(t.Context(), l.Addr().String()); err != nil {
		t.Fatal(err)
	}
	if far, err = l.Accept(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		near.Close()
		far.Close()
	})
	return near, far
}

// each runs a test on the machine's network and on the one in memory.
func each(t *testing.T, test func(*testing.T, netpolicy.Policy)) {
	t.Run("direct", func(t *testing.T) { test(t, netpolicy.Direct{}) })
	t.Run("mem", func(t *testing.T) { test(t, netpolicy.NewMem()) })
}

func TestTransfer(t *testing.T) {
	each(t, func(t *testing.T, p netpolicy.Policy) {
		near, far := connect(t, p)
		want := bytes.Repeat([]byte("0123456789abcdef"), 1<<16) // above any window
		sent := make(chan error, 1)
		go func() {
			_, err := near.Write(want)
			sent <- errors.Join(err, near.(interface{ CloseWrite() error }).CloseWrite())
		}()
		got, err := io.ReadAll(far)
		if err != nil || !bytes.Equal(got, want) {
			t.Fatalf("read %d bytes, %v", len(got), err)
		}
		if err := <-sent; err != nil {
			t.Fatal(err)
		}
		if _, err := far.Write([]byte("reply")); err != nil {
			t.Fatal("the other direction ended too:", err)
		}
		reply := make([]byte, 5)
		if _, err := io.ReadFull(near, reply); err != nil || string(reply) != "reply" {
			t.Errorf("read %q, %v", reply, err)
		}
	})
}

func TestAddresses(t *testing.T) {
	each(t, func(t *testing.T, p netpolicy.Policy) {
		near, far := connect(t, p)
		if near.LocalAddr().String() != far.RemoteAddr().String() ||
			near.RemoteAddr().String() != far.LocalAddr().String() {
			t.Errorf("%v→%v but %v→%v", near.LocalAddr(), near.RemoteAddr(), far.LocalAddr(), far.RemoteAddr())
		}
		if near.LocalAddr().(*net.TCPAddr).AddrPort() == near.RemoteAddr().(*net.TCPAddr).AddrPort() {
			t.Error("both ends have one address")
		}
	})
}

func TestClosed(t *testing.T) {
	each(t, func(t *testing.T, p netpolicy.Policy) {
		near, far := connect(t, p)
		if _, err := near.Write([]byte("last words")); err != nil {
			t.Fatal(err)
		}
		if err := near.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := near.Read(make([]byte, 1)); !errors.Is(err, net.ErrClosed) {
			t.Errorf("read after Close: %v", err)
		}
		if _, err := near.Write([]byte{1}); !errors.Is(err, net.ErrClosed) {
			t.Errorf("write after Close: %v", err)
		}
		if got, err := io.ReadAll(far); err != nil || string(got) != "last words" {
			t.Errorf("far end read %q, %v", got, err)
		}
	})
}

func TestRefused(t *testing.T) {
	each(t, func(t *testing.T, p netpolicy.Policy) {
		l, err := p.Listen(t.Context(), "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Listen(t.Context(), l.Addr().String()); !errors.Is(err, syscall.EADDRINUSE) {
			t.Errorf("listen twice: %v", err)
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := l.Accept(); !errors.Is(err, net.ErrClosed) {
			t.Errorf("accept after Close: %v", err)
		}
		if _, err := p.Dial(t.Context(), l.Addr().String()); !errors.Is(err, syscall.ECONNREFUSED) {
			t.Errorf("dial a closed listener: %v", err)
		}
		for _, bad := range []string{"", "127.0.0.1", "127.0.0.1:x", "127.0.0.1:99999"} {
			if _, err := p.Dial(t.Context(), bad); err == nil {
				t.Errorf("dialled %q", bad)
			}
			if _, err := p.Listen(t.Context(), bad); err == nil && bad != "" {
				t.Errorf("listened on %q", bad)
			}
		}
	})
}

func TestPassedDeadline(t *testing.T) {
	each(t, func(t *testing.T, p netpolicy.Policy) {
		near, _ := connect(t, p)
		if err := near.SetDeadline(time.Unix(1, 0)); err != nil {
			t.Fatal(err)
		}
		if _, err := near.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("read: %v", err)
		}
		if _, err := near.Write(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("write: %v", err)
		}
		if err := near.SetDeadline(time.Time{}); err != nil {
			t.Fatal(err)
		}
		if _, err := near.Write(make([]byte, 1)); err != nil {
			t.Errorf("write without deadline: %v", err)
		}
	})
}

// TestMemDeadlines runs in virtual time: a waiting call ends when it should.
func TestMemDeadlines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		near, far := connect(t, netpolicy.NewMem())
		start := time.Now()
		near.SetReadDeadline(start.Add(time.Hour))
		near.SetReadDeadline(start.Add(time.Second)) // replaces the first
		if _, err := near.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("read: %v", err)
		}
		if waited := time.Since(start); waited != time.Second {
			t.Errorf("waited %v", waited)
		}
		near.SetWriteDeadline(start.Add(3 * time.Second))
		n, err := near.Write(make([]byte, 1<<20))
		if n <= 0 || n >= 1<<20 || !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("write into a full window = %d, %v", n, err)
		}
		if waited := time.Since(start); waited != 3*time.Second {
			t.Errorf("waited %v", waited)
		}
		time.AfterFunc(time.Second, func() { far.Close() })
		near.SetDeadline(time.Time{})
		if _, err := near.Write(make([]byte, 1)); !errors.Is(err, syscall.ECONNRESET) {
			t.Errorf("write to a closed end: %v", err)
		}
	})
}

func TestMemHosts(t *testing.T) {
	m := netpolicy.NewMem()
	a := m.Host(netip.MustParseAddr("10.0.0.1"))
	b := m.Host(netip.MustParseAddr("10.0.0.2"))
	var listeners []net.Listener
	for _, h := range []netpolicy.Policy{a, b} {
		l, err := h.Listen(t.Context(), ":6881") // the same port, another host
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		listeners = append(listeners, l)
	}
	c, err := a.Dial(t.Context(), "10.0.0.2:6881")
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	far, err := listeners[1].Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer far.Close()
	if ip := far.RemoteAddr().(*net.TCPAddr).AddrPort().Addr(); ip.String() != "10.0.0.1" {
		t.Errorf("came from %v", ip)
	}
}

func TestMemFullBacklog(t *testing.T) {
	m := netpolicy.NewMem()
	l, err := m.Listen(t.Context(), "127.0.0.1:6881")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var waiting []net.Conn
	for range 128 {
		c, err := m.Dial(ctx, "127.0.0.1:6881")
		if err != nil {
			t.Fatal(err)
		}
		waiting = append(waiting, c)
	}
	cancel()
	if _, err := m.Dial(ctx, "127.0.0.1:6881"); !errors.Is(err, context.Canceled) {
		t.Errorf("dial into a full backlog: %v", err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	for _, c := range waiting {
		if _, err := c.Read(make([]byte, 1)); err != io.EOF {
			t.Fatalf("a connection nobody accepted: %v", err)
		}
	}
}
