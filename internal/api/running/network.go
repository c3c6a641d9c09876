package running

import (
	"context"
	"net/http"
	"slices"

	"github.com/warren-p2p/warren/internal/access"
	"github.com/warren-p2p/warren/internal/api/operation"
	"github.com/warren-p2p/warren/internal/netpolicy/traffic"
)

// Network says by which way traffic leaves.
type Network struct {
	Interface  *Interface `json:"interface,omitempty" doc:"That by which everything leaves; absent if it leaves as the routes of the machine say."`
	KillSwitch bool       `json:"kill_switch" doc:"Whether nothing leaves while that interface is away: so wherever one is named."`
	Ways       []Way      `json:"ways" nullable:"false" doc:"By which way each kind of traffic leaves."`
	Proxies    []Proxy    `json:"proxies" nullable:"false" doc:"Those in use. If one is away nothing goes beside it."`
	Blocked    []Blocked  `json:"blocked" nullable:"false" doc:"What does not go at all, and why."`
}

// Interface is how it stands with a network interface.
type Interface struct {
	Name      string   `json:"name" doc:"As it was given: its name, or an address of it."`
	Up        bool     `json:"up" doc:"Whether packets leave by it."`
	Why       string   `json:"why,omitempty" doc:"Why not."`
	Addresses []string `json:"addresses" nullable:"false" doc:"From which packets leave."`
	ByAddress bool     `json:"by_address,omitempty" doc:"Whether sockets are bound to its addresses only, as the system has nothing better: other routes can send packets elsewhere then."`
}

// Way is that of a kind of traffic.
type Way struct {
	Kind  string `json:"kind" enum:"peers,trackers,web-seeds,dht,feeds,web,names" doc:"What the traffic is for."`
	By    string `json:"by" enum:"direct,proxy,off" doc:"How it leaves."`
	Proxy string `json:"proxy,omitempty" doc:"URL of the proxy, without user and password."`
}

// Proxy is how it stands with a proxy.
type Proxy struct {
	Proxy   string `json:"proxy" doc:"Its URL, without user and password."`
	Trouble string `json:"trouble,omitempty" doc:"Why the last attempt to reach it came to nothing."`
}

// Blocked is something that does not go.
type Blocked struct {
	What string `json:"what" doc:"Such as local network, or a kind of traffic; everything if the interface is away."`
	Why  string `json:"why" doc:"In a sentence."`
}

func (s Service) registerNetwork(r *operation.Registrar) {
	type answer struct{ Body Network }
	operation.Register(r, operation.Op{
		ID: "get-network", Method: http.MethodGet, Path: "/network", Tag: tag, Scope: access.Read,
		Summary: "Show by which way traffic leaves, and what does not",
	}, func(context.Context, *operation.Empty) (*answer, error) { return &answer{s.Network()}, nil })
}

// Network returns by which way traffic leaves.
func (s Service) Network() Network {
	now := s.Traffic()
	out := Network{KillSwitch: now.Interface != nil, Ways: []Way{}, Proxies: []Proxy{}, Blocked: []Blocked{}}
	if i := now.Interface; i != nil {
		out.Interface = &Interface{Name: i.Interface, Up: i.Up, Why: i.Why, Addresses: []string{}, ByAddress: i.ByAddress}
		for _, a := range i.Addresses {
			out.Interface.Addresses = append(out.Interface.Addresses, a.String())
		}
		if !i.Up {
			out.Blocked = append(out.Blocked, Blocked{"everything", i.Why})
		}
	}
	for _, p := range now.Proxies {
		out.Proxies = append(out.Proxies, Proxy{p.Proxy, p.Trouble})
	}
	for _, off := range now.Off {
		out.Blocked = append(out.Blocked, Blocked{off.What, off.Why})
	}
	for _, kind := range traffic.Kinds() {
		out.Ways = append(out.Ways, way(now, kind))
	}
	return out
}

func way(now traffic.Status, kind traffic.Kind) Way {
	for _, p := range now.Proxies {
		if slices.Contains(p.Kinds, kind) {
			return Way{string(kind), "proxy", p.Proxy}
		}
	}
	if slices.ContainsFunc(now.Off, func(o traffic.Off) bool { return o.What == string(kind) }) {
		return Way{string(kind), "off", ""}
	}
	return Way{string(kind), "direct", ""}
}
