package contact

import (
	"github.com/warren-p2p/warren/internal/words"
	"github.com/warren-p2p/warren/swarm"
)

// DHT says in a few words what the DHT has to do with it that no peer is
// connected.
func DHT(l swarm.Lookup) string {
	switch {
	case l.Nodes == 0 && l.At.IsZero():
		return "no node of the DHT has answered yet"
	case l.Nodes == 0:
		return "no node of the DHT answers"
	case l.At.IsZero():
		return "asking the DHT"
	case l.Found == 0:
		return "the DHT knows no peer"
	}
	return "the DHT knows " + words.Count(l.Found, "address", "addresses")
}
