package progress

import (
	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/words"
	"github.com/warren-p2p/warren/swarm"
)

// Seeding shows torrents that are seeded: one by one to programs, together to
// people.
type Seeding struct {
	Torrents []*swarm.Torrent
	Sought   Sought
}

var _ console.View = Seeding{}

// Gauge implements console.View.
func (v Seeding) Gauge() console.Gauge {
	g := console.Gauge{Doing: "seeding", Name: v.Torrents[0].Name(), Transfer: true, Seeding: true}
	if len(v.Torrents) > 1 {
		g.Name = words.Count(len(v.Torrents), "torrent", "torrents")
	}
	var all swarm.Status
	for _, t := range v.Torrents {
		s := t.Status()
		g.Rate += s.UpRate
		g.Peers += s.Peers
		all.Sent += s.Sent
		all.Received += s.Received
		all.SecretBytes += s.SecretBytes
		if s.Reason != nil {
			g.Trouble = s.State.String() + ": " + Reason(s)
		} else if s.Peers == 0 && len(v.Torrents) == 1 {
			g.Trouble = v.Sought.alone(t)
		}
	}
	g.Sent, g.TLSPercent = all.Sent, tlsPercent(all)
	return g
}

// Events implements console.View.
func (v Seeding) Events() []console.Event {
	list := make([]console.Event, len(v.Torrents))
	for i, t := range v.Torrents {
		list[i] = Event(console.Progress, t)
		if list[i].Peers == 0 && list[i].Reason == "" {
			list[i].Reason = v.Sought.alone(t)
		}
	}
	return list
}
