package gateway_test

import (
	"net/netip"
	"slices"
	"testing"

	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/netpolicy/gateway"
)

// What the system says is read without an error, whatever it is, and is told of
// the machine's own network alone.
func TestSystem(t *testing.T) {
	routes, err := gateway.Routes(t.Context(), netpolicy.Direct{})
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range routes {
		if !r.Local.IsValid() || r.Router.IsValid() && r.Local.Is6() != r.Router.Is6() || i > 0 && r.Local.Is6() == routes[0].Local.Is6() {
			t.Errorf("%+v among %+v", r, routes)
		}
	}
	near, err := gateway.Near(netpolicy.Direct{})
	loopback := func(p netip.Prefix) bool { return p.Contains(netip.MustParseAddr("127.0.0.1")) }
	if err != nil || !slices.ContainsFunc(near, loopback) {
		t.Errorf("near are %v, %v", near, err)
	}
}

// A policy that hides the node tells nothing of where it is.
func TestHidden(t *testing.T) {
	mem := netpolicy.NewMem()
	routes, err := gateway.Routes(t.Context(), mem)
	if len(routes) > 0 || err != nil {
		t.Errorf("routes %v, %v", routes, err)
	}
	if near, err := gateway.Near(mem); len(near) > 0 || err != nil {
		t.Errorf("near are %v, %v", near, err)
	}
}
