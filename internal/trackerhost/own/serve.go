package own

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/warren-p2p/warren/internal/library"
	"github.com/warren-p2p/warren/swarm"
	"github.com/warren-p2p/warren/tracker/message"
)

const (
	lookEvery = 5 * time.Second  // whether others reach the node elsewhere
	sayEvery  = 20 * time.Minute // that the node is here: other trackers may want to hear it less often
)

// Serve has the tracker serve what a library has, as that changes, until it is stopped.
func (t *Tracker) Serve(l *library.Library) (stop func() error) {
	if t == nil {
		return func() error { return nil }
	}
	t.library.Store(l)
	changed, leave := l.Subscribe()
	ctx, end := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		t.follow(ctx, l, changed)
	}()
	return func() error {
		leave()
		end()
		<-done
		return nil
	}
}

// follow follows a library, and where others reach the node.
func (t *Tracker) follow(ctx context.Context, l *library.Library, changed <-chan struct{}) {
	look, say := time.NewTicker(lookEvery), time.NewTicker(sayEvery)
	defer look.Stop()
	defer say.Stop()
	at, listed := t.URL(), t.cfg.Wishes().List
	seen := t.changed(ctx, l, 0, at, listed)
	for {
		select {
		case <-ctx.Done():
			return
		case <-changed:
			seen = t.changed(ctx, l, seen, at, listed)
		case <-look.C:
			if now, list := t.URL(), t.cfg.Wishes().List; now != at || list != listed {
				at, listed = now, list
				t.list(ctx, l.All(), at, listed)
			}
		case <-say.C:
			t.remember(ctx)
			t.list(ctx, l.All(), at, listed) // what could not be written down
		}
	}
}

// remember has the tracker know the node for longer, where it is active.
func (t *Tracker) remember(ctx context.Context) {
	t.mu.Lock()
	said := maps.Clone(t.said)
	t.mu.Unlock()
	for hash, r := range said {
		if !t.Listed(hash) && t.soleOf(hash) == nil {
			t.mu.Lock()
			delete(t.said, hash)
			t.mu.Unlock()
			continue
		}
		r.Event, r.NumWant = message.None, 0
		_, _ = t.announce(ctx, r) // it is said when the torrent asks itself
	}
}

// Tell has a torrent that was made here just now list the tracker, before anybody asks for
// its file.
func (t *Tracker) Tell(ctx context.Context, one *library.Torrent) error {
	if t == nil {
		return nil
	}
	return t.one(ctx, one, t.URL(), t.cfg.Wishes().List)
}

// changed lists what has changed after a revision, and returns the newest one.
func (t *Tracker) changed(ctx context.Context, l *library.Library, after library.Revision, url string, on bool) library.Revision {
	d := l.Since(after)
	t.list(ctx, d.Changed, url, on)
	return d.Revision
}

// list has torrents that were made here list the tracker at a URL, and at no other. Until
// the URL is known they stay as they are.
func (t *Tracker) list(ctx context.Context, all []*library.Torrent, url string, on bool) {
	for _, one := range all {
		if err := t.one(ctx, one, url, on); err != nil && ctx.Err() == nil {
			t.cfg.Log.Warn("a torrent does not list the node's own tracker as it should", "torrent", one.View().Name, "err", err)
		}
	}
}

func (t *Tracker) one(ctx context.Context, one *library.Torrent, url string, on bool) error {
	v := one.View()
	if !v.Ours || url == "" && on {
		return nil
	}
	if !on || !serves(&v) {
		url = ""
	}
	return t.relist(ctx, one, &v, url)
}

// relist gives a torrent the URL to list, "" for none.
func (t *Tracker) relist(ctx context.Context, one *library.Torrent, v *library.View, want string) error {
	var has []string
	for _, url := range slices.Concat(v.Record.Trackers...) {
		if t.Ours(url) {
			has = append(has, url)
		}
	}
	if want == "" && has == nil || len(has) == 1 && has[0] == want {
		return nil
	}
	var tiers [][]string
	for _, tier := range one.Trackers() {
		if tier = slices.DeleteFunc(slices.Clone(tier), t.Ours); len(tier) > 0 {
			tiers = append(tiers, tier)
		}
	}
	if v.Private && len(tiers) > 0 { // it belongs to others
		if want = ""; has == nil {
			return nil
		}
	}
	if want == "" {
		return one.SetTrackers(ctx, tiers)
	}
	return one.SetTrackers(ctx, append(tiers, []string{want}), want)
}

// serves reports whether the tracker serves a torrent.
func serves(v *library.View) bool {
	return v.TLS != swarm.TLSRequire && v.Secret == "" && v.Sole == nil && (!v.Private || v.Ours)
}

// Listed implements server.List: it reports whether the tracker serves the torrent with an
// info-hash.
func (t *Tracker) Listed(hash [20]byte) bool {
	v, ok := t.view(hash)
	return ok && serves(&v)
}
