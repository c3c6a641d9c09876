package own

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"time"

	"github.com/warren-p2p/warren/swarm"
	"github.com/warren-p2p/warren/swarm/reachability"
)

// Wishes are how torrents that were made here are to list the tracker.
type Wishes struct {
	List bool // whether they do
	// Address is where others reach the port, as the user says: a name or an address,
	// with a port or without. Name is one that the port has a certificate for, or is to
	// get. Each is "" if there is none.
	Address, Name string
	// Hidden says that traffic leaves by a proxy: what the machine finds out of its
	// addresses is to be told nobody.
	Hidden bool
}

// place is what is known of where others reach the port of the node.
type place struct {
	Wishes
	port   net.Addr // where it listens; nil if it does not
	report reachability.Report
}

func (c *Config) place() place { return placeOf(c.Wishes(), c.Session()) }

func placeOf(w Wishes, s *swarm.Session) place {
	p := place{Wishes: w}
	if s != nil {
		p.port, p.report = s.Addr(), s.Reachability()
	}
	return p
}

// Place returns where others reach the port of the node, "HOST:PORT": where the user
// says, else by the name of the port, else at the address that is known to lead here,
// else, if the port is open at one address alone, there. It is "" as long as nobody knows.
func Place(w Wishes, s *swarm.Session) string {
	p := placeOf(w, s)
	return p.reached()
}

// Place is that of the tracker, "" if there is none.
func (t *Tracker) Place() string {
	if t == nil {
		return ""
	}
	return Place(t.cfg.Wishes(), t.cfg.Session())
}

// at returns where torrents that list the tracker say it is, "" if none is to.
func (p *place) at() string {
	if !p.List {
		return ""
	}
	return p.reached()
}

// reached is Place.
func (p *place) reached() string {
	if p.port == nil {
		return ""
	}
	port := strconv.Itoa(int(p.number()))
	switch list := p.known(); {
	case p.Address != "":
		if _, _, err := net.SplitHostPort(p.Address); err == nil {
			return p.Address
		}
		return net.JoinHostPort(p.Address, port)
	case p.Hidden:
		return ""
	case p.Name != "":
		return net.JoinHostPort(p.Name, port)
	case len(list) > 0:
		return list[0].String()
	}
	if at, err := netip.ParseAddrPort(p.port.String()); err == nil && !at.Addr().IsUnspecified() {
		return at.String()
	}
	return ""
}

// known returns addresses that are known to lead here, the best first.
func (p *place) known() (list []netip.AddrPort) {
	if p.Hidden {
		return nil
	}
	families := []reachability.Family{p.report.IPv4, p.report.IPv6}
	if p.report.IPv6.State > p.report.IPv4.State {
		slices.Reverse(families)
	}
	for _, f := range families {
		if f.State >= reachability.Probably && f.External.IsValid() && f.External.Port() != 0 {
			list = append(list, f.External)
		}
	}
	return list
}

// number returns the one that others connect to, where only the host is known.
func (p *place) number() uint16 {
	if list := p.known(); len(list) > 0 {
		return list[0].Port()
	}
	at, _ := netip.ParseAddrPort(p.port.String()) // a listener's
	return at.Port()
}

// secure reports whether a certificate is one that clients accept of a host: then the
// tracker is announced to over HTTPS. roots are whom they believe; nil are those whom
// this machine does.
func secure(c *tls.Certificate, host string, roots *x509.CertPool, now time.Time) bool {
	if c == nil || c.Leaf == nil {
		return false
	}
	between := x509.NewCertPool()
	for _, der := range c.Certificate[1:] {
		if cert, err := x509.ParseCertificate(der); err == nil {
			between.AddCert(cert)
		}
	}
	_, err := c.Leaf.Verify(x509.VerifyOptions{DNSName: host, Intermediates: between, Roots: roots, CurrentTime: now})
	return err == nil
}
