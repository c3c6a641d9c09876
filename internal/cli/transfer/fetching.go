package transfer

import (
	"context"

	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/cli/words"
	"github.com/warren-p2p/warren/swarm"
)

// fetching is a torrent under way, with what helps to say why it is not.
type fetching struct {
	view
	peers   []string        // as the user named them
	trouble <-chan struct{} // closed when none of them can be had; nil once that was said
	learned func() error    // called once more is known than a magnet link; nil after that
	lonely  bool            // it was said that no peers are named
	stuck   bool            // it was said that nothing can be stored
}

// wait shows the torrent until everything is there. What the user alone can
// mend is said in a line of its own, once.
func (f *fetching) wait(ctx context.Context, c *console.Console) error {
	stop := c.Watch(f.view)
	defer func() { stop() }()
	hint := func(format string, args ...any) {
		stop()
		c.Warn(format, args...)
		stop = c.Watch(f.view)
	}
	for {
		changed := f.t.Changed()
		if f.learned != nil && f.t.Metainfo() != nil {
			stop()
			if err := f.learned(); err != nil {
				return err
			}
			f.learned = nil
			stop = c.Watch(f.view)
		}
		switch s := f.t.Status(); s.State {
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
			if why := f.dials.Why(); why.Short != "" && len(f.peers) > 0 && f.t.Status().Peers == 0 {
				hint("%s: %s; trying again until you press Ctrl-C.\n  %s", f.who(), why.Short, why.Advice)
			}
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
			words.Plain(reason(s)))
	case s.WebSeeds > 0:
		f.lonely = true
	case (s.State == swarm.StateDownloading || s.State == swarm.StateMetadata) && len(f.peers) == 0 && !f.lonely:
		f.lonely = true
		list, _ := f.t.Announces()
		if _, sought := f.t.Lookup(); len(list) == 0 && !sought {
			hint("no --peer is given, and neither a tracker nor the DHT is to be asked: waiting for peers that connect to us")
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
