//go:build linux

package lab

import (
	"context"
	"fmt"
	"net"
	"os"
	"runtime"

	"golang.org/x/sys/unix"
)

// Side is one machine of a lab.
type Side struct {
	Host    string // its address
	Between string // of the near side, another one: who stands between the two listens there
	space   string // its namespace
}

// Listen listens for TCP at an address of the side; port 0 is a free one.
func (s *Side) Listen(addr string) (l net.Listener, err error) {
	inside := s.enter(func() {
		l, err = (&net.ListenConfig{}).Listen(context.Background(), "tcp4", addr)
	})
	if inside != nil {
		return nil, inside
	}
	return l, err
}

// ListenPacket listens for UDP at an address of the side; port 0 is a free one.
func (s *Side) ListenPacket(addr string) (c net.PacketConn, err error) {
	if inside := s.enter(func() { c, err = net.ListenPacket("udp4", addr) }); inside != nil {
		return nil, inside
	}
	return c, err
}

// Dial connects from the side to an address, which must not be a name.
func (s *Side) Dial(addr string) (c net.Conn, err error) {
	if inside := s.enter(func() { c, err = net.Dial("tcp4", addr) }); inside != nil {
		return nil, inside
	}
	return c, err
}

// enter runs do on a thread that is inside the namespace meanwhile: sockets
// belong to the one they were made in, whoever uses them later. The thread comes
// back: it may be the one that started a program, which would end with it.
func (s *Side) enter(do func()) error {
	home, err := os.Open("/proc/self/ns/net")
	if err != nil {
		return fmt.Errorf("enter a side: %w", err)
	}
	defer home.Close()
	inside, err := os.Open("/run/netns/" + s.space)
	if err != nil {
		return fmt.Errorf("enter a side: %w", err)
	}
	defer inside.Close()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := unix.Setns(int(inside.Fd()), unix.CLONE_NEWNET); err != nil {
		return fmt.Errorf("enter a side: %w", err)
	}
	do()
	if err := unix.Setns(int(home.Fd()), unix.CLONE_NEWNET); err != nil {
		panic(fmt.Sprintf("a thread is lost in a namespace: %v", err))
	}
	return nil
}
