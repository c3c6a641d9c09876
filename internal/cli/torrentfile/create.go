package torrentfile

import (
	"context"
	"errors"
	"fmt"

	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/create"
)

// Kind returns the kind called v1, v2 or hybrid.
func Kind(name string) create.Kind {
	switch name {
	case "v1":
		return create.V1
	case "v2":
		return create.V2
	}
	return create.Hybrid
}

// Create makes the torrent of a file or directory and shows how far it is.
// Program and date are filled in.
func Create(ctx context.Context, c *console.Console, doing, path string, opts create.Options) (t *metainfo.Torrent, err error) {
	if err := given(path); err != nil {
		return nil, err
	}
	dir, name, err := vfs.OpenPath(path)
	if err != nil {
		return nil, fmt.Errorf("create torrent from %s: %w", path, console.Cause(err))
	}
	defer func() { err = errors.Join(err, dir.Close()) }()
	if name == "." {
		return nil, fmt.Errorf("create torrent from %s: the root of a volume has no name to give to the torrent: "+
			"name a directory in it", path)
	}
	if _, err := dir.Stat(name); err != nil {
		return nil, fmt.Errorf("create torrent from %s: %w", path, console.Cause(err))
	}
	h := console.NewHashing(c.Clock, doing, name)
	opts.CreatedBy, opts.Now, opts.Progress = c.Client(), c.Clock.Now(), h.Progress
	stop := c.Watch(h)
	defer stop()
	return create.Torrent(ctx, dir, name, opts)
}

// Files counts the files of a torrent, padding left out.
func Files(t *metainfo.Torrent) (n int) {
	for i := range t.Info.Files {
		if !t.Info.Files[i].Pad {
			n++
		}
	}
	return n
}
