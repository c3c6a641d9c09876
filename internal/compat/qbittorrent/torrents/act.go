package torrents

import (
	"context"
	"errors"
	"net/http"
	"net/netip"
	"slices"
	"strconv"

	"github.com/warren-p2p/warren/internal/access/audit"
	"github.com/warren-p2p/warren/internal/compat/qbittorrent/call"
	"github.com/warren-p2p/warren/internal/compat/qbittorrent/form"
	"github.com/warren-p2p/warren/internal/compat/qbittorrent/listing"
	"github.com/warren-p2p/warren/internal/compat/qbittorrent/pick"
	"github.com/warren-p2p/warren/internal/compat/qbittorrent/preferences"
	"github.com/warren-p2p/warren/internal/library"
	"github.com/warren-p2p/warren/swarm"
)

func (t *Torrents) pause(c *call.Call) error { return t.Library.Each(c, t.pauseOne) }

func (t *Torrents) pauseOne(ctx context.Context, one *library.Torrent) error { return one.Pause(ctx) }

func (t *Torrents) resume(c *call.Call) error {
	return t.Library.Each(c, func(ctx context.Context, one *library.Torrent) error { return one.Resume(ctx) })
}

func (t *Torrents) recheck(c *call.Call) error {
	return t.Library.Each(c, func(_ context.Context, one *library.Torrent) error { return one.Recheck() })
}

func (t *Torrents) reannounce(c *call.Call) error {
	return t.Library.Each(c, func(_ context.Context, one *library.Torrent) error { return one.Reannounce() })
}

// remove forgets torrents, and removes their content if that is said.
func (t *Torrents) remove(c *call.Call) error {
	content := c.Bool("deleteFiles")
	audit.Say(c.Context(), "torrents.remove", c.Form.Text("hashes"))
	return t.Library.Each(c, func(ctx context.Context, one *library.Torrent) error {
		err := t.Library.Remove(ctx, one, content)
		t.Sources.Forget(one.ID())
		return err
	})
}

// addPeers adds addresses to dial, and tells for each torrent how many were taken.
func (t *Torrents) addPeers(c *call.Call) error {
	list, err := t.Library.Some(c)
	if err != nil {
		return err
	}
	var addrs []netip.AddrPort
	failed := 0
	for _, text := range c.List("peers", "|") {
		if a, err := netip.ParseAddrPort(text); err == nil && a.Port() != 0 {
			addrs = append(addrs, a)
		} else {
			failed++
		}
	}
	if len(addrs) == 0 {
		return &form.Refusal{Status: http.StatusBadRequest, Text: "No valid peers were specified"}
	}
	type outcome struct {
		Added  int `json:"added"`
		Failed int `json:"failed"`
	}
	all := make(map[string]outcome, len(list))
	for _, one := range list {
		o := outcome{len(addrs), failed}
		if err := one.AddPeers(addrs...); err != nil {
			o = outcome{0, failed + len(addrs)}
		}
		all[one.Key()] = o
	}
	return c.JSON(all)
}

// The queue. Places are taken in the order of the torrents that are named.

func (t *Torrents) top(c *call.Call) error {
	return t.place(c, true, func(int) int { return 0 })
}

func (t *Torrents) bottom(c *call.Call) error {
	return t.place(c, false, func(int) int { return len(t.Library.All()) })
}

func (t *Torrents) up(c *call.Call) error {
	return t.place(c, false, func(at int) int { return at - 1 })
}

func (t *Torrents) down(c *call.Call) error {
	return t.place(c, true, func(at int) int { return at + 1 })
}

// place gives torrents other places, the last of them first if backwards.
func (t *Torrents) place(c *call.Call, backwards bool, to func(at int) int) error {
	list, err := t.Library.Some(c)
	if err != nil {
		return err
	}
	if !preferences.Queueing(t.Settings()) {
		return call.Conflict("Torrent queueing must be enabled")
	}
	slices.SortStableFunc(list, func(a, b *library.Torrent) int { return a.Position() - b.Position() })
	if backwards {
		slices.Reverse(list)
	}
	for _, one := range list {
		if err := t.Library.SetPosition(c.Context(), one, max(to(one.Position()), 0)); err != nil {
			return err
		}
	}
	return c.Done()
}

func (t *Torrents) filePriority(c *call.Call) error {
	one, err := t.Library.One(c)
	if err != nil {
		return err
	}
	if err := c.Need("id", "priority"); err != nil {
		return err
	}
	bad := func(text string) error { return &form.Refusal{Status: http.StatusBadRequest, Text: text} }
	prio, ok := listing.Priority(c.Int("priority", -1))
	if !ok {
		return bad("Priority is not valid")
	}
	files, err := one.Files()
	if err != nil {
		return err
	}
	want := make(map[int]swarm.Priority)
	for _, word := range c.List("id", "|") {
		i, err := strconv.Atoi(word)
		switch {
		case err != nil:
			return bad("File IDs must be integers")
		case i < 0 || i >= len(files):
			return call.Conflict("File ID is not valid")
		}
		want[files[i].Index] = prio
	}
	if err := one.Change(c.Context(), library.Change{Priorities: want}); err != nil {
		return err
	}
	return c.Done()
}

// force lets torrents run whatever the queue says, or no more.
func (t *Torrents) force(c *call.Call) error {
	on := c.Bool("value")
	return t.Library.Each(c, func(ctx context.Context, one *library.Torrent) error {
		return errors.Join(one.Change(ctx, library.Change{Forced: &on}), one.Resume(ctx))
	})
}

func (t *Torrents) superSeed(c *call.Call) error {
	on := c.Bool("value")
	return t.Library.Change(c, func(library.View) library.Change { return library.Change{SuperSeed: &on} })
}

func (t *Torrents) sequential(c *call.Call) error {
	return t.Library.Change(c, func(v library.View) library.Change {
		on := !v.Sequential
		return library.Change{Sequential: &on}
	})
}

func (t *Torrents) firstLast(c *call.Call) error {
	return t.Library.Change(c, func(v library.View) library.Change {
		on := !v.FirstLast
		return library.Change{FirstLast: &on}
	})
}

// autoManagement is taken and changes nothing: a torrent lies where it was put, and
// is listed as not managed.
func (t *Torrents) autoManagement(c *call.Call) error {
	if err := c.Need("hashes", "enable"); err != nil {
		return err
	}
	return c.Done()
}

// Limits.

func (t *Torrents) upLimit(c *call.Call) error {
	return t.limits(c, func(v library.View) int64 { return v.UpLimit })
}

func (t *Torrents) downLimit(c *call.Call) error {
	return t.limits(c, func(v library.View) int64 { return v.DownLimit })
}

// limits tells the limits of torrents, -1 for those that are not there.
func (t *Torrents) limits(c *call.Call, of func(library.View) int64) error {
	h, err := c.Hashes("hashes")
	if err != nil {
		return err
	}
	all := make(map[string]int64, len(h.Keys))
	for _, key := range h.Keys {
		all[key] = -1
		if one, err := t.Library.Find(key); err == nil {
			all[key] = of(one.View())
		}
	}
	return c.JSON(all)
}

func (t *Torrents) setUpLimit(c *call.Call) error {
	return t.setLimit(c, func(limit int64) library.Change { return library.Change{UpLimit: &limit} })
}

func (t *Torrents) setDownLimit(c *call.Call) error {
	return t.setLimit(c, func(limit int64) library.Change { return library.Change{DownLimit: &limit} })
}

func (t *Torrents) setLimit(c *call.Call, how func(int64) library.Change) error {
	if err := c.Need("hashes", "limit"); err != nil {
		return err
	}
	change := how(max(c.Int("limit", 0), 0))
	return t.Library.Change(c, func(library.View) library.Change { return change })
}

func (t *Torrents) setShareLimits(c *call.Call) error {
	if err := c.Need("hashes", "ratioLimit", "seedingTimeLimit"); err != nil {
		return err
	}
	goal := pick.Goal(c.Limits())
	return t.Library.Change(c, func(v library.View) library.Change {
		goal.Then = v.Record.Goal.Then
		return library.Change{Goal: &goal}
	})
}
