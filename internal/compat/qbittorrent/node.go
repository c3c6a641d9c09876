package qbittorrent

import (
	"context"

	"github.com/warren-p2p/warren/internal/access"
	"github.com/warren-p2p/warren/internal/compat/qbittorrent/form"
	"github.com/warren-p2p/warren/internal/courier"
	"github.com/warren-p2p/warren/internal/node"
	"github.com/warren-p2p/warren/internal/timetable"
	"github.com/warren-p2p/warren/internal/vfs"
)

// ForNode returns the API of a node.
func ForNode(ctx context.Context, n *node.Node) *API {
	return New(ctx, Config{
		Library: n.Library, Session: n.Session, Settings: n, Alternative: alternative{n.Timetable}, Feeds: n.Feeds, Clock: n.Clock, Log: n.Log,
		Lines: n.Logs.Recent, Path: n.Path, Free: free,
		Key: func(ctx context.Context, key string) bool {
			p, err := n.Tokens.Check(ctx, key)
			return err == nil && p.May(access.Read) && p.May(access.Add) && p.May(access.Control) && p.May(access.Settings)
		},
		Fetch: func(ctx context.Context, url string) ([]byte, string, error) { return fetch(ctx, n.Courier, url) },
	})
}

// fetch gets a torrent file. Whoever asks may use the node: the address that was named
// may be on this machine or beside it, and none that it redirects to.
func fetch(ctx context.Context, c *courier.Courier, url string) (file []byte, magnet string, err error) {
	a, err := c.Get(ctx, courier.Request{URL: url, Near: []string{url}, Max: form.MaxFile})
	if err != nil {
		return nil, "", err
	}
	return a.Body, a.Magnet, nil
}

// free returns the bytes that are free where a folder is.
func free(path string) (int64, error) {
	dir, err := vfs.OpenDir(path)
	if err != nil {
		return 0, err
	}
	defer func() { _ = dir.Close() }() // nothing was written
	return dir.Free()
}

// alternative makes a timetable an [Alternative].
type alternative struct{ *timetable.Keeper }

// Alternative implements Alternative.
func (a alternative) Alternative() bool { return a.Now().Alternative }
