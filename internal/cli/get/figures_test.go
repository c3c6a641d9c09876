package get

import (
	"errors"
	"testing"

	"github.com/warren-p2p/warren/internal/netpolicy"
)

// For the running node no name is looked up from here, which would go beside the way
// that it is bound to.
func TestFigures(t *testing.T) {
	g := &Command{Peer: []string{"192.0.2.1:6881", "localhost:1", "[2001:db8::1]:2"}}
	list, err := g.peers(t.Context(), figures{})
	if err != nil || len(list) != 3 || list[1].String() != "127.0.0.1:1" {
		t.Errorf("%v, %v", list, err)
	}
	g.Peer = []string{"peer.example:6881"}
	if _, err := g.peers(t.Context(), figures{}); !errors.Is(err, netpolicy.ErrNoNames) {
		t.Errorf("error %v", err)
	}
}
