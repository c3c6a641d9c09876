package torrents

import (
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/warren-p2p/warren/internal/access/audit"
	"github.com/warren-p2p/warren/internal/compat/qbittorrent/call"
	"github.com/warren-p2p/warren/internal/compat/qbittorrent/form"
	"github.com/warren-p2p/warren/internal/library"
)

// patience is how long an answer waits for a move; what takes longer goes on.
const patience = 2 * time.Second

func (t *Torrents) setLocation(c *call.Call) error { return t.relocate(c, "hashes", "location") }

// setSavePath is what newer programs call it.
func (t *Torrents) setSavePath(c *call.Call) error { return t.relocate(c, "id", "path") }

// setDownloadPath is taken as far as it changes nothing: there is no second folder
// for what is not complete.
func (t *Torrents) setDownloadPath(c *call.Call) error {
	if err := c.Need("id", "path"); err != nil {
		return err
	}
	if c.Form.Text("path") != "" {
		return call.Conflict("A torrent has one folder here: see setLocation")
	}
	return c.Done()
}

// relocate moves the content of torrents.
func (t *Torrents) relocate(c *call.Call, hashes, path string) error {
	list, err := t.Library.Named(c, hashes)
	if err != nil {
		return err
	}
	if err := c.Need(path); err != nil {
		return err
	}
	if c.Form.Text(path) == "" {
		return &form.Refusal{Status: http.StatusBadRequest, Text: "Save path cannot be empty"}
	}
	dir, err := t.Library.Folder(c.Form.Text(path))
	if err != nil {
		return err
	}
	audit.Say(c.Context(), "torrents.move", dir)
	moved := make(chan error, len(list))
	for _, one := range list {
		if !t.move(one, dir, moved) {
			return library.ErrClosed
		}
	}
	late := time.NewTimer(patience)
	defer late.Stop()
	var errs []error
	for range list {
		select {
		case err := <-moved:
			errs = append(errs, err)
		case <-late.C:
			return c.Done()
		case <-c.Context().Done():
			return c.Context().Err()
		}
	}
	if err := errors.Join(errs...); err != nil {
		return call.Conflict(err.Error())
	}
	return c.Done()
}

// move moves a torrent beside the request that asks for it, and reports false if
// nothing is begun any more.
func (t *Torrents) move(one *library.Torrent, dir string, moved chan<- error) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return false
	}
	done := t.Sources.Moving(one.ID())
	t.wg.Go(func() {
		err := one.Move(t.ctx, dir)
		done()
		if err != nil {
			t.Log.Warn("the content of a torrent stays where it is", "id", one.ID(), "err", err)
		}
		moved <- err
	})
	return true
}

// rename gives a torrent another name in lists.
func (t *Torrents) rename(c *call.Call) error {
	one, err := t.Library.One(c)
	if err != nil {
		return err
	}
	name := c.Form.Text("name")
	if name == "" {
		return call.Conflict("Incorrect torrent name")
	}
	if err := one.Change(c.Context(), library.Change{Name: &name}); err != nil {
		return err
	}
	return c.Done()
}

// renamePath gives a file or a folder of a torrent another path.
func (t *Torrents) renamePath(c *call.Call) error {
	one, err := t.Library.One(c)
	if err != nil {
		return err
	}
	if err := c.Need("oldPath", "newPath"); err != nil {
		return err
	}
	from, to := c.Form.Text("oldPath"), c.Form.Text("newPath")
	if from == "" || to == "" {
		return call.Conflict("The new path is invalid: it is empty")
	}
	if err := one.Rename(c.Context(), from, to); err != nil {
		return err
	}
	return c.Done()
}

func (t *Torrents) addTrackers(c *call.Call) error {
	one, err := t.Library.One(c)
	if err != nil {
		return err
	}
	if err := c.Need("urls"); err != nil {
		return err
	}
	tiers := one.Trackers()
	for _, url := range c.List("urls", "\n") {
		if !slices.Contains(slices.Concat(tiers...), url) {
			tiers = append(tiers, []string{url})
		}
	}
	return t.setTrackers(c, one, tiers)
}

func (t *Torrents) editTracker(c *call.Call) error {
	one, err := t.Library.One(c)
	if err != nil {
		return err
	}
	if err := c.Need("origUrl", "newUrl"); err != nil {
		return err
	}
	from, to := c.Form.Text("origUrl"), c.Form.Text("newUrl")
	tiers := copyOf(one.Trackers())
	all := slices.Concat(tiers...)
	switch {
	case !slices.Contains(all, from):
		return call.Conflict("Tracker not found")
	case from != to && slices.Contains(all, to):
		return call.Conflict("New tracker URL already exists")
	}
	for _, tier := range tiers {
		if i := slices.Index(tier, from); i >= 0 {
			tier[i] = to
		}
	}
	return t.setTrackers(c, one, tiers)
}

func (t *Torrents) removeTrackers(c *call.Call) error {
	one, err := t.Library.One(c)
	if err != nil {
		return err
	}
	if err := c.Need("urls"); err != nil {
		return err
	}
	gone := c.List("urls", "|")
	var tiers [][]string
	for _, tier := range copyOf(one.Trackers()) {
		tier = slices.DeleteFunc(tier, func(url string) bool { return slices.Contains(gone, url) })
		if len(tier) > 0 {
			tiers = append(tiers, tier)
		}
	}
	return t.setTrackers(c, one, tiers)
}

func (t *Torrents) setTrackers(c *call.Call, one *library.Torrent, tiers [][]string) error {
	var in *library.InputError
	switch err := one.SetTrackers(c.Context(), tiers); {
	case errors.As(err, &in):
		return &form.Refusal{Status: http.StatusBadRequest, Text: "New tracker URL is invalid"}
	case err != nil:
		return err
	}
	return c.Done()
}

func copyOf(tiers [][]string) [][]string {
	out := make([][]string, len(tiers))
	for i := range tiers {
		out[i] = slices.Clone(tiers[i])
	}
	return out
}
