package node

import (
	"context"
	"time"

	"github.com/warren-p2p/warren/internal/config"
	"github.com/warren-p2p/warren/internal/goal"
	"github.com/warren-p2p/warren/internal/home"
	"github.com/warren-p2p/warren/internal/hook"
	"github.com/warren-p2p/warren/internal/incomplete"
	"github.com/warren-p2p/warren/internal/library"
	"github.com/warren-p2p/warren/internal/library/record"
	"github.com/warren-p2p/warren/internal/vfs"
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
	n.ownLibrary()
	k := incomplete.New(incomplete.Config{Places: n.places, Clock: n.Clock, Log: n.Log})
	changed, cancel := n.Library.Subscribe()
	incomplete.Start(k, n.Library.All, changed)
	n.own("what moves complete torrents", func() error { cancel(); k.Close(); return nil })
	n.own("what the tracker serves", n.Tracker.Serve(n.Library))
	return nil
}

// places are the folder for what is not complete, "" without one, and that for what is.
func (n *Node) places() (from, to string) {
	c := n.Settings().Paths
	if from = c.Incomplete; from != "" {
		from = n.Path(from)
	}
	return from, n.Path(c.Download)
}

// ownLibrary has the library closed with the node. Torrents that come into the engine
// while the schedule has stopped all are stopped as well.
func (n *Node) ownLibrary() {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		select {
		case <-ctx.Done():
		case <-n.Library.Loaded():
			for _, t := range n.Library.All() { // what the engine has got since
				if !t.View().Paused {
					n.curfew.Added(t)
				}
			}
		}
	}()
	n.own("the library", func() error {
		cancel()
		<-done
		return n.Library.Close()
	})
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
	s, dir := c.Seeding, c.Paths.Download
	if c.Paths.Incomplete != "" {
		dir = c.Paths.Incomplete
	}
	d := library.Defaults{
		Dir: n.Path(dir), Paused: c.Queue.AddPaused,
		Goal: goal.Goal{Ratio: s.Ratio, SeedTime: time.Duration(s.Time), IdleTime: time.Duration(s.Idle), Then: goal.Action(s.Then)},
	}
	_ = d.TLS.UnmarshalText([]byte(c.Peers.TLS)) // it was checked when it was read
	return d
}

// happened passes on what has become of a torrent.
func (n *Node) happened(e library.Event) {
	if e.Kind == library.Added {
		n.curfew.Added(e.Torrent)
	}
	if e.Kind == library.Removed {
		if err := n.members.Drop(record.Key(e.View.Hashes)); err != nil {
			n.Log.Warn("a membership does not end well", "err", err)
		}
		if b := n.door.Book(); b != nil {
			b.Removed()
		}
	}
	n.Hooks.Emit(hook.Of(e, n.Clock.Now()))
}
