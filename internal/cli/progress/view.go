// Package progress shows people and programs how torrents get on.
package progress

import (
	"time"

	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/cli/contact"
	"github.com/warren-p2p/warren/internal/words"
	"github.com/warren-p2p/warren/swarm"
)

// View shows a torrent that is checked or fetched.
type View struct {
	Torrent *swarm.Torrent
	Dials   *contact.Attempts // nil if none are made
	Sought  Sought
}

var _ console.View = View{}

// Gauge implements console.View.
func (v View) Gauge() console.Gauge {
	s := v.Torrent.Status()
	g := console.Gauge{Name: v.Torrent.Name(), Done: s.WantedDone, Total: s.Wanted}
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
		g.Trouble = "waiting: " + Reason(s)
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
func (v View) asking(s swarm.Status) string {
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
func (v View) alone(s swarm.Status) string {
	switch said := v.Sought.alone(v.Torrent); {
	case s.Banned > 0:
		return "no peer: " + words.Count(s.Banned, "is", "are") + " banned for wrong data"
	case v.Dials != nil && v.Dials.Why().Short != "":
		return "no peer: " + v.Dials.Why().Short
	case said != "":
		return said
	}
	return "no peer is connected yet"
}

// Events implements console.View.
func (v View) Events() []console.Event {
	e := Event(console.Progress, v.Torrent)
	switch {
	case e.State == swarm.StateMetadata.String():
		e.Reason = v.asking(v.Torrent.Status())
	case e.State == swarm.StateDownloading.String() && e.Peers == 0 && e.WebSeeds == 0:
		e.Reason = v.alone(v.Torrent.Status())
	}
	return []console.Event{e}
}
