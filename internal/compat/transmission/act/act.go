// Package act does what Transmission's RPC asks to be done with torrents: add, change,
// start, stop, move, rename and remove them.
package act

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/compat/transmission/message"
	"github.com/warren-p2p/warren/internal/compat/transmission/remembered"
	"github.com/warren-p2p/warren/internal/library"
)

// recent is how long ago something has changed that counts as recently active.
const recent = time.Minute

// Config is what an Actor needs.
type Config struct {
	Library *library.Library
	Memory  *remembered.Memory
	Clock   clock.Clock
	// Fetch gets a torrent file from a web server; or the magnet link that it sends us
	// on to.
	Fetch func(ctx context.Context, url, cookies string) (torrent []byte, link string, err error)
	// ReadFile reads a torrent file by its absolute path.
	ReadFile func(path string) ([]byte, error)
}

// Actor acts. Its methods are safe for concurrent use.
type Actor struct {
	cfg Config

	mu      sync.Mutex
	moments []moment // when the library was at which revision, a second apart at least
}

type moment struct {
	at       time.Time
	revision library.Revision
}

// New returns an Actor.
func New(cfg Config) *Actor {
	a := &Actor{cfg: cfg}
	a.since(cfg.Clock.Now())
	return a
}

// Chosen returns the torrents that a request names: by numbers or info-hashes, all of
// them, or those that have changed within a minute, with the numbers of those that
// were removed within it. What there is not is passed over.
func (a *Actor) Chosen(args message.Args) (list []*library.Torrent, removed []int64) {
	ids, all, lately := args.IDs()
	switch {
	case all:
		return a.cfg.Library.All(), nil
	case lately:
		return a.lately()
	}
	seen := make(map[*library.Torrent]bool)
	for _, id := range ids {
		var t *library.Torrent
		var err error
		if id.Hash != "" {
			t, err = a.cfg.Library.Find(id.Hash)
		} else {
			t, err = a.cfg.Library.ByID(id.Number)
		}
		if err == nil && !seen[t] {
			seen[t], list = true, append(list, t)
		}
	}
	return list, nil
}

func (a *Actor) lately() (list []*library.Torrent, removed []int64) {
	now := a.cfg.Clock.Now()
	d := a.cfg.Library.Since(a.since(now))
	removed = []int64{}
	for _, g := range d.Removed {
		removed = append(removed, g.ID)
	}
	return d.Changed, removed
}

// since returns the revision of a minute ago, or the first one that is known.
func (a *Actor) since(now time.Time) library.Revision {
	revision := a.cfg.Library.Refresh()
	a.mu.Lock()
	defer a.mu.Unlock()
	if n := len(a.moments); n == 0 || now.Sub(a.moments[n-1].at) >= time.Second {
		a.moments = append(a.moments, moment{now, revision})
	}
	old := 0
	for old+1 < len(a.moments) && now.Sub(a.moments[old+1].at) >= recent {
		old++
	}
	a.moments = slices.Delete(a.moments, 0, old)
	return a.moments[0].revision
}

// each does something with all torrents that are named, also after one has refused;
// the error is that of the first.
func (a *Actor) each(args message.Args, do func(*library.Torrent) error) error {
	list, _ := a.Chosen(args)
	var first error
	for _, t := range list {
		if err := do(t); err != nil && first == nil && !errors.Is(err, library.ErrRemoved) {
			first = err
		}
	}
	return refusal(first)
}

// refusal makes an error of the library one of the RPC.
func refusal(err error) error {
	if _, input := errors.AsType[*library.InputError](err); input {
		return message.Refuse(message.CodeInvalidParams, err.Error())
	}
	return err
}

// Start has torrents go on; now, whatever the queue says.
func (a *Actor) Start(ctx context.Context, args message.Args, now bool) error {
	return a.each(args, func(t *library.Torrent) error {
		if err := t.Change(ctx, library.Change{Forced: &now}); err != nil {
			return err
		}
		return t.Resume(ctx)
	})
}

// Stop stops torrents.
func (a *Actor) Stop(ctx context.Context, args message.Args) error {
	return a.each(args, func(t *library.Torrent) error { return t.Pause(ctx) })
}

// Verify has all content hashed once more.
func (a *Actor) Verify(args message.Args) error {
	return a.each(args, func(t *library.Torrent) error { return t.Recheck() })
}

// Reannounce asks trackers for more peers.
func (a *Actor) Reannounce(args message.Args) error {
	return a.each(args, func(t *library.Torrent) error { return t.Reannounce() })
}

// Remove forgets torrents, with their content if that is said.
func (a *Actor) Remove(ctx context.Context, args message.Args) error {
	content, _ := args.Bool("delete_local_data")
	list, _ := a.Chosen(args)
	a.since(a.cfg.Clock.Now()) // from which on they are gone
	var first error
	for _, t := range list {
		v := t.View()
		err := a.cfg.Library.Remove(ctx, t, content)
		if err == nil {
			a.cfg.Memory.Forget(t.ID())
			err = a.cfg.Memory.ChangeSession(ctx, func(r *remembered.Session) { r.Sent, r.Received = r.Sent+v.Sent, r.Received+v.Received })
		}
		if err != nil && first == nil && !errors.Is(err, library.ErrRemoved) {
			first = err
		}
	}
	return refusal(first)
}
