// Package carrier is what connections run over: TCP, uTP (BEP 29), or whichever of
// the two connects first.
package carrier

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/netip"
	"strconv"
	"syscall"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/transport/utp"
)

// Choice says what connections run over.
type Choice uint8

// The choices.
const (
	TCPAndUTP Choice = iota
	TCPOnly
	UTPOnly
)

// Opener opens connections to peers.
type Opener interface {
	// Dial connects to addr ("host:port").
	Dial(ctx context.Context, addr string) (net.Conn, error)
}

// Over tells what a connection runs over: "tcp" or "utp".
func Over(c net.Conn) string {
	if a := c.RemoteAddr(); a != nil && a.Network() == "udp" {
		return "utp"
	}
	return "tcp"
}

// Config is what ports are opened with. All fields but Sent are required.
type Config struct {
	Choice Choice
	Policy netpolicy.Policy
	Clock  clock.Clock
	Log    *slog.Logger
	// Sent is told to whom packets go out by the UDP port that were not asked for
	// by a packet of theirs. It must not wait.
	Sent func(netip.Addr)
}

// Ports are the ports of a node, one number for all.
type Ports struct {
	TCP net.Listener // nil without TCP
	UTP *utp.Socket  // nil without uTP

	cfg Config
}

// freePorts is how many free ports are tried until one is free for both
// carriers.
const freePorts = 16

// Open opens addr ("host:port") for each carrier. That there is no uTP beside TCP
// because its port is taken is no error.
func Open(ctx context.Context, addr string, cfg Config) (*Ports, error) {
	for try := 1; ; try++ {
		p := &Ports{cfg: cfg}
		var err error
		if cfg.Choice != UTPOnly {
			p.TCP, err = cfg.Policy.Listen(ctx, addr)
			if nobody := errors.Is(err, netpolicy.ErrNoIncoming); err != nil && (!nobody || cfg.Choice == TCPOnly) {
				return nil, err
			}
		}
		if cfg.Choice == TCPOnly {
			return p, nil
		}
		at := addr
		if p.TCP != nil {
			at = samePort(addr, p.TCP.Addr())
		}
		udp, err := cfg.Policy.ListenPacket(ctx, "udp", at)
		switch {
		case err == nil:
			p.UTP = utp.New(udp, utp.Config{Clock: cfg.Clock, Log: cfg.Log})
			return p, nil
		case p.TCP == nil:
			return nil, err
		case at != addr && errors.Is(err, syscall.EADDRINUSE) && try < freePorts:
			_ = p.TCP.Close() // nobody has come yet
		default:
			if op, ok := errors.AsType[*net.OpError](err); ok {
				err = op.Err // without the address
			}
			cfg.Log.Warn("no uTP: its port cannot be opened", "err", err)
			return p, nil
		}
	}
}

// Addr returns where the ports are, as an address of TCP; nil if nobody can connect, as
// behind a proxy.
func (p *Ports) Addr() net.Addr {
	if p.TCP != nil {
		return p.TCP.Addr()
	}
	if u, ok := p.UTP.Addr().(*net.UDPAddr); ok {
		if u.Port == 0 {
			return nil
		}
		return &net.TCPAddr{IP: u.IP, Port: u.Port, Zone: u.Zone}
	}
	return p.UTP.Addr()
}

// Others returns the part of the UDP port for what is not uTP but of the DHT
// (BEP 5), of one family of addresses; nil if there is no uTP.
func (p *Ports) Others(v6 bool) net.PacketConn {
	if p.UTP == nil {
		return nil
	}
	c := p.UTP.Others(v6)
	if p.cfg.Sent == nil {
		return c
	}
	return &told{c, p.cfg.Sent}
}

// told is a socket that tells where packets go.
type told struct {
	net.PacketConn
	sent func(netip.Addr)
}

// WriteTo implements net.PacketConn.
func (t *told) WriteTo(b []byte, to net.Addr) (int, error) {
	if u, ok := to.(*net.UDPAddr); ok {
		t.sent(u.AddrPort().Addr())
	}
	return t.PacketConn.WriteTo(b, to)
}

// Close closes the ports.
func (p *Ports) Close() error {
	var tcp, udp error
	if p.TCP != nil {
		tcp = p.TCP.Close()
	}
	if p.UTP != nil {
		udp = p.UTP.Close()
	}
	return errors.Join(tcp, udp)
}

// samePort returns addr with the port that was given.
func samePort(addr string, given net.Addr) string {
	host, _, err := net.SplitHostPort(addr)
	t, ok := given.(*net.TCPAddr)
	if err != nil || !ok {
		return given.String()
	}
	return net.JoinHostPort(host, strconv.Itoa(t.Port))
}
