package node

import (
	"context"
	"fmt"
	"time"

	"github.com/warren-p2p/warren/internal/feeds"
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
	folders, err := watch.ParseFolders(n.Settings().Paths.Watch, n.Path)
	if err != nil {
		return fmt.Errorf("paths.watch: %w", err)
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

// openStreams lets players read files while they are fetched.
func (n *Node) openStreams(context.Context, Options) error {
	n.Streams = streaming.New(streaming.Config{Find: streaming.Library(n.Library), Clock: n.Clock})
	return nil
}
