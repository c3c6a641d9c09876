package node

import (
	"context"
	"time"

	"github.com/warren-p2p/warren/internal/config"
	"github.com/warren-p2p/warren/internal/goal"
	"github.com/warren-p2p/warren/internal/home"
	"github.com/warren-p2p/warren/internal/hook"
	"github.com/warren-p2p/warren/internal/library"
	"github.com/warren-p2p/warren/internal/library/record"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/swarm"
)

// openLibrary brings the torrents into the engine.
func (n *Node) openLibrary(ctx context.Context, _ Options) (err error) {
	n.Library, err = library.Open(ctx, library.Config{
		Store: n.Store, Session: n.Session, Clock: n.Clock, Log: n.Log,
		Open:     func(path string) (vfs.FS, error) { return vfs.OpenDir(path) },
		Make:     makeFolder,
		OnEvent:  n.happened,
		Admit:    n.members.Admit,
		Defaults: n.defaults(n.Settings()),
	})
	if err != nil {
		return err
	}
	n.own("the library", n.Library.Close)
	return nil
}

// closeFolders lets go of the folders of contents, which the engine needs to its end.
func (n *Node) closeFolders() error {
	if n.Library == nil {
		return nil
	}
	return n.Library.CloseFolders()
}

// makeFolder makes a folder, with its parents; what is fetched is for others, too.
func makeFolder(path string) error {
	dir, err := home.OpenDir(path, 0o755)
	if err != nil {
		return err
	}
	return dir.Close()
}

// defaults are what holds for torrents that say nothing else.
func (n *Node) defaults(c config.Config) library.Defaults {
	s := c.Seeding
	return library.Defaults{
		Dir: n.Path(c.Paths.Download), TLS: policy(c.Peers.TLS), Paused: c.Queue.AddPaused,
		Goal: goal.Goal{Ratio: s.Ratio, SeedTime: time.Duration(s.Time), IdleTime: time.Duration(s.Idle), Then: goal.Action(s.Then)},
	}
}

func policy(text string) swarm.TLSPolicy {
	switch text {
	case "off":
		return swarm.TLSOff
	case "require":
		return swarm.TLSRequire
	}
	return swarm.TLSPrefer
}

// happened passes on what has become of a torrent.
func (n *Node) happened(e library.Event) {
	if e.Kind == library.Added && n.held.Load() {
		stop(e.Torrent)
	}
	if e.Kind == library.Removed {
		if err := n.members.Drop(record.Key(e.View.Hashes)); err != nil {
			n.Log.Warn("a membership does not end well", "err", err)
		}
	}
	n.Hooks.Emit(hook.Of(e, n.Clock.Now()))
}

// hold stops all torrents while the schedule says so, and lets those go on that the
// user has not stopped.
func (n *Node) hold(on bool) {
	if n.held.Swap(on) == on {
		return
	}
	for _, t := range n.Library.All() {
		switch {
		case t.View().Paused:
		case on:
			stop(t)
		case t.Engine() != nil:
			t.Engine().Start()
		}
	}
}

func stop(t *library.Torrent) {
	if e := t.Engine(); e != nil {
		e.Stop()
	}
}
