package utp_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"net/netip"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/netpolicy/impair"
	"github.com/warren-p2p/warren/internal/transport/utp"
)

func socket(t testing.TB, cfg utp.Config) *utp.Socket {
	t.Helper()
	udp, err := netpolicy.Direct{}.ListenPacket(t.Context(), "udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := utp.New(udp, cfg)
	t.Cleanup(func() { s.Close() })
	return s
}

func at(s *utp.Socket) netip.AddrPort { return s.Addr().(*net.UDPAddr).AddrPort() }

// pair returns the ends of a connection; the one that dialled has said a byte.
func pair(t testing.TB, a, b *utp.Socket, to netip.AddrPort) (dialled, accepted net.Conn) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	near, err := a.Dial(ctx, to)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := near.Write([]byte{1}); err != nil {
		t.Fatal(err)
	}
	far, err := b.Accept()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(far, make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		near.Close()
		far.Close()
	})
	return near, far
}

// send moves n bytes from one end to the other and compares them.
func send(t testing.TB, from, to net.Conn, n int64) time.Duration {
	t.Helper()
	sent := make(chan [32]byte, 1)
	go func() {
		h, r := sha256.New(), rand.NewChaCha8([32]byte{1})
		_, err := io.CopyBuffer(io.MultiWriter(struct{ io.Writer }{from}, h), io.LimitReader(r, n), make([]byte, 64<<10))
		if err != nil {
			t.Error(err)
		}
		from.Close()
		sent <- [32]byte(h.Sum(nil))
	}()
	start := time.Now()
	h := sha256.New()
	got, err := io.CopyBuffer(struct{ io.Writer }{h}, struct{ io.Reader }{to}, make([]byte, 64<<10))
	took := time.Since(start)
	if want := <-sent; err != nil || got != n || [32]byte(h.Sum(nil)) != want {
		t.Fatalf("%d of %d bytes came, or others: %v", got, n, err)
	}
	return took
}

func TestTransfer(t *testing.T) {
	a, b := socket(t, utp.Config{}), socket(t, utp.Config{})
	near, far := pair(t, a, b, at(b))
	took := send(t, near, far, 64<<20)
	t.Logf("%.0f Mbit/s", 64*8*1.048576/took.Seconds())
	near, far = pair(t, a, b, at(b))
	send(t, far, near, 1<<20)
}

// Over a link that is long, fast and loses packets.
func TestLossyLink(t *testing.T) {
	a, b := socket(t, utp.Config{}), socket(t, utp.Config{})
	l := impair.Link{Delay: 20 * time.Millisecond, Rate: 100e6, Loss: 0.005, Seed: 1}
	relay, err := impair.Listen(at(b), l, l)
	if err != nil {
		t.Fatal(err)
	}
	defer relay.Close()
	near, far := pair(t, a, b, relay.Addr())
	took := send(t, near, far, 8<<20)
	t.Logf("%.1f Mbit/s", 8*8*1.048576/took.Seconds())
}

func TestDeadlinesAndClose(t *testing.T) {
	a, b := socket(t, utp.Config{}), socket(t, utp.Config{})
	near, far := pair(t, a, b, at(b))
	for _, passed := range []bool{true, false} {
		d := time.Unix(1, 0)
		if !passed {
			d = time.Now().Add(10 * time.Millisecond)
		}
		near.SetDeadline(d)
		if _, err := near.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("read: %v", err)
		}
		if _, err := io.CopyN(near, zeros{}, 1<<30); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("write: %v", err)
		}
	}
	near.SetDeadline(time.Time{})
	go near.Close()
	if _, err := near.Read(make([]byte, 1)); !errors.Is(err, net.ErrClosed) {
		t.Errorf("read of a closed connection: %v", err)
	}
	if _, err := near.Write([]byte{1}); !errors.Is(err, net.ErrClosed) {
		t.Errorf("write to a closed connection: %v", err)
	}
	if _, err := io.Copy(io.Discard, far); err != nil {
		t.Errorf("read to the end: %v", err)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

func TestRefused(t *testing.T) {
	a := socket(t, utp.Config{})
	silent, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err = a.Dial(ctx, silent.LocalAddr().(*net.UDPAddr).AddrPort())
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("nobody answers: %v", err)
	}
	var op *net.OpError
	if !errors.As(err, &op) || op.Op != "dial" || !op.Timeout() {
		t.Errorf("not as the errors of TCP are: %#v", err)
	}
	if n := a.Count(); n != 0 {
		t.Errorf("%d connections are left", n)
	}
}

// Whoever dials sees it when the other end's socket goes, and nothing is left.
func TestCloseLeavesNothing(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	a, b := socket(t, utp.Config{}), socket(t, utp.Config{})
	near, far := pair(t, a, b, at(b))
	_, unread := pair(t, a, b, at(b))
	if _, err := near.Write(make([]byte, 10<<10)); err != nil {
		t.Fatal(err)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, near); err != nil {
		t.Logf("the end of a closed socket: %v", err)
	}
	if _, err := far.Read(make([]byte, 1)); err == nil {
		t.Error("read after the socket was closed")
	}
	unread.Close()
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Dial(t.Context(), at(b)); !errors.Is(err, net.ErrClosed) {
		t.Errorf("dial on a closed socket: %v", err)
	}
	if a.Count()+b.Count() != 0 || a.Held()+b.Held() != 0 {
		t.Errorf("%d and %d connections, %d and %d bytes are left", a.Count(), b.Count(), a.Held(), b.Held())
	}
}

// The DHT shares the port.
func TestOthers(t *testing.T) {
	a := socket(t, utp.Config{})
	o := a.Others(false)
	udp, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	defer udp.Close()
	if _, err := udp.WriteToUDPAddrPort([]byte("d1:y1:qe"), at(a)); err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 100)
	n, from, err := o.ReadFrom(buf)
	if err != nil || string(buf[:n]) != "d1:y1:qe" || from.String() != udp.LocalAddr().String() {
		t.Fatalf("%q from %v, %v", buf[:n], from, err)
	}
	if _, err := o.WriteTo([]byte("d1:y1:re"), from); err != nil {
		t.Fatal(err)
	}
	if n, _, err := udp.ReadFromUDPAddrPort(buf); err != nil || string(buf[:n]) != "d1:y1:re" {
		t.Errorf("%q, %v", buf[:n], err)
	}
	o.SetReadDeadline(time.Unix(1, 0))
	if _, _, err := o.ReadFrom(buf); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("late read: %v", err)
	}
	o.SetReadDeadline(time.Time{})
	o.Close()
	if _, _, err := o.ReadFrom(buf); !errors.Is(err, net.ErrClosed) {
		t.Errorf("read after Close: %v", err)
	}
	b := socket(t, utp.Config{})
	near, far := pair(t, b, a, at(a))
	send(t, near, far, 1000)
}

// unplugged is a UDP socket whose interface can be taken away.
type unplugged struct {
	net.PacketConn
	gone, wrote atomic.Bool
}

func (u *unplugged) unplug() error {
	u.gone.Store(true)
	return u.SetReadDeadline(time.Unix(1, 0))
}

// ReadFrom implements net.PacketConn.
func (u *unplugged) ReadFrom(p []byte) (int, net.Addr, error) {
	n, from, err := u.PacketConn.ReadFrom(p)
	if errors.Is(err, os.ErrDeadlineExceeded) && u.gone.CompareAndSwap(true, false) {
		u.wrote.Store(false)
		return 0, nil, errors.Join(netpolicy.ErrDown, u.SetReadDeadline(time.Time{}))
	}
	return n, from, err
}

// WriteTo implements net.PacketConn.
func (u *unplugged) WriteTo(p []byte, to net.Addr) (int, error) {
	u.wrote.Store(true)
	return u.PacketConn.WriteTo(p, to)
}

// Connections end when the interface goes, of which no packet tells; the socket goes on.
func TestInterfaceGoes(t *testing.T) {
	udp, err := netpolicy.Direct{}.ListenPacket(t.Context(), "udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	u := &unplugged{PacketConn: udp}
	a, b := utp.New(u, utp.Config{}), socket(t, utp.Config{})
	defer a.Close()
	near, _ := pair(t, a, b, at(b))
	if err := u.unplug(); err != nil {
		t.Fatal(err)
	}
	if _, err := near.Read(make([]byte, 1)); !errors.Is(err, netpolicy.ErrDown) {
		t.Errorf("the read ends with %v", err)
	}
	if u.wrote.Load() || a.Count() != 0 {
		t.Errorf("%d connections are left, or the peer was told", a.Count())
	}
	pair(t, a, b, at(b))
}
