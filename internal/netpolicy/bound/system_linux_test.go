package bound

import (
	"io"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/warren-p2p/warren/internal/netpolicy/nic"
)

// On the machine itself, sockets carry the interface they are bound to, accepted
// ones and those of UDP too. No rights are needed for that.
func TestSystem(t *testing.T) {
	if !(nic.System{}).Permitted("lo") {
		t.Skip("this system does not let sockets be bound to an interface")
	}
	b, err := Open(Config{Interface: "lo"})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if s := b.Status(); !s.Up || s.ByAddress {
		t.Fatalf("status %+v", s)
	}
	l, err := b.Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	near, err := b.Dial(t.Context(), l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer near.Close()
	far, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer far.Close()
	packets, err := b.ListenPacket(t.Context(), "udp", ":0")
	if err != nil {
		t.Fatal(err)
	}
	defer packets.Close()
	if _, err := near.Write([]byte("x")); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(far, make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	if got := device(t, near.(*conn).Conn); got != "lo" {
		t.Errorf("a dialled connection is bound to %q", got)
	}
	if got := device(t, far.(*conn).Conn); got != "lo" {
		t.Errorf("an accepted connection is bound to %q", got)
	}
	if got := device(t, packets.(*packetConn).inner); got != "lo" {
		t.Errorf("a UDP socket is bound to %q", got)
	}
}

func device(t *testing.T, c any) (name string) {
	t.Helper()
	raw, err := c.(syscall.Conn).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	if e := raw.Control(func(fd uintptr) { name, err = unix.GetsockoptString(int(fd), unix.SOL_SOCKET, unix.SO_BINDTODEVICE) }); e != nil || err != nil {
		t.Fatal(e, err)
	}
	return name
}
