package nic_test

import (
	"net"
	"net/netip"
	"testing"

	"github.com/warren-p2p/warren/internal/netpolicy/nic"
)

func tun(f func(*nic.Link)) []nic.Link {
	l := nic.Link{Name: "tun0", Index: 3, Up: true, Addrs: []netip.Prefix{
		netip.MustParsePrefix("10.8.0.2/24"), netip.MustParsePrefix("2001:db8::2/64"), netip.MustParsePrefix("fe80::2/64"),
	}}
	if f != nil {
		f(&l)
	}
	return []nic.Link{{Name: "eth0", Index: 2, Up: true}, l}
}

// Why nothing leaves is said in words.
func TestWhy(t *testing.T) {
	for why, c := range map[string]struct {
		name string
		list []nic.Link
		err  error
	}{
		"": {"tun0", tun(nil), nil},
		"there is no interface tun9 on this machine":                                        {"tun9", tun(nil), nil},
		"no interface of this machine has the address 10.8.0.9":                             {"10.8.0.9", tun(nil), nil},
		"the interface tun0 is down":                                                        {"10.8.0.2", tun(func(l *nic.Link) { l.Up = false }), nil},
		"the interface tun0 has no address":                                                 {"tun0", tun(func(l *nic.Link) { l.Addrs = l.Addrs[2:] }), nil},
		"the interfaces of this machine cannot be listed: use of closed network connection": {"tun0", nil, net.ErrClosed},
	} {
		s := nic.Judge(c.name, c.list, c.err)
		if s.Why != why || s.Status(c.name).Up != (why == "") {
			t.Errorf("%q, want %q", s.Why, why)
		}
	}
}

// Where to listen, and how that is bound.
func TestListen(t *testing.T) {
	all := netip.IPv6Unspecified()
	for name, c := range map[string]struct {
		bind    string
		device  bool
		network string
		at      netip.Addr
		want    string // "" is refused
	}{
		"all":                      {"tun0", true, "tcp", all, "[::]:1"},
		"all of IPv4":              {"tun0", true, "udp4", all, "0.0.0.0:1"},
		"all of IPv6":              {"tun0", true, "udp6", all, "[::]:1"},
		"IPv4, typed":              {"tun0", true, "tcp", netip.IPv4Unspecified(), "0.0.0.0:1"},
		"its address":              {"tun0", true, "tcp", netip.MustParseAddr("2001:db8::2"), "[2001:db8::2]:1"},
		"another's":                {"tun0", true, "tcp", netip.MustParseAddr("192.0.2.5"), ""},
		"all, by address":          {"tun0", false, "tcp", all, "10.8.0.2:1"},
		"all of IPv6, by address":  {"tun0", false, "udp6", all, "[2001:db8::2]:1"},
		"one":                      {"2001:db8::2", true, "udp", all, "[2001:db8::2]:1"},
		"one, of the other family": {"2001:db8::2", true, "udp4", all, ""},
		"one, and another typed":   {"2001:db8::2", true, "tcp", netip.MustParseAddr("10.8.0.2"), ""},
	} {
		s := nic.Judge(c.bind, tun(nil), nil)
		s.Device = c.device
		by, at, err := s.Listen(c.network, netip.AddrPortFrom(c.at, 1))
		if got := at.String(); (err == nil) != (c.want != "") || err == nil && got != c.want {
			t.Errorf("%s: %s, %v", name, got, err)
		}
		if err == nil && (by.Device == "tun0") != c.device {
			t.Errorf("%s: bound to %+v", name, by)
		}
	}
}

// The machine has interfaces, one of which is itself.
func TestList(t *testing.T) {
	list, err := nic.List()
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range list {
		if l.Loop && l.Up && len(l.Addrs) > 0 && !l.Shared {
			return
		}
	}
	t.Errorf("no loopback among %+v", list)
}
