package sources

import (
	"net/netip"

	"github.com/warren-p2p/warren/btls"
	"github.com/warren-p2p/warren/swarm/internal/announcer"
	"github.com/warren-p2p/warren/swarm/internal/conns"
	"github.com/warren-p2p/warren/swarm/internal/conns/hint"
	"github.com/warren-p2p/warren/swarm/internal/disclosure"
	"github.com/warren-p2p/warren/swarm/internal/lookups"
	"github.com/warren-p2p/warren/tracker"
)

// announced makes Subject an announcer.Torrent.
type announced Subject

var _ announcer.Torrent = (*announced)(nil)

// Progress implements announcer.Torrent.
func (a *announced) Progress() (downloaded, uploaded, left int64) { return a.torrent.Progress() }

// Terms implements announcer.Torrent. The key goes to trackers over TLS alone: read
// along by others it would tell who we are wherever we come from.
func (a *announced) Terms(url string) announcer.Terms {
	s := (*Subject)(a)
	s.mu.Lock()
	shown := s.shown
	s.mu.Unlock()
	place, policy, ssl := shown.Where(url), shown.Policy, shown.ID.Access.SSL
	terms := announcer.Terms{Names: s.names(place)}
	if ssl != nil { // its peers are spoken to in another way, of which trackers know nothing
		terms.Web = ssl.Website()
		return terms
	}
	if place == disclosure.Alone {
		terms.Web = tracker.Pinned(shown.Sole.Pin)
	}
	terms.TLS.Require = policy == btls.Require
	if c := s.sources.cfg; c.Addr != nil && policy != btls.Off {
		terms.TLS.Support = true
		if place <= disclosure.HTTPS {
			terms.TLS.Pin = c.Pin
		}
	}
	return terms
}

// Found implements announcer.Torrent.
func (a *announced) Found(hints []hint.Hint, byID bool) {
	from := conns.Tracker
	if byID {
		from = conns.Discovery
	}
	a.torrent.Offer(from, hints)
}

// sought makes Subject a lookups.Torrent.
type sought Subject

var _ lookups.Torrent = (*sought)(nil)

// Names implements lookups.Torrent.
func (s *sought) Names() []disclosure.Name { return (*Subject)(s).names(disclosure.DHT) }

// Found implements lookups.Torrent.
func (s *sought) Found(addrs []netip.AddrPort, byID bool) {
	from := conns.DHT
	if byID {
		from = conns.Discovery
	}
	if !(*Subject)(s).private() {
		s.torrent.Offer(from, hint.Plain(addrs))
	}
}

// Helped implements lookups.Torrent.
func (s *sought) Helped() bool {
	list, _ := (*Subject)(s).Announces()
	for _, one := range list {
		if one.Err == nil { // also one that is not asked yet
			return true
		}
	}
	return false
}
