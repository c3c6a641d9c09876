package traffic_test

import (
	"errors"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/netpolicy/multicast"
	"github.com/warren-p2p/warren/internal/netpolicy/proxy"
	"github.com/warren-p2p/warren/internal/netpolicy/traffic"
)

func open(t *testing.T, ifName string, names, proxies []string) *traffic.Network {
	t.Helper()
	p, err := traffic.Parse(ifName, names, proxies)
	if err != nil {
		t.Fatal(err)
	}
	n, err := traffic.Open(p, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = n.Close() })
	return n
}

// Plans that cannot be meant are refused, and passwords are not shown.
func TestRefused(t *testing.T) {
	for _, c := range []struct {
		ifName         string
		names, proxies []string
	}{
		{"two words", nil, nil}, {"a/b", nil, nil}, {"", []string{"dns.example"}, nil}, {"", []string{"9.9.9.9:0"}, nil},
		{"", nil, []string{"peers=off"}}, {"", nil, []string{"mail=direct"}}, {"", nil, []string{"peers=secret@h"}},
		{"", nil, []string{"gopher://secret@h"}}, {"", nil, []string{"names=socks5://h"}},
	} {
		if _, err := traffic.Parse(c.ifName, c.names, c.proxies); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

// Without a plan all is the machine's own, and nothing is off.
func TestNoPlan(t *testing.T) {
	n := open(t, "", nil, nil)
	for _, k := range traffic.Kinds() {
		if n.Policy(k) != (netpolicy.Direct{}) {
			t.Errorf("%s goes by %T", k, n.Policy(k))
		}
	}
	s := n.Policies()
	if s.DHT != nil || s.Near != (netpolicy.Direct{}) {
		t.Errorf("%+v", s)
	}
	if st := n.Status(); st.Interface != nil || len(st.Off)+len(st.Proxies) > 0 {
		t.Errorf("%+v", st)
	}
}

// Each kind goes its way; what does not go by a proxy is off, and said to be.
func TestKinds(t *testing.T) {
	n := open(t, "", nil, []string{"socks5://me:p=w@192.0.2.1", "trackers=http://192.0.2.2:8080", "web-seeds=direct", "feeds=off"})
	for k, want := range map[traffic.Kind]string{
		traffic.Peers: "socks5://192.0.2.1:1080", traffic.DHT: "socks5://192.0.2.1:1080", traffic.Web: "socks5://192.0.2.1:1080",
		traffic.Trackers: "http://192.0.2.2:8080",
	} {
		if p, ok := n.Policy(k).(*proxy.Proxy); !ok || p.Server().String() != want {
			t.Errorf("%s goes by %v", k, n.Policy(k))
		}
	}
	if n.Policy(traffic.WebSeeds) != (netpolicy.Direct{}) || n.Policy(traffic.Feeds) != (netpolicy.Off{}) {
		t.Errorf("%T, %T", n.Policy(traffic.WebSeeds), n.Policy(traffic.Feeds))
	}
	s := n.Policies()
	if s.DHT != nil || multicast.Allowed(s.Near) {
		t.Errorf("%+v", s)
	}
	var off []string
	for _, o := range n.Status().Off {
		off = append(off, o.What)
		if o.Why == "" || strings.Contains(o.Why, "p=w") {
			t.Errorf("%s: %q", o.What, o.Why)
		}
	}
	for _, what := range []string{"incoming connections", "local network", "port mapping", "trackers over UDP", "names of DHT", "feeds"} {
		if !slices.Contains(off, what) {
			t.Errorf("%s is not said to be off: %q", what, off)
		}
	}
	if got := n.Status().Proxies; len(got) != 2 || len(got[0].Kinds) != 3 {
		t.Errorf("%+v", got)
	}
}

// The DHT has a socket of its own where it goes another way than peers.
func TestOwnDHT(t *testing.T) {
	if s := open(t, "", nil, []string{"peers=socks5://192.0.2.1"}).Policies(); s.DHT != (netpolicy.Direct{}) {
		t.Errorf("the DHT goes by %v", s.DHT)
	}
}

// Names for what goes by no proxy are looked up as planned, or not at all.
func TestNames(t *testing.T) {
	n := open(t, "", []string{"192.0.2.53"}, []string{"names=off"})
	p := n.Policy(traffic.Peers)
	if _, err := p.Resolve(t.Context(), "peer.example"); !errors.Is(err, netpolicy.ErrOff) {
		t.Errorf("error %v", err)
	}
	if _, err := p.Dial(t.Context(), "peer.example:1"); !errors.Is(err, netpolicy.ErrOff) {
		t.Errorf("error %v", err)
	}
	if list, err := p.Resolve(t.Context(), "::ffff:192.0.2.1"); err != nil || list[0] != netip.MustParseAddr("192.0.2.1") {
		t.Errorf("%v, %v", list, err)
	}
	if n.Policies().Near != (netpolicy.Direct{}) {
		t.Error("the neighbours are not spoken to as before")
	}
}

// Bound to an interface that is not there nothing goes, by a proxy neither; but what
// runs beside the node is reached.
func TestBound(t *testing.T) {
	n := open(t, "nosuch0", nil, []string{"trackers=socks5://192.0.2.1"})
	st := n.Status()
	if st.Interface == nil || st.Interface.Up || st.Interface.Why == "" {
		t.Fatalf("%+v", st)
	}
	for _, k := range []traffic.Kind{traffic.Peers, traffic.Trackers} {
		if _, err := n.Policy(k).Dial(t.Context(), "192.0.2.7:80"); err == nil || !strings.Contains(err.Error(), "nosuch0") {
			t.Errorf("%s: %v", k, err)
		}
	}
	l, err := netpolicy.Direct{}.Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	c, err := n.Beside().Dial(t.Context(), l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	_ = c.Close()
}
