package get

import (
	"context"

	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/cli/progress"
	"github.com/warren-p2p/warren/internal/reachable"
	"github.com/warren-p2p/warren/internal/words"
	"github.com/warren-p2p/warren/swarm"
)

// fetching is a torrent under way, with what helps to say why it is not.
type fetching struct {
	progress.View
	peers   []string        // as the user named them
	trouble <-chan struct{} // closed when none of them can be had; nil once that was said
	learned func() error    // called once more is known than a magnet link; nil after that
	reach   *reachable.Follower
	lonely  bool // it was said that few sources of peers are left
	stuck   bool // it was said that nothing can be stored
}

// wait shows the torrent until everything is there. What the user alone can
// mend is said in a line of its own, once.
func (f *fetching) wait(ctx context.Context, c *console.Console) error {
	stop := c.Watch(f.View)
	defer func() { stop() }()
	hint := func(format string, args ...any) {
		stop()
		c.Warn(format, args...)
		stop = c.Watch(f.View)
	}
	for {
		changed := f.Torrent.Changed()
		if f.learned != nil && f.Torrent.Metainfo() != nil {
			stop()
			if err := f.learned(); err != nil {
				return err
			}
			f.learned = nil
			stop = c.Watch(f.View)
		}
		switch s := f.Torrent.Status(); s.State {
		case swarm.StateSeeding:
			return nil
		case swarm.StateFailed:
			return s.Reason
		default:
			f.advise(s, hint)
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-f.trouble:
			f.trouble = nil
			if why := f.Dials.Why(); why.Short != "" && len(f.peers) > 0 && f.Torrent.Status().Peers == 0 {
				hint("%s: %s; trying again until you press Ctrl-C.\n  %s", f.who(), why.Short, why.Advice)
			}
		case n := <-f.reach.News:
			stop()
			_ = n.Tell(c) // as for what is watched
			stop = c.Watch(f.View)
		case <-changed:
		}
	}
}

// advise says what a state means for the user.
func (f *fetching) advise(s swarm.Status, hint func(string, ...any)) {
	switch {
	case s.State == swarm.StateWaiting && !f.stuck:
		f.stuck = true
		hint("%s.\n  It goes on by itself once that is mended; to fetch to another place, press Ctrl-C and choose one with --dir.",
			words.Plain(progress.Reason(s)))
	case s.WebSeeds > 0:
		f.lonely = true
	case (s.State == swarm.StateDownloading || s.State == swarm.StateMetadata) && s.Peers == 0 && len(f.peers) == 0 && !f.lonely:
		if text := f.Sought.Sources(f.Torrent).Advice(); text != "" {
			f.lonely = true
			hint("%s", text)
		}
	}
}

// who names what could not be reached. Which of several peers an error is about
// is not in the log of the engine, which keeps addresses out.
func (f *fetching) who() string {
	if len(f.peers) == 1 {
		return "peer " + words.Plain(f.peers[0])
	}
	return "none of the " + words.Count(len(f.peers), "peer", "peers") + " is connected; the last one tried"
}
