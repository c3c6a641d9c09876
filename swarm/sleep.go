package swarm

import (
	"errors"
	"fmt"

	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/swarm/internal/sleeper"
	"github.com/warren-p2p/warren/swarm/internal/sources"
	"github.com/warren-p2p/warren/swarm/internal/torrent"
)

func (s *Session) sleepers() (list []*sleeper.Sleeper) {
	for _, t := range s.Torrents() {
		list = append(list, t.life)
	}
	return list
}

// beginAsleep reports whether a torrent that is added is complete and nobody
// needs it yet, and how it stands then.
func (t *Torrent) beginAsleep(opts Options) (sleeper.Status, bool) {
	if opts.Reload == nil || opts.Check || opts.Verified || len(opts.Peers) > 0 {
		return sleeper.Status{}, false
	}
	return sleeper.Whole(t.s.shared.Storage(opts.Metainfo, opts.Content), opts.Paused)
}

// entrance is a torrent as the door and those who knock know it.
type entrance struct {
	*sleeper.Sleeper
	subject *sources.Subject
}

// owner makes Torrent a sleeper.Owner.
type owner Torrent

var _ sleeper.Owner = (*owner)(nil)

// Open implements sleeper.Owner.
func (o *owner) Open() (*torrent.Torrent, error) {
	t := (*Torrent)(o)
	m, err := t.reload()
	if err != nil {
		return nil, err
	}
	return t.open(m, false, false)
}

// MayRest implements sleeper.Owner.
func (o *owner) MayRest() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.opts.Reload != nil && !o.removed
}

// Turned implements sleeper.Owner.
func (o *owner) Turned(from, to State) { (*Torrent)(o).turned(from, to) }

// reload gets the metainfo back, and makes sure that it is the same.
func (t *Torrent) reload() (*metainfo.Torrent, error) {
	t.mu.Lock()
	m := t.opts.Metainfo
	t.mu.Unlock()
	if m != nil {
		return m, nil
	}
	m, err := t.opts.Reload()
	if err != nil {
		return nil, fmt.Errorf("read the metainfo again: %w", err)
	}
	if idOf(m) != t.id {
		return nil, fmt.Errorf("read the metainfo again: %w", errOther)
	}
	return m, nil
}

var errOther = errors.New("it is of another torrent")

// open makes the running torrent.
func (t *Torrent) open(m *metainfo.Torrent, check, verified bool) (*torrent.Torrent, error) {
	t.mu.Lock()
	opts := torrent.Options{
		Metainfo: m, Found: t.found, Learned: t.learned, Turned: t.turned, Content: t.opts.Content, TLS: t.opts.TLS,
		Paused: t.paused, Check: check, Verified: verified,
		SuperSeed: t.opts.SuperSeed, WebSeeds: t.opts.WebSeeds,
		UploadLimit: t.opts.UploadLimit, DownloadLimit: t.opts.DownloadLimit,
	}
	t.mu.Unlock()
	run, err := torrent.Open(t.s.ctx, &t.s.shared, t.id, opts)
	if err != nil {
		return nil, err
	}
	if run.Known() {
		t.outfit(run)
	}
	return run, nil
}
