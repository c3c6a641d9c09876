package utp_test

import (
	"context"
	"io"
	"net"
	"net/netip"
	"testing"
	"time"

	"github.com/warren-p2p/warren/internal/transport/utp"
	"github.com/warren-p2p/warren/internal/transport/utp/packet"
)

// raw is somebody who makes packets by hand.
type raw struct {
	*net.UDPConn
	t  *testing.T
	to netip.AddrPort
}

func newRaw(t *testing.T, to netip.AddrPort) *raw {
	t.Helper()
	c, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return &raw{c, t, to}
}

func (r *raw) send(h packet.Header, payload string) {
	r.t.Helper()
	if _, err := r.WriteToUDPAddrPort(append(h.Append(nil), payload...), r.to); err != nil {
		r.t.Fatal(err)
	}
}

func (r *raw) receive() (packet.Header, string) {
	r.t.Helper()
	buf := make([]byte, 1<<16)
	r.SetReadDeadline(time.Now().Add(5 * time.Second))
	n, _, err := r.ReadFromUDPAddrPort(buf)
	if err != nil {
		r.t.Fatal(err)
	}
	h, payload, err := packet.Parse(buf[:n])
	if err != nil {
		r.t.Fatal(err)
	}
	return h, string(payload)
}

// open makes a connection by hand and returns our end of it, and the header for
// the next packet of the other.
func (r *raw) open(s *utp.Socket, window uint32) (net.Conn, packet.Header) {
	r.t.Helper()
	r.send(packet.Header{Type: packet.Syn, ConnID: 7, Seq: 100, Window: window}, "")
	h, _ := r.receive()
	if h.Type != packet.State || h.ConnID != 7 || h.Ack != 100 {
		r.t.Fatalf("answered %+v", h)
	}
	next := packet.Header{Type: packet.Data, ConnID: 8, Seq: 101, Ack: h.Seq - 1, Window: window}
	r.send(next, "x")
	c, err := s.Accept()
	if err != nil {
		r.t.Fatal(err)
	}
	if _, err := io.ReadFull(c, make([]byte, 1)); err != nil {
		r.t.Fatal(err)
	}
	next.Seq++
	return c, next
}

// A flood of SYN, with false addresses even, leaves little behind and lets honest
// peers in.
func TestFloodOfSyn(t *testing.T) {
	s := socket(t, utp.Config{HalfOpen: 16})
	flood := newRaw(t, at(s))
	for i := range 2000 {
		flood.send(packet.Header{Type: packet.Syn, ConnID: uint16(2 * i), Seq: 1}, "")
	}
	near, far := pair(t, socket(t, utp.Config{}), s, at(s))
	send(t, near, far, 100_000)
	if n := s.Count(); n > 20 {
		t.Errorf("%d connections", n)
	}
}

// Whoever does not show that it got our answer is not handed over.
func TestUnconfirmedIsNotAccepted(t *testing.T) {
	s := socket(t, utp.Config{})
	r := newRaw(t, at(s))
	r.send(packet.Header{Type: packet.Syn, ConnID: 7, Seq: 100}, "")
	h, _ := r.receive()
	r.send(packet.Header{Type: packet.Data, ConnID: 8, Seq: 101, Ack: h.Seq + 1000}, "guessed")
	near, far := pair(t, socket(t, utp.Config{}), s, at(s)) // it is the first
	send(t, near, far, 1000)
}

// A RESET that names nothing we sent lately, and acknowledgements of what was
// never sent, are ignored.
func TestSpoofed(t *testing.T) {
	s := socket(t, utp.Config{})
	r := newRaw(t, at(s))
	c, next := r.open(s, 1<<20)
	defer c.Close()
	for _, off := range []uint16{1000, 30000, 40000, 60000} {
		reset, bogus := next, next
		reset.Type, reset.Ack = packet.Reset, next.Ack+off
		r.send(reset, "")
		bogus.Ack += off
		bogus.SACK = []byte{255, 255, 255, 255}
		r.send(bogus, "!")
	}
	r.send(next, "y")
	var b [1]byte
	if _, err := io.ReadFull(c, b[:]); err != nil || b[0] != 'y' {
		t.Fatalf("%q, %v", b, err)
	}
	right := next
	right.Type = packet.Reset
	r.send(right, "")
	if _, err := c.Read(b[:]); err == nil {
		t.Error("a RESET of the peer is ignored")
	}
}

// A peer that fills all windows and leaves a hole, and one that never reads,
// cost no more than their windows.
func TestMemoryIsBounded(t *testing.T) {
	s := socket(t, utp.Config{})
	r := newRaw(t, at(s))
	c, next := r.open(s, 1<<20)
	defer c.Close()
	junk := string(make([]byte, 1000))
	for i := range 3000 {
		h := next
		h.Seq += 1 + uint16(i)
		r.send(h, junk)
	}
	for range 10 {
		r.receive() // so that it had its turn
	}
	if n := s.Held(); n > 300<<10 {
		t.Errorf("%d bytes are kept behind a hole", n)
	}

	b := socket(t, utp.Config{})
	near, unread := pair(t, s, b, at(b))
	near.SetWriteDeadline(time.Now().Add(200 * time.Millisecond))
	n, err := near.Write(make([]byte, 64<<20))
	if err == nil {
		t.Errorf("%d bytes fit", n)
	}
	if held := s.Held() + b.Held(); held > 2<<20 {
		t.Errorf("%d bytes are kept for one who does not read", held)
	}
	unread.Close()
}

// Strangers are told so, with no more than they sent, and not without end.
func TestStrangers(t *testing.T) {
	s := socket(t, utp.Config{})
	r := newRaw(t, at(s))
	for range 500 {
		r.send(packet.Header{Type: packet.Data, ConnID: 9, Seq: 77}, "")
	}
	h, payload := r.receive()
	if h.Type != packet.Reset || h.ConnID != 9 || h.Ack != 77 || payload != "" {
		t.Errorf("answered %+v", h)
	}
	r.SetReadDeadline(time.Now().Add(100 * time.Millisecond))
	answers := 1
	for buf := make([]byte, 100); ; answers++ {
		if _, _, err := r.ReadFromUDPAddrPort(buf); err != nil {
			break
		}
	}
	if answers > 110 { // of two seconds, at most
		t.Errorf("%d answers to 500 packets", answers)
	}
}

// Noise of all kinds does no harm.
func TestNoise(t *testing.T) {
	s := socket(t, utp.Config{})
	r := newRaw(t, at(s))
	for _, b := range []string{"", "\x01", "garbage that is long enough for a header", "\x41\x01\x00", string(make([]byte, 2000))} {
		if _, err := r.WriteToUDPAddrPort([]byte(b), at(s)); err != nil {
			t.Fatal(err)
		}
	}
	near, far := pair(t, socket(t, utp.Config{}), s, at(s))
	send(t, near, far, 1000)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Dial(ctx, at(s)); err == nil {
		t.Error("dialled after the end of the context")
	}
}
