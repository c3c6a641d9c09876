package sources

import (
	"context"
	mathrand "math/rand/v2"

	"github.com/warren-p2p/warren/swarm/internal/announcer"
	"github.com/warren-p2p/warren/tracker"
	"github.com/warren-p2p/warren/tracker/schedule"
)

// announces is how a session talks to trackers.
type announces struct {
	client *tracker.Client
	*announcer.Announcer
}

// OwnTracker is a tracker that is part of this program. It is told of every announce, to
// know who is here, whichever tracker it goes to, and answers those to itself: over the
// network the way from us to us may not exist. ours is false for all other trackers.
type OwnTracker func(ctx context.Context, url string, r tracker.Request) (answer tracker.Response, ours bool, err error)

// asks tells our own tracker, and asks the others over the network.
type asks struct {
	own OwnTracker // optional
	*tracker.Client
}

// Announce implements announcer.Client.
func (a asks) Announce(ctx context.Context, t tracker.Target, r tracker.Request) (tracker.Response, error) {
	if a.own != nil {
		if answer, ours, err := a.own(ctx, t.URL, r); ours {
			return answer, err
		}
	}
	return a.Client.Announce(ctx, t, r)
}

// announce starts to talk to trackers, unless told not to.
func (s *Sources) announce() {
	if s.cfg.NoTrackers {
		return
	}
	client := tracker.New(tracker.Config{Policy: s.cfg.Policies.Trackers, Clock: s.cfg.Clock, UserAgent: s.cfg.Client})
	s.trackers = &announces{client, announcer.New(announcer.Config{
		Client: asks{s.cfg.OwnTracker, client}, Clock: s.cfg.Clock, Log: s.cfg.Log,
		Port:   func() uint16 { return max(s.cfg.Port(), 1) }, // trackers refuse 0; at 1 nobody is reached, as nobody can be
		Seen:   s.cfg.Seen,
		Budget: schedule.Config{Rand: newRand()},
	})}
}

// Again announces all torrents as soon as trackers allow it, for what they were told
// of us has changed.
func (s *Sources) Again() {
	if s.trackers != nil {
		s.trackers.Announcer.Again()
	}
}

func newRand() *mathrand.Rand {
	return mathrand.New(mathrand.NewPCG(mathrand.Uint64(), mathrand.Uint64()))
}

// silence tells trackers that all torrents have stopped, and closes the sockets.
func (s *Sources) silence() error {
	if s.trackers == nil {
		return nil
	}
	s.trackers.Announcer.Close()
	return s.trackers.client.Close()
}

// tiersOf returns the trackers to ask: those that the user has named, each a
// tier, and then those the torrent came with.
func tiersOf(typed []string, tiers [][]string) (all [][]announcer.Tracker) {
	for _, url := range typed {
		all = append(all, []announcer.Tracker{{URL: url, Typed: true}})
	}
	for _, tier := range tiers {
		var list []announcer.Tracker
		for _, url := range tier {
			list = append(list, announcer.Tracker{URL: url})
		}
		all = append(all, list)
	}
	return all
}
