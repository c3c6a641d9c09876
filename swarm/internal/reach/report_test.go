package reach

import (
	"errors"
	"net/netip"
	"testing"
	"time"

	"github.com/warren-p2p/warren/internal/netpolicy/gateway"
	"github.com/warren-p2p/warren/internal/portmap"
	"github.com/warren-p2p/warren/swarm/reachability"
)

func addr(s string) netip.Addr { return netip.MustParseAddr(s) }

func way(local string) portmap.Status {
	return portmap.Status{Route: gateway.Route{Local: addr(local), Router: addr("192.168.1.1")}}
}

// mapped is a router that passes a port on.
func mapped(external string, port uint16) portmap.Status {
	s := way("192.168.1.5")
	s.Asked, s.Method, s.Ports = true, "UPnP", map[portmap.Protocol]uint16{portmap.TCP: port, portmap.UDP: port}
	if external != "" {
		s.External = addr(external)
	}
	return s
}

func refused(local string) portmap.Status {
	s := way(local)
	s.Asked, s.Err = true, errors.New("no")
	return s
}

func TestJudge(t *testing.T) {
	now := time.Unix(1e9, 0)
	for name, c := range map[string]struct {
		f     facts
		state reachability.State
		cause reachability.Cause
		at    string // "" for unknown
	}{
		"loopback":          {facts{router: way("192.168.1.5")}, reachability.Unknown, reachability.Closed, ""},
		"no way out":        {facts{open: true}, reachability.Unknown, reachability.Offline, ""},
		"just begun":        {facts{open: true, router: way("192.168.1.5")}, reachability.Unknown, reachability.Asking, ""},
		"mapped":            {facts{open: true, router: mapped("8.8.4.4", 6881)}, reachability.Probably, reachability.Mapped, "8.8.4.4:6881"},
		"another port":      {facts{open: true, router: mapped("8.8.4.4", 7000), seen: addr("8.8.4.4")}, reachability.Probably, reachability.Mapped, "8.8.4.4:7000"},
		"mapped, voted":     {facts{open: true, router: mapped("", 6881), seen: addr("9.9.9.9")}, reachability.Probably, reachability.Mapped, "9.9.9.9:6881"},
		"mapped to nowhere": {facts{open: true, router: mapped("", 6881)}, reachability.Unknown, reachability.Mapped, ""},
		"carrier":           {facts{open: true, router: mapped("100.64.3.4", 6881), seen: addr("9.9.9.9")}, reachability.Unproven, reachability.Carrier, "9.9.9.9:0"},
		"two routers":       {facts{open: true, router: mapped("192.168.0.2", 6881)}, reachability.Unproven, reachability.TwoRouters, ""},
		"translated":        {facts{open: true, router: mapped("8.8.4.4", 6881), seen: addr("9.9.9.9")}, reachability.Unproven, reachability.TwoRouters, "9.9.9.9:0"},
		"came all the same": {facts{open: true, router: mapped("192.168.0.2", 6881), arrived: now}, reachability.Yes, reachability.Connected, ""},
		"refused":           {facts{open: true, router: refused("192.168.1.5"), seen: addr("9.9.9.9")}, reachability.Unproven, reachability.Refused, "9.9.9.9:0"},
		"refused, forwarded": {facts{open: true, router: refused("192.168.1.5"), seen: addr("9.9.9.9"), arrived: now}, reachability.Yes, reachability.Connected,
			"9.9.9.9:6881"},
		"a VPN":             {facts{open: true, router: portmap.Status{Route: gateway.Route{Local: addr("10.9.0.2")}}}, reachability.Unproven, reachability.NoRouter, ""},
		"not asked":         {facts{open: true, off: true, router: way("192.168.1.5")}, reachability.Unproven, reachability.NotAsked, ""},
		"of the carrier":    {facts{open: true, router: refused("100.64.3.4")}, reachability.Unproven, reachability.Carrier, ""},
		"own address":       {facts{open: true, router: way("8.8.8.8")}, reachability.Probably, reachability.OwnAddress, "8.8.8.8:6881"},
		"IPv6, begun":       {facts{open: true, v6: true, router: way("2a00:1450::5")}, reachability.Unknown, reachability.Asking, ""},
		"IPv6 and firewall": {facts{open: true, v6: true, router: refused("2a00:1450::5")}, reachability.Unproven, reachability.Firewall, "[2a00:1450::5]:0"},
		"IPv6 came":         {facts{open: true, v6: true, router: refused("2a00:1450::5"), arrived: now}, reachability.Yes, reachability.Connected, "[2a00:1450::5]:6881"},
	} {
		c.f.port = 6881
		got := judge(c.f)
		want := netip.AddrPort{}
		if c.at != "" {
			want = netip.MustParseAddrPort(c.at)
		}
		if name == "just begun" || name == "IPv6, begun" {
			want = got.External // what is known before is not compared
		}
		if got.State != c.state || got.Cause != c.cause || got.External != want {
			t.Errorf("%s: %v, %v at %v; want %v, %v at %v", name, got.State, got.Cause, got.External, c.state, c.cause, want)
		}
	}
}

func TestVotes(t *testing.T) {
	now := time.Unix(1e9, 0)
	us, other := addr("8.8.4.4"), addr("9.9.9.9")
	var v votes
	cast := func(by string, you netip.Addr) { v.cast(addr(by), you, now) }
	for _, one := range []string{"1.2.0.1", "1.2.3.4", "1.2.255.255"} { // of one network
		cast(one, other)
	}
	cast("1.3.0.1", us)
	cast("10.0.0.7", us) // sits beside us
	cast("1.4.0.1", addr("192.168.1.5"))
	if got := v.winner(now); got.IsValid() {
		t.Errorf("two networks decide on %v", got)
	}
	cast("1.4.0.1", us)
	cast("1.5.0.1", us)
	if got := v.winner(now); got != us {
		t.Errorf("three of four see %v, not %v", us, got)
	}
	for i := range 3 {
		v.cast(netip.AddrFrom4([4]byte{2, byte(i), 0, 1}), other, now)
	}
	if got := v.winner(now); got != other {
		t.Errorf("four of seven see %v, not %v", other, got)
	}
	v.cast(addr("2.0.0.1"), us, now) // changes its mind
	if got := v.winner(now); got != us {
		t.Errorf("four of seven see %v, not %v", us, got)
	}
	if got := v.winner(now.Add(memory)); got.IsValid() || len(v.by) > 0 {
		t.Errorf("an old vote counts for %v", got)
	}
}

// However many speak, what is remembered is bounded, and the oldest goes.
func TestVotersAreBounded(t *testing.T) {
	now := time.Unix(1e9, 0)
	var v votes
	for i := range 3 * maxVoters {
		v.cast(netip.AddrFrom4([4]byte{byte(11 + i>>8), byte(i), 0, 1}), addr("8.8.4.4"), now.Add(time.Duration(i)*time.Second))
	}
	if _, kept := v.by[netip.MustParsePrefix("11.0.0.0/16")]; len(v.by) != maxVoters || kept {
		t.Errorf("%d voters, the first of them: %t", len(v.by), kept)
	}
}

func TestSent(t *testing.T) {
	now := time.Unix(1e9, 0)
	var s sent
	s.note(addr("8.8.8.8"), now)
	if !s.knows(addr("8.8.8.8"), now.Add(fresh)) || s.knows(addr("8.8.4.4"), now) {
		t.Error("who was sent to is not known")
	}
	s.note(addr("9.9.9.9"), now.Add(fresh))
	s.note(addr("9.9.9.9"), now.Add(2*fresh))
	if s.knows(addr("8.8.8.8"), now.Add(2*fresh)) {
		t.Error("who was sent to long ago is still known")
	}
	now = now.Add(3 * fresh)
	for i := range maxSent + 1 {
		s.note(netip.AddrFrom4([4]byte{11, byte(i >> 8), byte(i), 1}), now)
	}
	if len(s.recent) > maxSent || !s.knows(addr("8.8.4.4"), now) || s.knows(addr("8.8.4.4"), now.Add(fresh)) {
		t.Errorf("%d are remembered, and nobody can be told from them", len(s.recent))
	}
}
