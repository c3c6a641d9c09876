package progress

import (
	"errors"
	"slices"

	"github.com/warren-p2p/warren/internal/cli/contact"
	"github.com/warren-p2p/warren/swarm"
)

// Sought is where peers are sought, as far as the user has a say in it.
type Sought struct {
	Named bool // peers are named
	LSD   bool // in the local network
}

// Sources returns where peers of a torrent are sought now.
func (s Sought) Sources(t *swarm.Torrent) contact.Sources {
	from := contact.Sources{Named: s.Named}
	from.Trackers, _ = t.Announces()
	from.Trackers = slices.DeleteFunc(from.Trackers, func(s swarm.TrackerStatus) bool { return errors.Is(s.Err, swarm.ErrWithheld) })
	if l, ok := t.Lookup(); ok {
		from.DHT = &l
	}
	if m := t.Metainfo(); m != nil {
		from.Private = m.Info.Private
	}
	from.LSD = s.LSD && !from.Private && !slices.ContainsFunc(t.Status().Unprotected, func(u swarm.Unprotected) bool {
		return u.Source == swarm.SourceLSD && !u.ByID
	})
	return from
}

// alone says what the sources have to do with it that nobody is there.
func (s Sought) alone(t *swarm.Torrent) string {
	if said := s.Sources(t).Said(); said != "" {
		return "no peer: " + said
	}
	return ""
}
