package greeting

import (
	"testing"

	"github.com/warren-p2p/warren/btls/ssltorrent"
	"github.com/warren-p2p/warren/internal/transport"
	"github.com/warren-p2p/warren/peerwire/extension"
	"github.com/warren-p2p/warren/swarm/internal/conns"
)

// A rule may change; TLS is offered where it may be used.
func TestRule(t *testing.T) {
	offer := extension.TLS{V: 1, H: [32]byte{7}}
	ssl := transport.ID{Access: transport.Access{SSL: &ssltorrent.Member{}}}
	var r Rule
	for _, c := range []struct {
		policy     conns.Policy
		clear, tls bool
	}{{conns.Prefer, true, true}, {conns.Require, false, true}, {conns.Off, true, false}} {
		r.Set(c.policy)
		if r.Allows(transport.Plain) != c.clear || r.Allows(transport.MSE) != c.clear || r.Allows(transport.TLS) != c.tls {
			t.Errorf("%v allows otherwise", c.policy)
		}
		if got := r.Offer(offer, transport.ID{}); (got == offer) != c.tls {
			t.Errorf("%v offers %+v", c.policy, got)
		}
		if got := r.Offer(offer, ssl); got != (extension.TLS{}) {
			t.Errorf("an SSL torrent offers %+v", got)
		}
	}
}
