package transfer

import (
	"context"
	"strings"
	"time"

	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/cli/contact"
	"github.com/warren-p2p/warren/internal/cli/words"
	"github.com/warren-p2p/warren/swarm"
)

// view shows a torrent that is checked or fetched.
type view struct {
	t     *swarm.Torrent
	dials *contact.Attempts // nil if none are made
}

// Gauge implements console.View.
func (v view) Gauge() console.Gauge {
	s := v.t.Status()
	g := console.Gauge{Name: v.t.Name(), Done: s.WantedDone, Total: s.Wanted}
	switch s.State {
	case swarm.StateStarting:
		g.Doing, g.Trouble = "opening", "looking at what is there"
		return g
	case swarm.StateChecking:
		g.Doing = "checking"
		g.Done = int64(s.Checked * float64(s.Total))
		g.Rate = words.RateOver(g.Done, s.Running)
		if g.Rate > 0 {
			g.Left, g.LeftKnown = time.Duration(float64(s.Total-g.Done)/float64(g.Rate)*float64(time.Second)), true
		}
		return g
	case swarm.StateMetadata:
		g.Doing, g.Done, g.Total = "fetching metadata", int64(s.Metadata), int64(s.MetadataTotal)
		g.Transfer, g.Peers, g.TLSPercent = true, s.Peers, tlsPercent(s)
		g.Trouble = v.asking(s)
		return g
	case swarm.StateWaiting, swarm.StateFailed:
		g.Trouble = "waiting: " + reason(s)
	}
	g.Transfer, g.Peers, g.WebSeeds, g.TLSPercent = true, s.Peers, s.WebSeeds, tlsPercent(s)
	g.Rate = s.DownRate
	g.Left, g.LeftKnown = s.ETA()
	switch {
	case g.Trouble != "":
	case s.State == swarm.StateDownloading && s.Left() == 0:
		g.Trouble = "waiting for the disk"
	case s.Peers == 0 && s.WebSeeds == 0:
		g.Trouble = v.alone(s)
	}
	return g
}

// asking says what is known of a torrent of which nothing is known.
func (v view) asking(s swarm.Status) string {
	switch {
	case s.Peers == 0:
		return v.alone(s)
	case s.MetadataTotal == 0:
		return "asking " + words.Count(s.Peers, "peer", "peers") + " what the torrent is"
	case s.Metadata == s.MetadataTotal:
		return "asking " + words.Count(s.Peers, "peer", "peers") + " for hashes"
	}
	return ""
}

// alone says why no peer is connected.
func (v view) alone(s swarm.Status) string {
	switch said := alone(v.t); {
	case s.Banned > 0:
		return "no peer: " + words.Count(s.Banned, "is", "are") + " banned for wrong data"
	case v.dials != nil && v.dials.Why().Short != "":
		return "no peer: " + v.dials.Why().Short
	case said != "":
		return said
	}
	return "no peer is connected yet"
}

// Events implements console.View.
func (v view) Events() []console.Event {
	e := event(console.Progress, v.t)
	switch {
	case e.State == swarm.StateMetadata.String():
		e.Reason = v.asking(v.t.Status())
	case e.State == swarm.StateDownloading.String() && e.Peers == 0 && e.WebSeeds == 0:
		e.Reason = v.alone(v.t.Status())
	}
	return []console.Event{e}
}

// event describes a torrent: the rate is that of sending when it is seeded.
func event(kind string, t *swarm.Torrent) console.Event {
	s := t.Status()
	e := console.About(kind, t.Name(), t.Hashes())
	e.Total = s.Total
	e.Bytes, e.RateBPS = s.WantedDone, s.DownRate
	if s.State == swarm.StateSeeding {
		e.RateBPS = s.UpRate
	}
	if s.State == swarm.StateChecking {
		e.Bytes = int64(s.Checked * float64(s.Total))
	}
	e.Peers, e.TLSPeers, e.UTPPeers, e.WebSeeds = s.Peers, s.TLSPeers, s.UTPPeers, s.WebSeeds
	e.State, e.Reason = s.State.String(), reason(s)
	e.Received, e.Sent, e.TLSBytes = s.Received, s.Sent, s.SecretBytes
	return e
}

// seeding shows torrents that are seeded: one by one to programs, together to
// people.
type seeding []*swarm.Torrent

// Gauge implements console.View.
func (v seeding) Gauge() console.Gauge {
	g := console.Gauge{Doing: "seeding", Name: v[0].Name(), Transfer: true, Seeding: true}
	if len(v) > 1 {
		g.Name = words.Count(len(v), "torrent", "torrents")
	}
	var all swarm.Status
	for _, t := range v {
		s := t.Status()
		g.Rate += s.UpRate
		g.Peers += s.Peers
		all.Sent += s.Sent
		all.Received += s.Received
		all.SecretBytes += s.SecretBytes
		if s.Reason != nil {
			g.Trouble = s.State.String() + ": " + reason(s)
		} else if s.Peers == 0 && len(v) == 1 {
			g.Trouble = alone(t)
		}
	}
	g.Sent, g.TLSPercent = all.Sent, tlsPercent(all)
	return g
}

// Events implements console.View.
func (v seeding) Events() []console.Event {
	list := make([]console.Event, len(v))
	for i, t := range v {
		list[i] = event(console.Progress, t)
		if list[i].Peers == 0 && list[i].Reason == "" {
			list[i].Reason = alone(t)
		}
	}
	return list
}

// alone says what trackers and the DHT have to do with it that nobody is there.
func alone(t *swarm.Torrent) string {
	trackers, _ := t.Announces()
	said := contact.Trackers(trackers)
	if l, ok := t.Lookup(); ok {
		if said != "" {
			said += "; "
		}
		said += contact.DHT(l)
	}
	if said == "" {
		return ""
	}
	return "no peer: " + said
}

// until shows torrents until the user has enough, and what was sent.
func (v seeding) until(ctx context.Context, c *console.Console) error {
	stop := c.Watch(v)
	<-ctx.Done()
	stop()
	c.Say("Stopped. %s were sent.", words.Bytes(v.Gauge().Sent))
	return console.ErrInterrupted
}

func reason(s swarm.Status) string {
	if s.Reason == nil {
		return ""
	}
	return strings.ReplaceAll(s.Reason.Error(), "\n", "; ") // joined errors
}

// tlsPercent returns how much of what was exchanged went over TLS, -1 if
// nothing was exchanged.
func tlsPercent(s swarm.Status) int {
	all := s.Received + s.Sent
	if all == 0 {
		return -1
	}
	return words.Percent(s.SecretBytes, all)
}
