package netpolicy

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
)

// ErrNotPublic is returned for a target that is not on the Internet: this
// machine, its network, or no single host.
var ErrNotPublic = errors.New("not an address on the Internet")

// Public dials and resolves what is on the Internet and nothing else. URLs that
// come from others go through it, so that nobody makes this node ask the machine
// it runs on, or the network it is in. What is checked is the address that is
// dialled, not an answer of the name server that another may follow.
type Public struct{ Policy }

// Dial opens a TCP connection to the first address of addr that takes it. The
// error matches [ErrNotPublic] if it has none on the Internet.
func (p Public) Dial(ctx context.Context, addr string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	if r, ok := p.Policy.(Remote); ok && r.Remote() && !isAddr(host) {
		if !publicName(host) {
			return nil, fmt.Errorf("dial %s: %w", host, ErrNotPublic)
		}
		return p.Policy.Dial(ctx, addr)
	}
	list, err := p.Resolve(ctx, host)
	if err != nil {
		return nil, err
	}
	var errs []error
	for _, ip := range list {
		c, err := p.Policy.Dial(ctx, net.JoinHostPort(ip.String(), port))
		if err == nil {
			return c, nil
		}
		errs = append(errs, err)
	}
	return nil, errors.Join(errs...)
}

// Remote is a policy that may leave looking up names to somebody else, such as a
// proxy: then Dial takes them as they are, and Resolve knows none. What a name stands
// for there is not seen here; Public refuses names that are of this machine or its
// network by their form.
type Remote interface {
	Policy
	Remote() bool
}

func isAddr(host string) bool {
	_, err := netip.ParseAddr(host)
	return err == nil
}

// publicName reports whether a name can be that of a host on the Internet: not one of
// those that are kept for local use (RFC 6761, 6762, 8375, 9476), nor a number, which
// some take for an address of IPv4 (inet_aton).
func publicName(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	i := strings.LastIndexByte(host, '.')
	if i < 0 {
		return false
	}
	switch last := host[i+1:]; last {
	case "", "localhost", "local", "localdomain", "internal", "lan", "home", "corp", "intranet", "private":
		return false
	case "arpa":
		return !strings.HasSuffix(host, "home.arpa")
	default:
		return last[0] < '0' || last[0] > '9'
	}
}

// Resolve returns the addresses of host that are on the Internet. The error
// matches [ErrNotPublic] if it has others only.
func (p Public) Resolve(ctx context.Context, host string) ([]netip.Addr, error) {
	list, err := p.Policy.Resolve(ctx, host)
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(a netip.Addr) bool { return !IsPublic(a) })
	if len(list) == 0 {
		return nil, fmt.Errorf("resolve %s: %w", host, ErrNotPublic)
	}
	return list, nil
}

// IsPublic reports whether an address can be that of a single host on the
// Internet, by the registries of special-purpose addresses (RFC 6890). An IPv6
// address that stands for one of IPv4 is what that is.
func IsPublic(a netip.Addr) bool {
	a = a.Unmap()
	if !a.IsValid() || a.Zone() != "" || !a.IsGlobalUnicast() || a.IsPrivate() {
		return false
	}
	if a.Is4() {
		return !within(a, special4())
	}
	b := a.As16()
	switch {
	case netip.MustParsePrefix("64:ff9b::/96").Contains(a): // NAT64, RFC 6052
		return IsPublic(netip.AddrFrom4([4]byte(b[12:])))
	case netip.MustParsePrefix("2002::/16").Contains(a): // 6to4, RFC 3056
		return IsPublic(netip.AddrFrom4([4]byte(b[2:6])))
	}
	return netip.MustParsePrefix("2000::/3").Contains(a) && !within(a, special6())
}

func special4() []string {
	return []string{
		"0.0.0.0/8",       // this network
		"100.64.0.0/10",   // shared behind carriers' NAT, RFC 6598
		"192.0.0.0/24",    // protocol assignments
		"192.0.2.0/24",    // documentation
		"192.88.99.0/24",  // 6to4 relays
		"198.18.0.0/15",   // benchmarks
		"198.51.100.0/24", // documentation
		"203.0.113.0/24",  // documentation
		"240.0.0.0/4",     // reserved
	}
}

func special6() []string {
	return []string{
		"2001::/23",     // Teredo, ORCHID and other protocol assignments
		"2001:db8::/32", // documentation
		"3fff::/20",     // documentation
	}
}

func within(a netip.Addr, list []string) bool {
	return slices.ContainsFunc(list, func(p string) bool { return netip.MustParsePrefix(p).Contains(a) })
}
