package carrier

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"time"

	"github.com/warren-p2p/warren/internal/netpolicy"
)

// headStart is how long TCP is alone before uTP is tried as well: where both
// work TCP is faster and costs less.
const headStart = 250 * time.Millisecond

// afterRefusal is how long uTP may take when TCP was refused: most likely nobody
// is there at all.
const afterRefusal = 1500 * time.Millisecond

// Opener returns what dials: over TCP, and over uTP if TCP does not connect at
// once. The first that connects is taken.
func (p *Ports) Opener() Opener {
	switch {
	case p.UTP == nil:
		return p.cfg.Policy
	case p.cfg.Choice == UTPOnly:
		return overUTP{p}
	}
	return &race{tcp: p.cfg.Policy, utp: overUTP{p}, failed: make(map[string]int)}
}

// overUTP dials from the port, as a peer behind a NAT must.
type overUTP struct{ p *Ports }

// PreferUTP does nothing: there is nothing else.
func (overUTP) PreferUTP(string) {}

// Dial connects over uTP.
func (u overUTP) Dial(ctx context.Context, addr string) (net.Conn, error) {
	to, err := resolve(ctx, u.p.cfg.Policy, addr)
	if err != nil {
		return nil, &net.OpError{Op: "dial", Net: "utp", Err: err}
	}
	if u.p.cfg.Sent != nil {
		u.p.cfg.Sent(to.Addr())
	}
	return u.p.UTP.Dial(ctx, to)
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
