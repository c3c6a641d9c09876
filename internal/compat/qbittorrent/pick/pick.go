// Package pick finds what a call of the WebAPI is about: a torrent, several, a folder.
package pick

import (
	"context"
	"errors"
	"math"
	"path/filepath"
	"time"

	"github.com/warren-p2p/warren/internal/compat/qbittorrent/call"
	"github.com/warren-p2p/warren/internal/compat/qbittorrent/form"
	"github.com/warren-p2p/warren/internal/compat/qbittorrent/listing"
	"github.com/warren-p2p/warren/internal/library"
)

// Library is the torrents of a node.
type Library struct{ *library.Library }

// One returns the torrent that a call is about.
func (l Library) One(c *call.Call) (*library.Torrent, error) {
	if err := c.Need("hash"); err != nil {
		return nil, err
	}
	return l.Find(c.Form.Text("hash"))
}

// Some returns the torrents that a call is about. Those that are not there are
// passed over, as qBittorrent does.
func (l Library) Some(c *call.Call) ([]*library.Torrent, error) { return l.Named(c, "hashes") }

// Named returns the torrents that a parameter of another name lists.
func (l Library) Named(c *call.Call, name string) ([]*library.Torrent, error) {
	h, err := c.Hashes(name)
	if err != nil {
		return nil, err
	}
	return l.find(h), nil
}

func (l Library) find(h form.Hashes) (list []*library.Torrent) {
	if h.All {
		return l.All()
	}
	for _, key := range h.Keys {
		if found, err := l.Find(key); err == nil {
			list = append(list, found)
		}
	}
	return list
}

// Each does something with all torrents that a call is about, and answers. What does
// not work with one does not keep it from the others.
func (l Library) Each(c *call.Call, do func(context.Context, *library.Torrent) error) error {
	list, err := l.Some(c)
	if err != nil {
		return err
	}
	var errs []error
	for _, one := range list {
		if err := do(c.Context(), one); err != nil && !errors.Is(err, library.ErrNotFound) {
			errs = append(errs, err)
		}
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	return c.Done()
}

// Change changes all torrents that a call is about.
func (l Library) Change(c *call.Call, how func(library.View) library.Change) error {
	return l.Each(c, func(ctx context.Context, one *library.Torrent) error { return one.Change(ctx, how(one.View())) })
}

// Folder returns a folder that a program names. One that is not absolute begins at the
// default folder, and does not lead out of it.
func (l Library) Folder(name string) (string, error) {
	switch {
	case filepath.IsAbs(name):
		return filepath.Clean(name), nil
	case !filepath.IsLocal(name):
		return "", call.Conflict("Save path is invalid: it leads out of the default folder")
	}
	return filepath.Join(l.Defaults().Dir, name), nil
}

// Goal returns limits of sharing as the library has them.
func Goal(l form.Limits) library.Goal {
	period := func(minutes int64) time.Duration {
		switch {
		case minutes == form.Global:
			return 0
		case minutes < 0:
			return -1
		}
		return max(time.Duration(min(minutes, math.MaxInt32))*time.Minute, 1)
	}
	g := library.Goal{Ratio: l.Ratio, SeedTime: period(l.SeedTime), IdleTime: period(l.IdleTime)}
	switch {
	case l.Ratio == form.Global:
		g.Ratio = 0
	case l.Ratio == 0:
		g.Ratio = listing.NoRatio
	}
	return g
}
