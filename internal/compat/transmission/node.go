package transmission

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/warren-p2p/warren/internal/courier"
	"github.com/warren-p2p/warren/internal/node"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/swarm/reachability"
)

// maxTorrent is how many bytes a torrent file has at most that is fetched or read.
const maxTorrent = 32 << 20

// ForNode returns a Handler for a node. End ends the program; it may be nil.
func ForNode(ctx context.Context, n *node.Node, end func()) (*Handler, error) {
	return New(ctx, Config{
		Library: n.Library, Store: n.Store, Node: asked{n}, Clock: n.Clock, Log: n.Log, Home: n.Home.Path(), Version: n.Version,
		Fetch: func(ctx context.Context, url, cookies string) ([]byte, string, error) {
			return fetch(ctx, n.Courier, url, cookies)
		},
		ReadFile: readFile, End: end,
	})
}

// fetch gets a torrent file. Whoever asks is the owner of the node: the address that
// was named may be on this machine or beside it, and none that it redirects to.
func fetch(ctx context.Context, c *courier.Courier, url, cookies string) (torrent []byte, link string, err error) {
	a, err := c.Get(ctx, courier.Request{URL: url, Near: []string{url}, Max: maxTorrent, Cookies: cookies})
	if err != nil {
		return nil, "", err
	}
	return a.Body, a.Magnet, nil
}

func readFile(path string) ([]byte, error) {
	dir, name, err := vfs.OpenPath(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = dir.Close() }() // nothing was written
	info, err := dir.Stat(name)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular() || info.Size() > maxTorrent:
		return nil, fmt.Errorf("read %s: %w", path, fs.ErrInvalid)
	}
	return vfs.ReadFile(dir, name)
}

// asked makes a node a session.Node.
type asked struct{ *node.Node }

// Alternative implements session.Node.
func (n asked) Alternative() bool { return n.Timetable.Now().Alternative }

// SetAlternative implements session.Node.
func (n asked) SetAlternative(ctx context.Context, on bool) error {
	return n.Timetable.SetAlternative(ctx, on)
}

// Port implements session.Node.
func (n asked) Port() int { return int(n.Session.Port()) }

// Reachable implements session.Node. Nothing says of a port that it is closed: perhaps
// nobody has come by yet.
func (n asked) Reachable(ipv6 bool) (open, known bool) {
	r := n.Reachability()
	family := r.IPv4
	if ipv6 {
		family = r.IPv6
	}
	open = family.State >= reachability.Probably
	return open, open
}

// Space implements session.Node.
func (n asked) Space(path string) (free, total int64, err error) {
	dir, err := vfs.OpenDir(path)
	if err != nil {
		return 0, 0, err
	}
	defer func() { _ = dir.Close() }() // nothing was written
	return dir.Space()
}

// Reblock implements session.Node.
func (n asked) Reblock(ctx context.Context) error {
	n.Blocks.Refresh(ctx)
	for _, s := range n.Blocks.List() {
		if s.Problem != "" && strings.Contains(s.Location, "://") {
			return errors.New(s.Problem)
		}
	}
	return nil
}

// Blocked implements session.Node.
func (n asked) Blocked() (ranges int) {
	for _, s := range n.Blocks.List() {
		ranges += s.Ranges
	}
	return ranges
}
