package reach

import (
	"net/netip"
	"time"
)

const (
	fresh   = 10 * time.Minute // for which a router may let in whom we have sent to
	maxSent = 8192             // addresses that are remembered
)

// sent remembers to whom packets went out by the UDP port. Routers let answers in,
// so that who was sent to has not shown that anybody can come. It takes the time
// from outside and is not safe for concurrent use.
type sent struct {
	recent, older map[netip.Addr]struct{}
	turned        time.Time // when recent became older
	full          time.Time // until when not all could be remembered
}

func (s *sent) note(to netip.Addr, now time.Time) {
	if now.Sub(s.turned) >= fresh {
		s.older, s.recent, s.turned = s.recent, make(map[netip.Addr]struct{}), now
	}
	if _, known := s.recent[to]; !known && len(s.recent) >= maxSent {
		s.full = now.Add(fresh)
		return
	}
	s.recent[to] = struct{}{}
}

// knows reports whether an address may have been sent to lately.
func (s *sent) knows(a netip.Addr, now time.Time) bool {
	_, recent := s.recent[a]
	_, older := s.older[a]
	return recent || older || now.Before(s.full)
}
