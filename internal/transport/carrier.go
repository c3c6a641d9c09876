package transport

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"syscall"
	"time"

	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/transport/utp"
)

// Carrier says what connections run over.
type Carrier uint8

// The carriers.
const (
	TCPAndUTP Carrier = iota
	TCPOnly
	UTPOnly // uTP (BEP 29)
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

// freePorts is how many free ports are tried until one is free for both
// carriers.
const freePorts = 16

// open opens a port of the same number for each carrier.
func open(ctx context.Context, addr string, cfg *Config) (net.Listener, *utp.Socket, error) {
	for try := 1; ; try++ {
		tcp, err := openTCP(ctx, addr, cfg)
		if err != nil {
			return nil, nil, err
		}
		if cfg.Carrier == TCPOnly {
			return tcp, nil, nil
		}
		at := addr
		if tcp != nil {
			at = samePort(addr, tcp.Addr())
		}
		udp, err := cfg.Policy.ListenPacket(ctx, "udp", at)
		if err == nil {
			return tcp, utp.New(udp, utp.Config{Clock: cfg.Clock, Log: cfg.Log}), nil
		}
		if tcp == nil {
			return nil, nil, err
		}
		if at != addr && errors.Is(err, syscall.EADDRINUSE) && try < freePorts {
			_ = tcp.Close() // nobody has come yet
			continue
		}
		cfg.Log.Warn("no uTP: its port cannot be opened", "err", reason(err))
		return tcp, nil, nil
	}
}

func openTCP(ctx context.Context, addr string, cfg *Config) (net.Listener, error) {
	if cfg.Carrier == UTPOnly {
		return nil, nil
	}
	return cfg.Policy.Listen(ctx, addr)
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

// headStart is how long TCP is alone before uTP is tried as well: where both
// work TCP is faster and costs less.
const headStart = 250 * time.Millisecond

// afterRefusal is how long uTP may take when TCP was refused: most likely nobody
// is there at all.
const afterRefusal = 1500 * time.Millisecond

// Opener returns what dials over the carriers of the port: TCP, and uTP if TCP
// does not connect at once. The first that connects is taken.
func (p *Port) Opener() Opener {
	switch {
	case p.utp == nil:
		return p.cfg.Policy
	case p.cfg.Carrier == UTPOnly:
		return overUTP{p}
	}
	return &race{tcp: p.cfg.Policy, utp: overUTP{p}, failed: make(map[string]int)}
}

// overUTP dials from the port, as a peer behind a NAT must.
type overUTP struct{ p *Port }

// PreferUTP does nothing: there is nothing else.
func (overUTP) PreferUTP(string) {}

// Dial connects over uTP.
func (u overUTP) Dial(ctx context.Context, addr string) (net.Conn, error) {
	to, err := resolve(ctx, u.p.cfg.Policy, addr)
	if err != nil {
		return nil, &net.OpError{Op: "dial", Net: "utp", Err: err}
	}
	return u.p.utp.Dial(ctx, to)
}

func resolve(ctx context.Context, policy netpolicy.Policy, addr string) (netip.AddrPort, error) {
	if ap, err := netip.ParseAddrPort(addr); err == nil {
		return ap, nil
	}
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return netip.AddrPort{}, err
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return netip.AddrPort{}, fmt.Errorf("port of %s: %w", addr, err)
	}
	list, err := policy.Resolve(ctx, host)
	if err != nil {
		return netip.AddrPort{}, err
	}
	return netip.AddrPortFrom(list[0], uint16(n)), nil
}
