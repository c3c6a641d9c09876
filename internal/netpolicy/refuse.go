package netpolicy

import (
	"context"
	"errors"
	"net"
	"net/netip"
)

// What a policy may refuse; the text of an error that matches says why.
var (
	// ErrOff reports traffic that is switched off.
	ErrOff = errors.New("switched off")
	// ErrNoIncoming reports that nobody can connect to us this way, by a proxy for
	// instance: a node does without.
	ErrNoIncoming = errors.New("nobody can connect to us this way")
	// ErrNoUDP reports that datagrams do not go this way.
	ErrNoUDP = errors.New("no datagrams go this way")
	// ErrDown reports that the interface which everything leaves by has gone. Read from a
	// UDP socket it is no end: the socket goes on when the interface is back, but who has
	// connections on it shall not go on with them, from what may be another address.
	ErrDown = errors.New("the network interface is away")
	// ErrNoNames reports that names are not looked up this way.
	ErrNoNames = errors.New("no names are looked up this way")
)

// Mute reports whether an error of listening says that nobody can connect this way, and
// that datagrams do not go by it either.
func Mute(err error) bool { return errors.Is(err, ErrNoIncoming) || errors.Is(err, ErrNoUDP) }

// Off lets nothing out and nothing in. Errors match [ErrOff].
type Off struct{}

// Listen refuses.
func (Off) Listen(context.Context, string) (net.Listener, error) {
	return nil, opError("listen", nil, ErrOff)
}

// Dial refuses.
func (Off) Dial(context.Context, string) (net.Conn, error) { return nil, opError("dial", nil, ErrOff) }

// ListenPacket refuses.
func (Off) ListenPacket(context.Context, string, string) (net.PacketConn, error) {
	return nil, packetError("listen", nil, ErrOff)
}

// Resolve refuses.
func (Off) Resolve(context.Context, string) ([]netip.Addr, error) { return nil, ErrOff }

// Local reaches this machine itself by its own network, and everything else by Policy:
// for what the user runs beside the node. Only addresses are taken for this machine,
// and localhost.
type Local struct{ Policy }

// Dial opens a TCP connection to addr.
func (l Local) Dial(ctx context.Context, addr string) (net.Conn, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	if ip, err := netip.ParseAddr(host); host == "localhost" || err == nil && ip.Unmap().IsLoopback() {
		return Direct{}.Dial(ctx, addr)
	}
	return l.Policy.Dial(ctx, addr)
}
