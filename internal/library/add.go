package library

import (
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"path/filepath"
	"slices"

	"github.com/warren-p2p/warren/btls"
	"github.com/warren-p2p/warren/internal/library/changes"
	"github.com/warren-p2p/warren/internal/library/files"
	"github.com/warren-p2p/warren/internal/library/record"
	"github.com/warren-p2p/warren/internal/library/torrent"
	"github.com/warren-p2p/warren/internal/store"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/magnet"
	"github.com/warren-p2p/warren/swarm"
)

// Add says which torrent is added, and how.
type Add struct {
	Metainfo *metainfo.Torrent
	Magnet   *magnet.Link // instead of Metainfo
	Name     string       // what it is called here; its own name
	Dir      string       // absolute; the folder of the category, or the default
	Category string       // made if it is not there
	Labels   []string
	Paused   *bool // the default

	Forced, Sequential, FirstLast, SuperSeed bool

	TLS        *swarm.TLSPolicy // the default
	Secret     *btls.Secret     // of a torrent that is opened by a passphrase
	UpLimit    int64            // bytes a second, 0 for none
	DownLimit  int64
	MaxPeers   int
	Goal       record.Goal
	Priorities map[int]swarm.Priority
	Paths      map[int]string // as in swarm.Options
	Trackers   []string       // asked before those of the torrent
	Sole       *record.Sole   // the tracker of a private share, which is told to no other
	WebSeeds   []string
	Peers      []netip.AddrPort
	Names      map[netip.AddrPort]string // as in swarm.Options
	Verified   bool                      // Metainfo was made from what lies in Dir just now
	Ours       bool                      // it was made here: the node's own tracker is one of its
	Stamp      string                    // the same, by somebody else, if it looks so still: see [files.Stamp]
}

// Add adds a torrent. The error matches [ErrDuplicate] if it is there already; then
// the torrent that is there is returned as well.
func (l *Library) Add(ctx context.Context, a Add) (*Torrent, error) {
	r, bytes, err := l.recordOf(&a)
	if err != nil {
		return nil, fmt.Errorf("add torrent: %w", err)
	}
	if t := l.find(r.Hashes); t != nil {
		return t, fmt.Errorf("add %q: %w", r.Name, ErrDuplicate)
	}
	if err := l.groups.Need(ctx, r.Category); err != nil {
		return nil, err
	}
	if err := l.cfg.Make(r.Dir); err != nil {
		return nil, fmt.Errorf("add %q: %w", r.Name, err)
	}
	err = l.cfg.Store.Write(ctx, func(q store.Querier) error {
		return record.Insert(ctx, q, &r, bytes)
	})
	if err != nil {
		if t := l.find(r.Hashes); t != nil { // somebody else was faster
			return t, fmt.Errorf("add %q: %w", r.Name, ErrDuplicate)
		}
		return nil, err
	}
	a.Verified = a.Verified || a.Metainfo != nil && files.Stamped(l.cfg.Open, r.Dir, &a.Metainfo.Info, a.Stamp)
	t := torrent.New(l.shared, r)
	begin := torrent.Start{Metainfo: a.Metainfo, Peers: a.Peers, Names: a.Names, Verified: a.Verified, Added: true}
	l.know(t) // the engine announces it at once, and the node's own tracker looks it up
	if err := t.Begin(ctx, begin); err != nil {
		l.unknow(t)
		forget := l.cfg.Store.Write(ctx, func(q store.Querier) error { return record.Delete(ctx, q, r.ID) })
		return nil, errors.Join(err, forget)
	}
	l.take(t)
	l.stir()
	l.emit(Event{Kind: changes.Added, Torrent: t})
	return t, nil
}

// recordOf returns what is kept of a torrent that is added, and the bytes of its file.
func (l *Library) recordOf(a *Add) (r record.Record, bytes []byte, err error) {
	d := l.Defaults()
	switch {
	case a.Metainfo != nil:
		r.Learn(a.Metainfo)
		r.Name, bytes = a.Metainfo.Info.Name, a.Metainfo.Bytes()
	case a.Magnet != nil:
		r.Hashes, r.Magnet, r.Name = a.Magnet.Hashes, a.Magnet.String(), a.Magnet.Name
		if r.Name == "" {
			r.Name = r.Hashes.String()
		}
	default:
		return r, nil, record.Input("torrent", "neither a torrent file nor a magnet link is given")
	}
	if a.Name != "" {
		r.Name = a.Name
	}
	r.Dir, r.Category = l.Lands(a.Dir, a.Category), a.Category
	if !filepath.IsAbs(r.Dir) {
		return r, nil, record.Input("dir", "want the full path of a folder, not %q", r.Dir)
	}
	if r.Labels, err = record.CleanLabels(a.Labels); err != nil {
		return r, nil, err
	}
	if err := record.CheckName("category", a.Category); err != nil && a.Category != "" {
		return r, nil, err
	}
	if err := a.Goal.Check(); err != nil {
		return r, nil, record.Input("goal", "%v", err)
	}
	r.Dir = filepath.Clean(r.Dir)
	r.Added = l.cfg.Clock.Now()
	r.Paused = d.Paused
	if a.Paused != nil {
		r.Paused = *a.Paused
	}
	r.Place = 1 << 30 // the end, until positions are written down
	r.Wishes = record.Wishes{
		Forced: a.Forced, Sequential: a.Sequential, FirstLast: a.FirstLast, SuperSeed: a.SuperSeed, TLS: d.TLS,
		UpLimit: max(a.UpLimit, 0), DownLimit: max(a.DownLimit, 0), MaxPeers: max(a.MaxPeers, 0), Goal: a.Goal, Ours: a.Ours,
		Priorities: maps.Clone(a.Priorities), Paths: maps.Clone(a.Paths), Renamed: len(a.Paths) > 0, Typed: slices.Clone(a.Trackers), WebSeeds: slices.Clone(a.WebSeeds),
	}
	if a.TLS != nil {
		r.TLS = *a.TLS
	}
	r.SetSole(a.Sole)
	if a.Secret != nil {
		r.Secret = hex.EncodeToString(a.Secret[:])
	}
	return r, bytes, nil
}

// Lands returns where content lands: in a folder, "" for that of a category, or else the
// default.
func (l *Library) Lands(dir, category string) string {
	c, _ := l.groups.Category(category)
	return cmp.Or(dir, c.Dir, l.Defaults().Dir)
}

// find returns the torrent with one of the hashes, nil if there is none.
func (l *Library) find(h metainfo.InfoHashes) *Torrent {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, k := range record.Keys(h) {
		if t := l.names[k]; t != nil {
			return t
		}
	}
	return nil
}
