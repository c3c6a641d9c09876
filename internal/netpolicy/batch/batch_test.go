package batch_test

import (
	"errors"
	"net"
	"net/netip"
	"testing"

	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/netpolicy/batch"
)

func TestEcho(t *testing.T) {
	for name, p := range map[string]netpolicy.Policy{"direct": netpolicy.Direct{}, "mem": netpolicy.NewMem()} {
		for _, network := range []string{"udp4", "udp"} {
			t.Run(name+" "+network, func(t *testing.T) { echo(t, p, network) })
		}
	}
}

// echo sends ten datagrams, which come back twice as long, five at a time at most.
func echo(t *testing.T, p netpolicy.Policy, network string) {
	open := func(network, addr string) net.PacketConn {
		c, err := p.ListenPacket(t.Context(), network, addr)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	addr := "127.0.0.1:0"
	if network == "udp" {
		addr = ":0"
	}
	server := batch.New(open(network, addr))
	client := open("udp4", "127.0.0.1:0")
	defer client.Close()
	at, _ := netip.ParseAddrPort(server.LocalAddr().String())
	to := net.UDPAddrFromAddrPort(netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), at.Port()))
	want := map[string]bool{}
	for i := range 10 {
		b := []byte{'a' + byte(i)}
		want[string(b)+string(b)] = true
		if _, err := client.WriteTo(b, to); err != nil {
			t.Fatal(err)
		}
	}
	in, out := batch.NewMessages(5, 64), batch.NewMessages(5, 64)
	for left := 10; left > 0; {
		n, err := server.ReadBatch(in)
		if err != nil || n > in.Len() {
			t.Fatal(n, err)
		}
		for i := range n {
			b, from := in.Read(i)
			if from.String() != client.LocalAddr().String() {
				t.Errorf("from %v, not %v", from, client.LocalAddr())
			}
			out.Answer(i, append(append(out.Buffer(i), b...), b...), in, i)
		}
		if err := server.WriteBatch(out, n); err != nil {
			t.Fatal(err)
		}
		left -= n
	}
	b := make([]byte, 64)
	for len(want) > 0 {
		n, _, err := client.ReadFrom(b)
		if err != nil || !want[string(b[:n])] {
			t.Fatalf("%q, %v", b[:n], err)
		}
		delete(want, string(b[:n]))
	}
	if err := server.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := server.ReadBatch(in); !errors.Is(err, net.ErrClosed) {
		t.Errorf("read after Close: %v", err)
	}
}

// What cannot be sent does not keep the rest back.
func TestNotSent(t *testing.T) {
	c, err := netpolicy.Direct{}.ListenPacket(t.Context(), "udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := batch.New(c)
	defer s.Close()
	if _, err := c.WriteTo([]byte("x"), c.LocalAddr()); err != nil {
		t.Fatal(err)
	}
	in, out := batch.NewMessages(1, 64), batch.NewMessages(3, 1<<17)
	if _, err := s.ReadBatch(in); err != nil {
		t.Fatal(err)
	}
	out.Answer(0, []byte("first"), in, 0)
	out.Answer(1, out.Buffer(1)[:1<<17], in, 0) // no datagram is as large
	out.Answer(2, []byte("last"), in, 0)
	if err := s.WriteBatch(out, 3); err == nil {
		t.Error("a datagram of 128 KiB was sent")
	}
	for _, want := range []string{"first", "last"} {
		if _, err := s.ReadBatch(in); err != nil {
			t.Fatal(err)
		}
		if b, _ := in.Read(0); string(b) != want {
			t.Errorf("%q, want %q", b, want)
		}
	}
}
