package contact_test

import (
	"strings"
	"testing"

	"github.com/warren-p2p/warren/internal/cli/contact"
	"github.com/warren-p2p/warren/swarm"
)

func TestSources(t *testing.T) {
	fresh, asking := swarm.TrackerStatus{}, swarm.TrackerStatus{Asking: true}
	fresh.URL, asking.URL = "udp://a:1", "udp://b:1"
	dht := &swarm.Lookup{Nodes: 9}
	for name, c := range map[string]struct {
		from   contact.Sources
		said   string
		advice string // part of it; "" if there is none
	}{
		"peers alone":       {contact.Sources{Named: true}, "", ""},
		"peers, neighbours": {contact.Sources{Named: true, LSD: true}, "", ""},
		"peers, trackers":   {contact.Sources{Named: true, Trackers: []swarm.TrackerStatus{asking}}, "asking tracker b:1", ""},
		"not asked yet":     {contact.Sources{Trackers: []swarm.TrackerStatus{fresh}, LSD: true}, "", ""},
		"trackers":          {contact.Sources{Trackers: []swarm.TrackerStatus{fresh, asking}}, "asking tracker b:1", ""},
		"DHT":               {contact.Sources{DHT: dht, LSD: true}, "asking the DHT", ""},
		"trackers and DHT":  {contact.Sources{DHT: dht, Trackers: []swarm.TrackerStatus{asking}}, "asking tracker b:1; asking the DHT", ""},
		"neighbours alone":  {contact.Sources{LSD: true}, "only the local network is asked", "only the local network is asked for peers, neither a tracker nor the DHT: "},
		"private":           {contact.Sources{Private: true}, "the torrent is private, and no tracker is asked", "because the torrent is private: "},
		"nobody":            {contact.Sources{}, "nobody is asked for peers", "neither a tracker, the DHT nor the local network: "},
	} {
		if got := c.from.Said(); got != c.said {
			t.Errorf("%s: %q, want %q", name, got, c.said)
		}
		got := c.from.Advice()
		if (got == "") != (c.advice == "") || !strings.Contains(got, c.advice) {
			t.Errorf("%s: %q, want %q", name, got, c.advice)
		}
	}
}
