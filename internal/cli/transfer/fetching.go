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
	trouble context.Context // done when none of them can be had
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
	if len(f.peers) == 0 {
		if err := f.checked(ctx); err != nil {
			return err
		}
		if f.t.Status().Left() > 0 {
			hint("no --peer is given, and this version finds none by itself: waiting for peers that connect to us")
		}
	}
	err := f.t.Wait(f.trouble)
	if err == nil || ctx.Err() != nil || f.trouble.Err() == nil {
		return err
	}
	if why := f.dials.Why(); why.Short != "" && f.t.Status().Peers == 0 {
		hint("%s: %s: %s Trying again until you press Ctrl-C.", f.who(), why.Short, why.Advice)
	}
	return f.t.Wait(ctx)
}

// checked waits until it is known what is there already.
func (f *fetching) checked(ctx context.Context) error {
	for {
		changed := f.t.Changed()
		if s := f.t.Status().State; s != swarm.StateStarting && s != swarm.StateChecking {
			return nil
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-changed:
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
