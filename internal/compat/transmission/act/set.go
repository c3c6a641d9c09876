package act

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/warren-p2p/warren/internal/compat/transmission/message"
	"github.com/warren-p2p/warren/internal/compat/transmission/remembered"
	"github.com/warren-p2p/warren/internal/compat/transmission/torrents"
	"github.com/warren-p2p/warren/internal/library"
	"github.com/warren-p2p/warren/swarm"
)

const kB = 1000

// Set answers torrent_set. What has the wrong type is passed over.
func (a *Actor) Set(ctx context.Context, args message.Args) error {
	if labels, ok := args.Strings("labels"); ok {
		if err := checkLabels(labels); err != nil {
			return err
		}
	}
	return a.each(args, func(t *library.Torrent) error { return a.set(ctx, t, args) })
}

func (a *Actor) set(ctx context.Context, t *library.Torrent, args message.Args) error {
	v := t.View()
	kept := a.cfg.Memory.Torrent(t.ID())
	keep(&kept, args)
	c := library.Change{}
	a.limits(&c, &v, &kept, args)
	goal(&c, &v, &kept, args)
	if labels, ok := args.Strings("labels"); ok {
		c.Labels = &labels
	}
	if name, ok := args.String("group"); ok {
		c.Category = &name
	}
	if n, ok := args.Int("peer_limit"); ok && n > 0 {
		peers := int(min(n, 1<<16))
		c.MaxPeers = &peers
	}
	if on, ok := args.Bool("sequential_download"); ok {
		c.Sequential = &on
	}
	var err error
	if c.Priorities, err = a.files(t, &v, args); err != nil {
		return err
	}
	if err := t.Change(ctx, c); err != nil {
		return err
	}
	if err := a.cfg.Memory.ChangeTorrent(ctx, t.ID(), func(r *remembered.Torrent) { *r = kept }); err != nil {
		return err
	}
	if n, ok := args.Int("queue_position"); ok {
		if err := a.cfg.Library.SetPosition(ctx, t, int(min(max(n, 0), 1<<31-1))); err != nil {
			return err
		}
	}
	if err := a.trackers(ctx, t, args); err != nil {
		return err
	}
	if dir, ok := args.String("location"); ok {
		return a.move(ctx, t, dir, true)
	}
	return nil
}

// limits are numbers with switches; the number is remembered while the switch is off.
func (a *Actor) limits(c *library.Change, v *library.View, kept *remembered.Torrent, args message.Args) {
	for _, l := range []struct {
		name string
		now  int64
		kept *int64
		to   **int64
	}{
		{"upload_limit", v.UpLimit, &kept.UpLimit, &c.UpLimit},
		{"download_limit", v.DownLimit, &kept.DownLimit, &c.DownLimit},
	} {
		given, isGiven := args.Int(l.name)
		on, switched := args.Bool(l.name + "ed")
		if l.now > 0 {
			*l.kept = max(l.now/kB, 1)
		}
		if isGiven {
			*l.kept = max(given, 1)
		}
		if !switched {
			on = l.now > 0
		}
		var bytes int64
		if on {
			bytes = max(*l.kept, 1) * kB
			if !isGiven && l.now > 0 {
				bytes = l.now
			}
			if *l.kept == 0 {
				*l.kept, bytes = 100, 100*kB
			}
		}
		if bytes != l.now {
			*l.to = &bytes
		}
	}
}

// goal is when a torrent has given enough.
func goal(c *library.Change, v *library.View, kept *remembered.Torrent, args message.Args) {
	g := v.Record.Goal
	ratio, ratioGiven := args.Real("seed_ratio_limit")
	mode, moded := args.Int("seed_ratio_mode")
	if !moded {
		mode = int64(torrents.Mode(g.Ratio))
	}
	if g.Ratio > 0 {
		kept.Ratio = g.Ratio
	}
	if ratioGiven && ratio >= 0 {
		kept.Ratio = ratio
	}
	g.Ratio = own(mode, kept.Ratio, 2, g.Ratio)

	idle, idleGiven := args.Int("seed_idle_limit")
	mode, moded = args.Int("seed_idle_mode")
	if !moded {
		mode = int64(torrents.Mode(float64(g.IdleTime)))
	}
	if g.IdleTime > 0 {
		kept.Idle = max(int64(g.IdleTime/time.Minute), 1)
	}
	if idleGiven && idle > 0 {
		kept.Idle = idle
	}
	g.IdleTime = time.Duration(own(mode, float64(kept.Idle), 30, float64(g.IdleTime)/float64(time.Minute)) * float64(time.Minute))
	if g != v.Record.Goal {
		c.Goal = &g
	}
}

// own returns what a goal of a torrent is in a mode; without a limit of its own it is
// the usual one.
func own(mode int64, limit, usual, now float64) float64 {
	switch mode {
	case torrents.ModeSession:
		return 0
	case torrents.ModeNone:
		return -1
	case torrents.ModeOwn:
		if limit > 0 {
			return limit
		}
		return usual
	}
	return now
}

// files returns how much files are wanted. One that is skipped and gets a priority
// stays so: it is wanted with files_wanted alone.
func (a *Actor) files(t *library.Torrent, v *library.View, args message.Args) (map[int]swarm.Priority, error) {
	asked := false
	for _, name := range []string{"files_wanted", "files_unwanted", "priority_low", "priority_normal", "priority_high"} {
		_, given := args.Ints(name)
		asked = asked || given
	}
	if !asked {
		return nil, nil
	}
	m, err := t.Metainfo()
	if errors.Is(err, swarm.ErrUnknown) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	files := indices(m)
	wanted, err := priorities(args, files, true)
	if err != nil {
		return nil, err
	}
	explicit, _ := args.Ints("files_wanted")
	all := args.Has("files_wanted") && len(explicit) == 0
	for i, at := range files {
		if v.Priorities[at] == swarm.Skip && hasSkip(v, at) && !all && !slices.Contains(explicit, int64(i)) {
			delete(wanted, at)
		}
	}
	return wanted, nil
}

// hasSkip reports whether a file is skipped: the zero priority is that as well.
func hasSkip(v *library.View, file int) bool {
	p, ok := v.Priorities[file]
	return ok && p == swarm.Skip
}
