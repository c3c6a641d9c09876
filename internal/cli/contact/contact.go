// Package contact finds the peers a user names, and says in plain words why
// none of them is connected.
package contact

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"

	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/words"
)

// Resolve returns the addresses of a peer given as HOST:PORT, at least one: a
// name may have several, and which of them answers is found by trying. The error
// is a [*console.UsageError] for what cannot be an address.
func Resolve(ctx context.Context, policy netpolicy.Policy, peer string) ([]netip.AddrPort, error) {
	host, text, err := net.SplitHostPort(peer)
	if err != nil || host == "" {
		return nil, console.Usage("--peer %s: want HOST:PORT, such as 192.0.2.1:6881", words.Plain(peer))
	}
	port, err := strconv.ParseUint(text, 10, 16)
	if err != nil || port == 0 {
		return nil, console.Usage("--peer %s: the port must be a number from 1 to 65535", words.Plain(peer))
	}
	ips, err := policy.Resolve(ctx, host)
	if dns, ok := errors.AsType[*net.DNSError](err); ok {
		err = errors.New(dns.Err) // without the server that was asked
	}
	if err != nil {
		return nil, fmt.Errorf("look up peer %s: %w: check the name, or give its address in figures", words.Plain(peer), err)
	}
	list := make([]netip.AddrPort, len(ips))
	for i, ip := range ips {
		list[i] = netip.AddrPortFrom(ip, uint16(port))
	}
	return list, nil
}
