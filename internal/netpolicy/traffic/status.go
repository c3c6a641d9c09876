package traffic

import (
	"errors"
	"fmt"
	"slices"

	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/netpolicy/bound"
	"github.com/warren-p2p/warren/internal/netpolicy/proxy"
)

// Status is how it stands.
type Status struct {
	// Interface is that which everything leaves by, nil if none was named.
	Interface *bound.Status
	// Proxies are those in use.
	Proxies []ProxyStatus
	// Off is what does not go at all.
	Off []Off
}

// ProxyStatus is how it stands with a proxy.
type ProxyStatus struct {
	Proxy string // without user and password
	Kinds []Kind // what goes by it
	// Trouble says why the last attempt to reach it came to nothing; "" if it did not.
	Trouble string
}

// Off is something that is not done.
type Off struct {
	What string // such as "local network"
	Why  string // in plain words
}

// Status returns how it stands now. Whether a proxy passes on datagrams is known once
// that was tried.
func (n *Network) Status() (s Status) {
	if n.bound != nil {
		b := n.bound.Status()
		s.Interface = &b
		if b.Up && !n.bound.Neighbours() {
			s.Off = append(s.Off, Off{"local network", n.plan.Interface + " is a line to one other end: no neighbour is on it"})
		}
	}
	for _, k := range Kinds() {
		w := n.plan.way(k)
		switch {
		case w.Off:
			s.Off = append(s.Off, Off{string(k), "you have switched it off"})
		case w.Proxy != nil:
			s.note(n.proxies[*w.Proxy], k)
			s.Off = append(s.Off, n.missing(k, n.proxies[*w.Proxy])...)
		}
	}
	return s
}

// note takes note that a kind goes by a proxy.
func (s *Status) note(p *proxy.Proxy, k Kind) {
	name := p.Server().String()
	i := slices.IndexFunc(s.Proxies, func(o ProxyStatus) bool { return o.Proxy == name })
	if i < 0 {
		i = len(s.Proxies)
		s.Proxies = append(s.Proxies, ProxyStatus{Proxy: name, Trouble: p.Trouble()})
	}
	s.Proxies[i].Kinds = append(s.Proxies[i].Kinds, k)
}

// missing returns what of a kind does not go by a proxy.
func (n *Network) missing(k Kind, p *proxy.Proxy) (off []Off) {
	by := fmt.Sprintf("peers go by the proxy %v", p.Server())
	datagrams := map[Kind]string{Peers: "uTP", Trackers: "trackers over UDP", DHT: "DHT"}[k]
	if k == Peers {
		off = append(off,
			Off{"incoming connections", by + ", by which nobody can connect to us"},
			Off{"local network", by + ", which neighbours are not told of"},
			Off{"port mapping", by + ", by which nobody can connect to us"})
	}
	switch err := p.Datagrams(); {
	case datagrams == "":
	case errors.Is(err, netpolicy.ErrNoUDP):
		off = append(off, Off{datagrams, fmt.Sprintf("the proxy %v passes on no datagrams", p.Server())})
	case p.Remote() && k != Peers:
		off = append(off, Off{"names of " + datagrams, fmt.Sprintf("the proxy %v looks up names for connections only: name a name server", p.Server())})
	}
	return off
}
