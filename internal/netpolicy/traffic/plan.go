// Package traffic says by which way each kind of traffic leaves: by which network
// interface, and by which proxy.
//
// A [Plan] is what the user wants, a [Network] what carries it out: a policy for each
// kind, and a [Status] that says in plain words what does not go, and why.
package traffic

import (
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
)

// Kind is what traffic is for.
type Kind string

// The kinds.
const (
	Peers    Kind = "peers"     // connections with peers
	Trackers Kind = "trackers"  // announces
	WebSeeds Kind = "web-seeds" // content from web servers (BEP 19)
	DHT      Kind = "dht"
	Feeds    Kind = "feeds"
	Web      Kind = "web"   // whatever else is fetched: certificates, invitations
	Names    Kind = "names" // look-ups for what goes by no proxy
)

// Kinds returns all kinds.
func Kinds() []Kind { return []Kind{Peers, Trackers, WebSeeds, DHT, Feeds, Web, Names} }

// Plan is how traffic is to leave.
type Plan struct {
	// Interface is the name of the network interface, or an address of it, that
	// everything leaves by; "" uses whichever the machine's routes say.
	Interface string
	// NameServers are asked for names instead of those that the machine asks.
	NameServers []netip.AddrPort
}

// dnsPort is that of name servers (RFC 1035).
const dnsPort = 53

// Parse reads a plan. Name servers are ADDRESS or ADDRESS:PORT.
func Parse(ifName string, nameServers []string) (Plan, error) {
	p := Plan{Interface: ifName}
	if strings.ContainsAny(ifName, " /\t\n") {
		return p, fmt.Errorf("interface %q: want a name such as wg0, or an address of one", ifName)
	}
	for _, text := range nameServers {
		at, err := nameServer(text)
		if err != nil {
			return p, err
		}
		if !slices.Contains(p.NameServers, at) {
			p.NameServers = append(p.NameServers, at)
		}
	}
	return p, nil
}

func nameServer(text string) (netip.AddrPort, error) {
	if ip, err := netip.ParseAddr(strings.Trim(text, "[]")); err == nil {
		return netip.AddrPortFrom(ip.Unmap(), dnsPort), nil
	}
	at, err := netip.ParseAddrPort(text)
	if _, _, bad := net.SplitHostPort(text); err != nil || bad != nil || at.Port() == 0 {
		return at, fmt.Errorf("name server %q: want an address, such as 9.9.9.9", text)
	}
	return at, nil
}
