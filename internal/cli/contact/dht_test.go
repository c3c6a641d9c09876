package contact_test

import (
	"testing"
	"time"

	"github.com/warren-p2p/warren/internal/cli/contact"
	"github.com/warren-p2p/warren/swarm"
)

func TestDHT(t *testing.T) {
	lookup := func(nodes int, ended bool, found int) (l swarm.Lookup) {
		l.Nodes, l.Found = nodes, found
		if ended {
			l.At = time.Unix(1, 0)
		}
		return l
	}
	for want, l := range map[string]swarm.Lookup{
		"no node of the DHT has answered yet": lookup(0, false, 0),
		"no node of the DHT answers":          lookup(0, true, 3),
		"asking the DHT":                      lookup(9, false, 0),
		"the DHT knows no peer":               lookup(9, true, 0),
		"the DHT knows 1 address":             lookup(9, true, 1),
		"the DHT knows 7 addresses":           lookup(9, true, 7),
	} {
		if got := contact.DHT(l); got != want {
			t.Errorf("%+v: %q, want %q", l, got, want)
		}
	}
}
