package netpolicy_test

import (
	"errors"
	"net"
	"os"
	"testing"
	"time"

	"github.com/warren-p2p/warren/internal/netpolicy"
)

func packet(t *testing.T, p netpolicy.Policy, addr string) net.PacketConn {
	t.Helper()
	c, err := p.ListenPacket(t.Context(), "udp4", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func TestPacketDeadlines(t *testing.T) {
	each(t, func(t *testing.T, p netpolicy.Policy) {
		c := packet(t, p, "127.0.0.1:0")
		for _, wait := range []time.Duration{-time.Second, 5 * time.Millisecond} {
			if err := c.SetReadDeadline(time.Now().Add(wait)); err != nil {
				t.Fatal(err)
			}
			if _, _, err := c.ReadFrom(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
				t.Errorf("read: %v", err)
			}
		}
		if err := c.SetDeadline(time.Time{}); err != nil {
			t.Fatal(err)
		}
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
		if _, _, err := c.ReadFrom(make([]byte, 1)); !errors.Is(err, net.ErrClosed) {
			t.Errorf("read after Close: %v", err)
		}
		if _, err := c.WriteTo([]byte{1}, c.LocalAddr()); !errors.Is(err, net.ErrClosed) {
			t.Errorf("write after Close: %v", err)
		}
	})
}

// TestPacketFlood shows that what nobody reads is lost, and takes no memory.
func TestPacketFlood(t *testing.T) {
	m := netpolicy.NewMem()
	a, b := packet(t, m, ":0"), packet(t, m, ":0")
	for range 10_000 {
		if _, err := a.WriteTo([]byte("flood"), b.LocalAddr()); err != nil {
			t.Fatal(err)
		}
	}
	b.SetReadDeadline(time.Now().Add(10 * time.Millisecond))
	n := 0
	for ; ; n++ {
		if _, _, err := b.ReadFrom(make([]byte, 8)); err != nil {
			break
		}
	}
	if n == 0 || n > 256 {
		t.Errorf("%d packets were kept", n)
	}
}
