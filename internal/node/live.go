package node

import (
	"context"
	"fmt"
	"time"

	"github.com/warren-p2p/warren/internal/config"
	"github.com/warren-p2p/warren/internal/timetable"
	"github.com/warren-p2p/warren/internal/watch"
)

// openTimetable has limits keep to the time of the week.
func (n *Node) openTimetable(ctx context.Context, _ Options) (err error) {
	c := n.Settings()
	usual, other := limits(c)
	p, err := c.Schedule.Plan(time.Local)
	if err != nil {
		return err
	}
	n.Timetable, err = timetable.New(ctx, timetable.Config{
		Plan: p, Usual: usual, Alternative: other, Clock: n.Clock, Log: n.Log, Store: n.Store,
		Apply: func(now timetable.Now) {
			n.Session.SetLimits(now.Up, now.Down)
			n.curfew.Set(now.Pause, n.Library.All())
		},
	})
	if err != nil {
		return fmt.Errorf("schedule: %w", err)
	}
	n.own("the schedule", func() error { n.Timetable.Close(); return nil })
	return nil
}

func limits(c config.Config) (usual, other timetable.Limits) {
	a := c.Limits.Alternative
	return timetable.Limits{Up: int64(c.Limits.Up), Down: int64(c.Limits.Down)}, timetable.Limits{Up: int64(a.Up), Down: int64(a.Down)}
}

// apply makes a change of settings take effect, as far as it does without a restart.
func (n *Node) apply(_, now config.Config) {
	n.Session.SetQueue(queue(now.Queue))
	n.Library.SetDefaults(n.defaults(now))
	usual, other := limits(now)
	n.Timetable.SetLimits(usual, other)
	if p, err := now.Schedule.Plan(time.Local); err == nil { // it was checked when it was changed
		n.Timetable.SetPlan(p)
	}
	if err := n.Blocks.Set(n.lists(now)); err != nil {
		n.Log.Warn("block lists stay as they were", "err", err)
	}
	n.Feeds.Set(now.Feeds.On, time.Duration(now.Feeds.Interval))
	folders, err := watch.ParseFolders(now.Paths.Watch, n.Path)
	if err == nil {
		err = n.Watch.Set(folders)
	}
	if err != nil {
		n.Log.Warn("watch folders stay as they were", "err", err)
	}
	_ = n.Logs.Set(now.Log.Level, now.Log.Levels) // so was this
}
