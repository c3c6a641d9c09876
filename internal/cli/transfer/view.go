package transfer

import (
	"time"

	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/cli/words"
	"github.com/warren-p2p/warren/swarm"
)

// view shows a torrent.
type view struct {
	t       *swarm.Torrent
	seeding bool // what is sent is told, not what is received
}

// Gauge implements console.View.
func (v view) Gauge() console.Gauge {
	s := v.t.Status()
	g := console.Gauge{Name: v.t.Metainfo().Info.Name, Done: s.WantedDone, Total: s.Wanted}
	switch s.State {
	case swarm.StateStarting, swarm.StateChecking:
		g.Doing = "checking"
		g.Done = int64(s.Checked * float64(s.Total))
		g.Rate = words.RateOver(g.Done, s.Running)
		if g.Rate > 0 {
			g.Left, g.LeftKnown = time.Duration(float64(s.Total-g.Done)/float64(g.Rate)*float64(time.Second)), true
		}
		return g
	case swarm.StateWaiting, swarm.StateFailed:
		g.Trouble = "waiting: " + reason(s)
	}
	g.Transfer, g.Peers, g.TLSPercent = true, s.Peers, tlsPercent(s)
	g.Rate = s.DownRate
	g.Left, g.LeftKnown = s.ETA()
	if v.seeding {
		g.Rate, g.LeftKnown = s.UpRate, false
	} else if s.Peers == 0 && g.Trouble == "" {
		g.Trouble = "no peer is connected yet"
	}
	return g
}

// Event implements console.View.
func (v view) Event() console.Event { return v.event(console.Progress) }

func (v view) event(kind string) console.Event {
	s := v.t.Status()
	e := console.Of(kind, v.t.Metainfo())
	e.Bytes, e.RateBPS = s.WantedDone, s.DownRate
	if v.seeding {
		e.RateBPS = s.UpRate
	}
	if s.State == swarm.StateChecking {
		e.Bytes = int64(s.Checked * float64(s.Total))
	}
	e.Peers, e.TLSPeers = s.Peers, s.TLSPeers
	e.State, e.Reason = s.State.String(), reason(s)
	e.Received, e.Sent, e.TLSBytes = s.Received, s.Sent, s.SecretBytes
	return e
}

func reason(s swarm.Status) string {
	if s.Reason == nil {
		return ""
	}
	return s.Reason.Error()
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
