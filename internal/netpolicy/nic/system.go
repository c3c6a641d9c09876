// Package nic knows the network interfaces of this machine, what it means to be bound
// to one, and opens sockets that are.
package nic

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"syscall"

	"github.com/warren-p2p/warren/internal/netpolicy/sndbuf"
)

// Binding is to what a socket is bound.
type Binding struct {
	Device string     // "" if the system does not let us
	Source netip.Addr // of a dial; invalid leaves it to the system
	Index  int
}

// Sockets opens sockets of the machine.
type Sockets interface {
	// Permitted reports whether sockets may be bound to an interface itself.
	Permitted(device string) bool
	// Dial opens a connection to an address; network is tcp or udp.
	Dial(ctx context.Context, network, addr string, by Binding) (net.Conn, error)
	Listen(ctx context.Context, addr string, by Binding) (net.Listener, error)
	ListenPacket(ctx context.Context, network, addr string, by Binding) (net.PacketConn, error)
}

// System is the machine.
type System struct{}

// Permitted implements Sockets.
func (System) Permitted(device string) bool { return permitted(device) }

// Dial implements Sockets. With Multipath TCP the kernel would open further ways by
// other interfaces.
func (System) Dial(ctx context.Context, network, addr string, by Binding) (net.Conn, error) {
	d := net.Dialer{Control: by.control}
	d.SetMultipathTCP(false)
	if by.Source.IsValid() {
		at := netip.AddrPortFrom(by.Source, 0)
		if d.LocalAddr = net.TCPAddrFromAddrPort(at); network == "udp" {
			d.LocalAddr = net.UDPAddrFromAddrPort(at)
		}
	}
	c, err := d.DialContext(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	return sndbuf.Widen(c), nil
}

// Listen implements Sockets.
func (System) Listen(ctx context.Context, addr string, by Binding) (net.Listener, error) {
	lc := net.ListenConfig{Control: by.control}
	lc.SetMultipathTCP(false)
	l, err := lc.Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, err
	}
	return widened{l}, nil
}

// widened accepts connections whose send buffer grows as they need it.
type widened struct{ net.Listener }

func (l widened) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return sndbuf.Widen(c), nil
}

// ListenPacket implements Sockets.
func (System) ListenPacket(ctx context.Context, network, addr string, by Binding) (net.PacketConn, error) {
	lc := net.ListenConfig{Control: by.control}
	return lc.ListenPacket(ctx, network, addr)
}

// control binds a socket before it is used.
func (by Binding) control(_, _ string, raw syscall.RawConn) error {
	if by.Device == "" {
		return nil
	}
	var failed error
	if err := raw.Control(func(fd uintptr) { failed = bindToDevice(int(fd), by.Device) }); err != nil {
		return err
	}
	if failed != nil {
		return fmt.Errorf("bind to interface %s: %w", by.Device, failed)
	}
	return nil
}

// List lists the interfaces of the machine.
func List() (list []Link, err error) {
	ifs, err := net.Interfaces()
	if err != nil {
		return nil, err
	}
	for i := range ifs {
		addrs, err := ifs[i].Addrs()
		if err != nil {
			continue // it has gone meanwhile
		}
		has := func(f net.Flags) bool { return ifs[i].Flags&f != 0 }
		l := Link{
			Name: ifs[i].Name, Index: ifs[i].Index, Up: has(net.FlagUp), Loop: has(net.FlagLoopback),
			Shared: has(net.FlagMulticast) && has(net.FlagBroadcast) && !has(net.FlagPointToPoint),
		}
		for _, a := range addrs {
			if p, err := netip.ParsePrefix(a.String()); err == nil {
				l.Addrs = append(l.Addrs, p)
			}
		}
		list = append(list, l)
	}
	return list, nil
}
