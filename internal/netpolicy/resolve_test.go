package netpolicy_test

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"slices"
	"testing"

	"github.com/warren-p2p/warren/internal/netpolicy"
)

func TestResolve(t *testing.T) {
	each(t, func(t *testing.T, p netpolicy.Policy) {
		for host, want := range map[string]string{
			"192.0.2.7": "192.0.2.7", "::1": "::1", "::ffff:192.0.2.7": "192.0.2.7", "localhost": "127.0.0.1",
		} {
			list, err := p.Resolve(t.Context(), host)
			if err != nil || !slices.Contains(list, netip.MustParseAddr(want)) {
				t.Errorf("%s: %v, %v; want %s", host, list, err, want)
			}
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if list, err := p.Resolve(ctx, "name.invalid"); err == nil { // RFC 6761: no such name can be
			t.Errorf("name.invalid is %v", list)
		}
	})
}

func TestMemNames(t *testing.T) {
	m := netpolicy.NewMem()
	ips := []netip.Addr{netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("2001:db8::1")}
	m.Name("seed.example", ips...)
	list, err := m.Resolve(t.Context(), "seed.example")
	if err != nil || !slices.Equal(list, ips) {
		t.Errorf("%v, %v; want %v", list, err, ips)
	}
	list[0] = netip.Addr{} // ours, not the network's
	l, err := m.Host(ips[0]).Listen(t.Context(), ":80")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	c, err := m.Dial(t.Context(), "seed.example:80")
	if err != nil {
		t.Fatal(err)
	}
	c.Close()
	var dns *net.DNSError
	if _, err := m.Resolve(t.Context(), "other.example"); !errors.As(err, &dns) || !dns.IsNotFound {
		t.Errorf("unknown name: %v", err)
	}
	if _, err := m.Dial(t.Context(), "other.example:80"); !errors.As(err, &dns) {
		t.Errorf("dial of an unknown name: %v", err)
	}
}
