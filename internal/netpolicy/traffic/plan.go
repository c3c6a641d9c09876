// Package traffic says by which way each kind of traffic leaves: by which network
// interface, and by which proxy.
//
// A [Plan] is what the user wants, a [Network] what carries it out: a policy for each
// kind, and a [Status] that says in plain words what does not go, and why.
package traffic

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/warren-p2p/warren/internal/netpolicy/proxy"
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
	// Proxy is that of every kind that Ways does not name, but for names, which go as
	// what they are looked up for does; nil for none.
	Proxy *proxy.Server
	// Ways are those of single kinds.
	Ways map[Kind]Way
}

// Way is a proxy; or, without one, the network directly, or nothing at all.
type Way struct {
	Proxy *proxy.Server
	Off   bool
}

// ErrNames reports a proxy for names without a name server to ask through it.
var ErrNames = errors.New("names by a proxy need a name server that is asked through it")

// dnsPort is that of name servers (RFC 1035).
const dnsPort = 53

// Parse reads a plan. Name servers are ADDRESS or ADDRESS:PORT; proxies are the URL of
// one for everything, or KIND=URL, KIND=direct and KIND=off for one kind.
func Parse(ifName string, nameServers, proxies []string) (Plan, error) {
	p := Plan{Interface: ifName, Ways: map[Kind]Way{}}
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
	for _, text := range proxies {
		if err := p.route(text); err != nil {
			return p, err
		}
	}
	if p.Ways[Names].Proxy != nil && len(p.NameServers) == 0 {
		return p, ErrNames
	}
	return p, nil
}

// route reads by which way something goes.
func (p *Plan) route(text string) error {
	kind, way, single := strings.Cut(text, "=")
	if single = single && !strings.Contains(kind, ":"); !single { // of a URL the scheme comes first
		s, err := proxy.Parse(text)
		p.Proxy = &s
		return err
	}
	k := Kind(kind)
	if !slices.Contains(Kinds(), k) {
		return fmt.Errorf("no kind of traffic is called %q: there are %s", kind, list())
	}
	switch {
	case way == "off" && k == Peers:
		return fmt.Errorf("peers cannot be off: a node without peers does nothing")
	case way == "off" || way == "direct":
		p.Ways[k] = Way{Off: way == "off"}
	default:
		s, err := proxy.Parse(way)
		if err != nil {
			return fmt.Errorf("%s: %w", kind, err)
		}
		p.Ways[k] = Way{Proxy: &s}
	}
	return nil
}

func list() string {
	var names []string
	for _, k := range Kinds() {
		names = append(names, string(k))
	}
	return strings.Join(names, ", ")
}

// way returns that of a kind.
func (p *Plan) way(k Kind) Way {
	if w, ok := p.Ways[k]; ok {
		return w
	}
	if k == Names {
		return Way{}
	}
	return Way{Proxy: p.Proxy}
}

func nameServer(text string) (netip.AddrPort, error) {
	if ip, err := netip.ParseAddr(strings.Trim(text, "[]")); err == nil {
		return netip.AddrPortFrom(ip.Unmap(), dnsPort), nil
	}
	at, err := netip.ParseAddrPort(text)
	if err != nil || at.Port() == 0 {
		return at, fmt.Errorf("name server %q: want an address, such as 9.9.9.9", text)
	}
	return at, nil
}
