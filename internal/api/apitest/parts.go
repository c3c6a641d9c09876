package apitest

import (
	"context"
	"errors"
	"log/slog"
	"path"
	"time"

	"github.com/warren-p2p/warren/internal/api/automation"
	"github.com/warren-p2p/warren/internal/api/syndication"
	"github.com/warren-p2p/warren/internal/blocklist"
	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/config"
	"github.com/warren-p2p/warren/internal/feeds"
	"github.com/warren-p2p/warren/internal/hook"
	"github.com/warren-p2p/warren/internal/timetable"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/vfs/memfs"
	"github.com/warren-p2p/warren/internal/watch"
)

// Parts are what a node does by itself. Unlike the rest of it, they heed settings.
type Parts struct {
	Syndication syndication.Service
	Automation  automation.Service
}

// open begins to do it.
func open(ctx context.Context, w *World, n node, log *slog.Logger) (p Parts, err error) {
	p.Automation.Node = n
	p.Syndication.On = func() bool { return n.Settings().Feeds.On }
	p.Syndication.Feeds, err = feeds.New(ctx, feeds.Config{Store: w.Store, Courier: w.Courier, Library: w.Library, Clock: clock.System{}, Log: log})
	if err != nil {
		return p, err
	}
	a := &p.Automation
	a.Watch, err = watch.New(watch.Config{
		Library: w.Library, Clock: clock.System{}, Log: log, Poll: true,
		Open: func(at string) (vfs.FS, error) { return w.Folder(at), nil },
	})
	if err != nil {
		return p, err
	}
	a.Hooks, err = hook.New(hook.Config{
		Hooks:   hook.Simple([]string{"/bin/true", "{name}"}, nil, nil, "https://hook.example/?key=secret"),
		Courier: w.Courier, Clock: clock.System{}, Log: log,
	})
	if err != nil {
		return p, err
	}
	a.Blocks, err = blocklist.New(blocklist.Config{Keep: memfs.New(), Courier: w.Courier, Clock: clock.System{}, Log: log})
	if err != nil {
		return p, err
	}
	a.Timetable, err = timetable.New(ctx, timetable.Config{Clock: clock.System{}, Log: log, Store: w.Store, Apply: func(timetable.Now) {}})
	n.settings.Watch(func(_, now config.Config) { heed(p, n, now, log) })
	return p, err
}

// heed has settings take effect.
func heed(p Parts, n node, now config.Config, log *slog.Logger) {
	folders, err := watch.ParseFolders(now.Paths.Watch, n.Path)
	if err == nil {
		err = p.Automation.Watch.Set(folders)
	}
	err = errors.Join(err, p.Automation.Blocks.Set(now.Peers.Block))
	if err != nil {
		log.Error("settings are not heeded", "err", err)
	}
	k, l := p.Automation.Timetable, now.Limits
	k.SetLimits(timetable.Limits{Up: int64(l.Up), Down: int64(l.Down)}, timetable.Limits{Up: int64(l.Alternative.Up), Down: int64(l.Alternative.Down)})
	if plan, err := timetable.ParsePlan(now.Schedule.Rules, time.UTC); err == nil {
		k.SetPlan(plan)
	}
}

// Path returns the full path of one in the settings.
func (n node) Path(name string) string {
	if path.IsAbs(name) {
		return path.Clean(name)
	}
	return path.Join("/home", name)
}

// Close ends it.
func (p Parts) Close() error {
	p.Syndication.Feeds.Close()
	p.Automation.Timetable.Close()
	p.Automation.Blocks.Close()
	p.Automation.Hooks.Close()
	return p.Automation.Watch.Close()
}
