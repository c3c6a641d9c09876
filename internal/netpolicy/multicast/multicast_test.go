package multicast_test

import (
	"net/netip"
	"testing"

	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/netpolicy/multicast"
)

// A policy that hides the node joins no group.
func TestOnlyWhereAllowed(t *testing.T) {
	at := netip.MustParseAddrPort("239.192.152.143:6771")
	mem := netpolicy.NewMem()
	if list, err := multicast.Join(t.Context(), mem, at); multicast.Allowed(mem) || len(list) > 0 || err != nil {
		t.Errorf("joined %d groups, %v", len(list), err)
	}
	if !multicast.Allowed(netpolicy.Direct{}) {
		t.Error("the machine's own network is not allowed")
	}
}
