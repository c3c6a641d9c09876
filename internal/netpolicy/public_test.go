package netpolicy_test

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"github.com/warren-p2p/warren/internal/netpolicy"
)

func TestIsPublic(t *testing.T) {
	for addr, want := range map[string]bool{
		"8.8.8.8": true, "1.0.0.1": true, "100.63.255.255": true, "100.128.0.0": true, "172.32.0.1": true,
		"2606:4700::1111": true, "2001:4860::1": true, "64:ff9b::8.8.8.8": true, "2002:808:808::1": true, "::ffff:8.8.8.8": true,

		"0.0.0.0": false, "0.1.2.3": false, "127.0.0.1": false, "127.255.0.1": false, "10.0.0.1": false,
		"172.16.0.1": false, "172.31.255.255": false, "192.168.1.1": false, "169.254.169.254": false,
		"100.64.0.1": false, "192.0.0.8": false, "192.0.2.1": false, "198.18.0.1": false, "198.19.255.255": false,
		"198.51.100.1": false, "203.0.113.1": false, "224.0.0.1": false, "239.255.255.250": false,
		"240.0.0.1": false, "255.255.255.255": false,
		"::": false, "::1": false, "fe80::1": false, "fe80::1%eth0": false, "fc00::1": false, "fd12::1": false,
		"fec0::1": false, "ff02::1": false, "2001:db8::1": false, "2001::1": false, "3fff::1": false,
		"::ffff:127.0.0.1": false, "::127.0.0.1": false, "::ffff:0:127.0.0.1": false,
		"64:ff9b::127.0.0.1": false, "64:ff9b::10.0.0.1": false, "64:ff9b:1::1": false,
		"2002:7f00:1::1": false, "2002:c0a8:101::1": false, "2606:4700::1%eth0": false,
	} {
		if got := netpolicy.IsPublic(netip.MustParseAddr(addr)); got != want {
			t.Errorf("%s: %v", addr, got)
		}
	}
	if netpolicy.IsPublic(netip.Addr{}) {
		t.Error("the invalid address is public")
	}
}

// rebinding answers with a public address first and with another one then.
type rebinding struct {
	netpolicy.Policy
	asked atomic.Int64
}

func (r *rebinding) Resolve(context.Context, string) ([]netip.Addr, error) {
	if r.asked.Add(1) == 1 {
		return []netip.Addr{netip.MustParseAddr("8.8.8.8")}, nil
	}
	return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
}

func TestPublicDialsWhatItChecked(t *testing.T) {
	m := netpolicy.NewMem()
	home, err := m.Listen(t.Context(), "127.0.0.1:80")
	if err != nil {
		t.Fatal(err)
	}
	defer home.Close()
	r := &rebinding{Policy: m}
	if c, err := (netpolicy.Public{Policy: r}).Dial(t.Context(), "tracker.example:80"); err == nil {
		t.Errorf("reached %v", c.RemoteAddr())
	}
	if r.asked.Load() != 1 {
		t.Errorf("looked up %d times", r.asked.Load())
	}
	for _, target := range []string{"127.0.0.1:80", "localhost:80", "[::ffff:127.0.0.1]:80"} {
		if _, err := (netpolicy.Public{Policy: m}).Dial(t.Context(), target); !errors.Is(err, netpolicy.ErrNotPublic) {
			t.Errorf("%s: %v", target, err)
		}
	}
}

func TestPublicTakesTheAddressThatAnswers(t *testing.T) {
	m := netpolicy.NewMem()
	there := netip.MustParseAddr("9.9.9.9")
	m.Name("tracker.example", netip.MustParseAddr("10.0.0.1"), netip.MustParseAddr("8.8.8.8"), there)
	l, err := m.Host(there).Listen(t.Context(), ":80")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	c, err := (netpolicy.Public{Policy: m}).Dial(t.Context(), "tracker.example:80")
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if got := c.RemoteAddr().String(); got != "9.9.9.9:80" {
		t.Errorf("reached %s", got)
	}
}

func TestPackets(t *testing.T) {
	each(t, func(t *testing.T, p netpolicy.Policy) {
		a, b := packets(t, p), packets(t, p)
		woken := make(chan error)
		go func() {
			_, _, err := a.ReadFrom(nil)
			woken <- err
		}()
		time.Sleep(time.Millisecond) // it may wait by then, or not yet: both must do
		if err := a.SetReadDeadline(time.Unix(1, 0)); err != nil {
			t.Fatal(err)
		}
		if err := <-woken; !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("a read that waited for another deadline: %v", err)
		}
		if _, err := a.WriteTo([]byte("hello"), b.LocalAddr()); err != nil {
			t.Fatal(err)
		}
		buf := make([]byte, 3)
		n, from, err := b.ReadFrom(buf)
		if err != nil || string(buf[:n]) != "hel" || from.String() != a.LocalAddr().String() {
			t.Errorf("%q from %v, %v", buf[:n], from, err)
		}
		if err := b.SetReadDeadline(time.Now().Add(10 * time.Millisecond)); err != nil {
			t.Fatal(err)
		}
		if _, _, err := b.ReadFrom(buf); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("the rest of the datagram came, or %v", err)
		}
		if err := b.Close(); err != nil {
			t.Fatal(err)
		}
		if _, _, err := b.ReadFrom(buf); !errors.Is(err, net.ErrClosed) {
			t.Errorf("read from a closed socket: %v", err)
		}
		if _, err := b.WriteTo(buf, a.LocalAddr()); !errors.Is(err, net.ErrClosed) {
			t.Errorf("write to a closed socket: %v", err)
		}
		if err := b.Close(); !errors.Is(err, net.ErrClosed) {
			t.Errorf("close twice: %v", err)
		}
	})
}

func packets(t *testing.T, p netpolicy.Policy) net.PacketConn {
	t.Helper()
	c, err := p.ListenPacket(t.Context(), "udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}
