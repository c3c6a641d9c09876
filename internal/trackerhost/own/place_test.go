package own

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"net"
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/warren-p2p/warren/swarm/reachability"
)

// Where the tracker is, from the surest to what nobody knows.
func TestPlace(t *testing.T) {
	family := func(s reachability.State, at string) reachability.Family {
		return reachability.Family{State: s, External: netip.MustParseAddrPort(at)}
	}
	port := func(text string) net.Addr { return net.TCPAddrFromAddrPort(netip.MustParseAddrPort(text)) }
	mapped := family(reachability.Probably, "203.0.113.5:7000")
	six := family(reachability.Yes, "[2001:db8::5]:6881")
	for name, c := range map[string]struct {
		p     place
		want  string
		known []string
	}{
		"no port":            {place{Wishes: Wishes{List: true, Address: "node.example"}}, "", nil},
		"not wanted":         {place{Wishes: Wishes{Address: "node.example"}, port: port("[::]:6881")}, "", nil},
		"not known":          {place{port: port("[::]:6881")}, "", nil},
		"listens at one":     {place{port: port("192.0.2.1:6881")}, "192.0.2.1:6881", nil},
		"unproven":           {place{port: port("[::]:6881"), report: reachability.Report{IPv4: family(reachability.Unproven, "203.0.113.5:7000")}}, "", nil},
		"no port known":      {place{port: port("[::]:6881"), report: reachability.Report{IPv4: family(reachability.Yes, "203.0.113.5:0")}}, "", nil},
		"mapped":             {place{port: port("[::]:6881"), report: reachability.Report{IPv4: mapped}}, "203.0.113.5:7000", []string{"203.0.113.5:7000"}},
		"both, IPv6 is sure": {place{port: port("[::]:6881"), report: reachability.Report{IPv4: mapped, IPv6: six}}, "[2001:db8::5]:6881", []string{"[2001:db8::5]:6881", "203.0.113.5:7000"}},
		"name":               {place{Wishes: Wishes{Name: "node.example"}, port: port("[::]:6881"), report: reachability.Report{IPv4: mapped}}, "node.example:7000", []string{"203.0.113.5:7000"}},
		"name, own port":     {place{Wishes: Wishes{Name: "node.example"}, port: port("[::]:6881")}, "node.example:6881", nil},
		"said":               {place{Wishes: Wishes{Name: "node.example", Address: "other.example:443"}, port: port("[::]:6881")}, "other.example:443", nil},
		"said, no port":      {place{Wishes: Wishes{Address: "2001:db8::7"}, port: port("[::]:6881")}, "[2001:db8::7]:6881", nil},
		"hidden":             {place{Wishes: Wishes{Hidden: true, Name: "node.example"}, port: port("192.0.2.1:6881"), report: reachability.Report{IPv4: mapped}}, "", nil},
		"hidden, said":       {place{Wishes: Wishes{Hidden: true, Address: "relay.example:9"}, port: port("[::]:6881"), report: reachability.Report{IPv4: mapped}}, "relay.example:9", nil},
	} {
		if name != "not wanted" {
			c.p.List = true
		}
		if got := c.p.at(); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
		var known []string
		for _, at := range c.p.known() {
			known = append(known, at.String())
		}
		if d := cmp.Diff(c.known, known); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

// HTTPS is for a certificate that clients accept.
func TestSecure(t *testing.T) {
	now := time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	make := func(parent *x509.Certificate, c x509.Certificate) *x509.Certificate {
		c.NotBefore, c.NotAfter, c.BasicConstraintsValid = now.Add(-time.Hour), now.Add(time.Hour), true
		c.SerialNumber = big.NewInt(7)
		if parent == nil {
			parent = &c
		}
		der, err := x509.CreateCertificate(rand.Reader, &c, parent, key.Public(), key)
		if err != nil {
			t.Fatal(err)
		}
		made, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		return made
	}
	root := make(nil, x509.Certificate{IsCA: true, KeyUsage: x509.KeyUsageCertSign})
	leaf := make(root, x509.Certificate{DNSNames: []string{"node.example"}, IPAddresses: []net.IP{net.IPv4(192, 0, 2, 1)}})
	roots := x509.NewCertPool()
	roots.AddCert(root)
	shown := &tls.Certificate{Certificate: [][]byte{leaf.Raw, root.Raw, []byte("damaged")}, Leaf: leaf}
	for name, c := range map[string]struct {
		cert  *tls.Certificate
		host  string
		roots *x509.CertPool
		at    time.Time
		want  bool
	}{
		"name":      {shown, "node.example", roots, now, true},
		"address":   {shown, "192.0.2.1", roots, now, true},
		"other":     {shown, "other.example", roots, now, false},
		"expired":   {shown, "node.example", roots, now.Add(2 * time.Hour), false},
		"unknown":   {shown, "node.example", x509.NewCertPool(), now, false},
		"none":      {nil, "node.example", roots, now, false},
		"leaf lost": {&tls.Certificate{}, "node.example", roots, now, false},
	} {
		if secure(c.cert, c.host, c.roots, c.at) != c.want {
			t.Errorf("%s: %v", name, !c.want)
		}
	}
}
