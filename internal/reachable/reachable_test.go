package reachable

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/warren-p2p/warren/swarm/reachability"
)

// teller writes what people are told, or what programs are.
type teller struct {
	out  *bytes.Buffer
	json bool
}

func (t teller) Say(format string, args ...any) {
	if !t.json {
		fmt.Fprintf(t.out, format+"\n", args...)
	}
}

func (t teller) Warn(format string, args ...any) { t.Say(format, args...) }

func (t teller) Emit(event any) error {
	if !t.json {
		return nil
	}
	return json.NewEncoder(t.out).Encode(event)
}

// session stands as a test says.
type session struct {
	mu sync.Mutex
	r  reachability.Report
}

func (s *session) Reachability() reachability.Report {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.r
}

func (s *session) set(v4, v6 reachability.Family) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.r = reachability.Report{IPv4: v4, IPv6: v6, Port: 6881}
}

func family(state reachability.State, cause reachability.Cause, external string) reachability.Family {
	f := reachability.Family{State: state, Cause: cause, Local: netip.MustParseAddr("192.168.1.5"), Method: "UPnP"}
	if external != "" {
		f.External = netip.MustParseAddrPort(external)
	}
	return f
}

func closed() reachability.Family { return family(reachability.Unknown, reachability.Closed, "") }

// It is said when it is known, once, and again when it changes.
func TestFollow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &session{}
		f := Follow(s)
		defer f.Close()
		expect := func(when string, want reachability.Cause) {
			t.Helper()
			time.Sleep(10 * time.Second)
			select {
			case n := <-f.News:
				if got := n.(News).report.Best().Cause; got != want {
					t.Errorf("%s: %v, want %v", when, got, want)
				}
			default:
				t.Errorf("%s: nothing is said", when)
			}
		}
		silent := func(when string) {
			t.Helper()
			time.Sleep(10 * time.Second)
			select {
			case n := <-f.News:
				t.Errorf("%s: %+v", when, n)
			default:
			}
		}
		s.set(closed(), closed())
		silent("for this machine alone")
		firewall := family(reachability.Unproven, reachability.Firewall, "")
		s.set(family(reachability.Unknown, reachability.Asking, ""), firewall)
		silent("the router has not answered")
		s.set(family(reachability.Probably, reachability.Mapped, "8.8.4.4:6881"), firewall)
		expect("mapped", reachability.Mapped)
		silent("nothing has changed")
		s.set(family(reachability.Probably, reachability.Mapped, "8.8.4.4:6881"), closed())
		select {
		case n := <-f.News:
			var out bytes.Buffer
			if err := n.Tell(teller{out: &out}); err != nil || out.Len() > 0 {
				t.Errorf("the lesser family: %q, %v", out.String(), err)
			}
		case <-time.After(10 * time.Second):
			t.Error("programs are not told of the lesser family")
		}
		firewall = closed()
		s.set(family(reachability.Yes, reachability.Connected, "8.8.4.4:6881"), firewall)
		expect("somebody came", reachability.Connected)
	})
}

func TestWords(t *testing.T) {
	for _, c := range []struct {
		f    reachability.Family
		want []string // parts of what is said; none for silence
	}{
		{family(reachability.Yes, reachability.Connected, "8.8.4.4:7000"), []string{"can connect to 8.8.4.4:7000"}},
		{family(reachability.Yes, reachability.Connected, "8.8.4.4:0"), []string{"can connect: somebody"}},
		{family(reachability.Probably, reachability.Mapped, "8.8.4.4:6881"), []string{"probably", "8.8.4.4:6881", "UPnP"}},
		{family(reachability.Probably, reachability.OwnAddress, "8.8.4.4:6881"), []string{"probably", "this machine"}},
		{family(reachability.Unproven, reachability.Refused, ""), []string{"may not", "6881", "192.168.1.5"}},
		{family(reachability.Unproven, reachability.Carrier, ""), []string{"provider", "No setting"}},
		{family(reachability.Unproven, reachability.NoRouter, ""), []string{"VPN", "6881"}},
		{family(reachability.Unproven, reachability.TwoRouters, "9.9.9.9:0"), []string{"another one", "6881"}},
		{family(reachability.Unproven, reachability.Firewall, ""), []string{"firewall", "6881"}},
		{family(reachability.Unproven, reachability.NotAsked, ""), nil},
	} {
		for _, events := range []bool{false, true} {
			var out bytes.Buffer
			s := &session{}
			s.set(c.f, closed())
			if err := of(s.r).Tell(teller{&out, events}); err != nil {
				t.Fatal(err)
			}
			want := c.want
			if events {
				want = []string{`"event":"reachability"`, `"reachable":"` + c.f.State.String() + `"`, `"cause":"` + c.f.Cause.String() + `"`, `"ipv6":"unknown"`}
				if (c.f.External.Port() != 0) != strings.Contains(out.String(), `"external":"8.8.4.4:`) {
					t.Errorf("%v: %s", c.f.Cause, out.String())
				}
			}
			for _, part := range want {
				if !strings.Contains(out.String(), part) {
					t.Errorf("%v: %q does not say %q", c.f.Cause, out.String(), part)
				}
			}
			if len(want) == 0 && out.Len() > 0 {
				t.Errorf("%v: %q", c.f.Cause, out.String())
			}
		}
	}
}

func TestAddresses(t *testing.T) {
	at := func(s string) net.Addr { return net.TCPAddrFromAddrPort(netip.MustParseAddrPort(s)) }
	if got := Addresses(at("192.0.2.1:6881")); !slices.Equal(got, []string{"192.0.2.1:6881"}) {
		t.Errorf("%v", got)
	}
	for _, all := range []string{"0.0.0.0:6881", "[::]:6881"} {
		if got := Addresses(at(all)); got[len(got)-1] != "127.0.0.1:6881" {
			t.Errorf("%s: %v", all, got)
		}
	}
}
