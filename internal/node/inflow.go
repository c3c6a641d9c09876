package node

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/warren-p2p/warren/internal/config"
	"github.com/warren-p2p/warren/internal/feeds"
	"github.com/warren-p2p/warren/internal/library"
	"github.com/warren-p2p/warren/internal/streaming"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/watch"
)

// openFeeds begins to read feeds, and what they have goes to the library.
func (n *Node) openFeeds(ctx context.Context, _ Options) (err error) {
	c := n.Settings().Feeds
	n.Feeds, err = feeds.New(ctx, feeds.Config{
		Store: n.Store, Courier: n.Courier, Library: n.Library, Clock: n.Clock, Log: n.Log, Every: time.Duration(c.Interval), Off: !c.On,
	})
	if err != nil {
		return fmt.Errorf("feeds: %w", err)
	}
	n.own("feeds", func() error { n.Feeds.Close(); return nil })
	return nil
}

// openWatch begins to watch the folders into which torrent files are put.
func (n *Node) openWatch(context.Context, Options) error {
	folders, err := n.watched(n.Settings())
	if err != nil {
		return err
	}
	n.Watch, err = watch.New(watch.Config{
		Folders: folders, Library: n.Library, Clock: n.Clock, Log: n.Log,
		Open: func(path string) (vfs.FS, error) { return vfs.OpenDir(path) },
	})
	if err != nil {
		return fmt.Errorf("paths.watch: %w", err)
	}
	n.own("watch folders", n.Watch.Close)
	return nil
}

// watched are the folders of the configuration.
func (n *Node) watched(c config.Config) (list []watch.Folder, err error) {
	for _, text := range c.Paths.Watch {
		f, err := watch.ParseFolder(text)
		if err != nil {
			return nil, fmt.Errorf("paths.watch: %w", err)
		}
		f.Path = n.Path(f.Path)
		for _, at := range []*string{&f.Dir, &f.To} {
			if *at != "" {
				*at = n.Path(*at)
			}
		}
		list = append(list, f)
	}
	return list, nil
}

// openStreams lets players read files while they are fetched.
func (n *Node) openStreams(context.Context, Options) error {
	n.Streams = streaming.New(streaming.Config{Find: n.show, Clock: n.Clock})
	return nil
}

// show returns what players can read of a torrent, by its ID.
func (n *Node) show(id int64) (*streaming.Show, error) {
	t, err := n.Library.ByID(id)
	if errors.Is(err, library.ErrNotFound) {
		return nil, streaming.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	return Show(t)
}

// Show returns what players can read of a torrent. The error is [swarm.ErrUnknown] as
// long as peers have not told what it consists of.
func Show(t *library.Torrent) (*streaming.Show, error) {
	list, err := t.Files()
	if err != nil {
		return nil, err
	}
	s := &streaming.Show{Tag: t.Key(), Open: func(ctx context.Context, file int) (io.ReadSeekCloser, error) {
		e := t.Engine()
		if e == nil {
			return nil, errors.New("the torrent does not run: its status says why")
		}
		return e.NewReader(ctx, file)
	}}
	for _, f := range list {
		s.Files = append(s.Files, streaming.File{Name: f.Path, Size: f.Size, Index: f.Index})
	}
	return s, nil
}
