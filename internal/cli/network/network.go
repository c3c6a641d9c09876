// Package network holds the flags that say by which way traffic leaves.
package network

import (
	"context"
	"net/netip"
	"slices"
	"strings"

	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/netpolicy/bound"
	"github.com/warren-p2p/warren/internal/netpolicy/traffic"
	"github.com/warren-p2p/warren/internal/reachable"
	"github.com/warren-p2p/warren/internal/words"
)

// Flags are what the user says.
type Flags struct {
	Interface  string   `placeholder:"NAME|ADDRESS" help:"Let everything leave by this network interface, such as wg0, and by no other; nothing leaves while it is not there. With one of its addresses, from that address alone."`
	NameServer []string `name:"name-server" sep:"none" placeholder:"ADDRESS" help:"Ask this name server instead of those that the machine asks; may be given several times."`
	Proxy      []string `sep:"none" placeholder:"[KIND=]URL" help:"Let traffic out by a proxy, such as socks5://USER:PASSWORD@HOST:PORT or http://HOST:PORT; for one kind alone with peers=, trackers=, web-seeds=, dht=, web= or names=, where the URL may also be direct or off. May be given several times."`
}

// Check refuses what cannot be meant.
func (f *Flags) Check() error {
	_, err := f.plan()
	return err
}

func (f *Flags) plan() (traffic.Plan, error) {
	p, err := traffic.Parse(f.Interface, f.NameServer, f.Proxy)
	if err != nil {
		return p, console.Usage("%v", err)
	}
	return p, nil
}

// Network carries out what the user says.
type Network struct {
	*traffic.Network
	news chan bound.Status // the newest, until it is told
}

// Open carries it out until Close, and says so.
func (f *Flags) Open(c *console.Console) (*Network, error) {
	plan, err := f.plan()
	if err != nil {
		return nil, err
	}
	n := &Network{news: make(chan bound.Status, 1)}
	n.Network, err = traffic.Open(plan, n.changed, nil)
	if err != nil {
		return nil, err
	}
	n.begin(c)
	return n, nil
}

// Tell tells what does not go, once all has been opened that ever is.
func (n *Network) Tell(c *console.Console) {
	for _, line := range Lines(n.Status().Off) {
		c.Say("%s", line)
	}
}

// begin tells how it stands at first.
func (n *Network) begin(c *console.Console) {
	s := n.Status()
	select { // it is told here
	case <-n.news:
	default:
	}
	if s.Interface != nil {
		news(*s.Interface).say(c)
	}
	for _, p := range s.Proxies {
		var kinds []string
		for _, k := range p.Kinds {
			kinds = append(kinds, string(k))
		}
		c.Say("By the proxy %s go %s.", words.Plain(p.Proxy), strings.Join(kinds, ", "))
	}
}

// Lines says what is not done, a line for each reason.
func Lines(off []traffic.Off) (lines []string) {
	for i, o := range off {
		same := func(p traffic.Off) bool { return p.Why == o.Why }
		if slices.ContainsFunc(off[:i], same) {
			continue
		}
		var what []string
		for _, p := range off {
			if same(p) {
				what = append(what, p.What)
			}
		}
		lines = append(lines, "Not used: "+strings.Join(what, ", ")+" ("+o.Why+").")
	}
	return lines
}

// changed keeps the newest state until it is told.
func (n *Network) changed(s bound.Status) {
	select {
	case <-n.news:
	default:
	}
	n.news <- s // there is room: nobody else writes
}

// Follow passes on what becomes of the interface, until ctx ends.
func (n *Network) Follow(ctx context.Context, r *reachable.Follower) {
	for {
		select {
		case <-ctx.Done():
			return
		case s := <-n.news:
			r.Pass(ctx, news(s))
		}
	}
}

// Addresses leaves out those by which nobody comes in.
func (n *Network) Addresses(at []string) []string {
	s := n.Status()
	if s.Interface == nil || !s.Interface.Up {
		return at
	}
	ours := slices.DeleteFunc(slices.Clone(at), func(a string) bool {
		p, err := netip.ParseAddrPort(a)
		return err == nil && !slices.Contains(s.Interface.Addresses, p.Addr().Unmap())
	})
	if len(ours) == 0 {
		return at
	}
	return ours
}

// event is a line of --json.
type event struct {
	Event     string `json:"event"`
	Interface string `json:"interface"`
	Up        bool   `json:"up"`
	Why       string `json:"why,omitempty"`
}

// news is what became of an interface.
type news bound.Status

// Tell tells people, and programs as an event.
func (n news) Tell(c reachable.Teller) error {
	n.say(c)
	return c.Emit(event{Event: "interface", Interface: n.Interface, Up: n.Up, Why: n.Why})
}

func (n news) say(c reachable.Teller) {
	if !n.Up {
		c.Warn("nothing leaves until it is back: %s.", words.Plain(n.Why))
		return
	}
	var at []string
	for _, a := range n.Addresses {
		at = append(at, a.String())
	}
	c.Say("Everything leaves by %s alone (%s).", words.Plain(n.Interface), strings.Join(at, ", "))
	if n.ByAddress {
		c.Warn("this system does not let us bind to the interface itself, but only to its address: routes can send packets elsewhere.")
	}
}
