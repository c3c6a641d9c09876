// Package maindata tells programs that follow a node what has changed in it: the
// answers of sync/maindata.
//
// All programs share what is kept, by revisions that begin at the time of the start.
// They grow by less than one a second for all that a node does by itself, so that one
// of before a restart is not taken for one of after it.
package maindata

import (
	"encoding/json"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/warren-p2p/warren/internal/compat/qbittorrent/delta"
	"github.com/warren-p2p/warren/internal/compat/qbittorrent/groups"
	"github.com/warren-p2p/warren/internal/compat/qbittorrent/listing"
	"github.com/warren-p2p/warren/internal/compat/qbittorrent/source"
	"github.com/warren-p2p/warren/internal/library"
)

// Config is what is told of.
type Config struct {
	Library    *library.Library
	Sources    *source.Sources
	Categories func() map[string]groups.Category
	Tags       func() []string
	Server     func() Server
	Begun      time.Time
}

// Data is what programs were told. Its methods are safe for concurrent use.
type Data struct {
	cfg Config

	mu         sync.Mutex
	at         delta.Revision
	seen       library.Revision
	keys       map[int64]string // of torrents
	torrents   *delta.Ledger[listing.Info]
	server     *delta.Ledger[Server]
	categories *delta.Ledger[groups.Category]
	tags       *delta.Ledger[tag]
	trackers   *trackers
}

type tag struct {
	Name string `json:"name"`
}

// New returns data that nobody was told yet.
func New(cfg Config) *Data {
	at := delta.Revision(cfg.Begun.Unix())
	return &Data{
		cfg: cfg, at: at, keys: make(map[int64]string),
		torrents: delta.New[listing.Info](at), server: delta.New[Server](at),
		categories: delta.New[groups.Category](at), tags: delta.New[tag](at), trackers: newTrackers(at),
	}
}

// Answer is what a program is told.
type Answer struct {
	Rid               int64                      `json:"rid"`
	Full              bool                       `json:"full_update,omitempty"`
	Torrents          map[string]json.RawMessage `json:"torrents,omitempty"`
	TorrentsRemoved   []string                   `json:"torrents_removed,omitempty"`
	Categories        map[string]groups.Category `json:"categories,omitempty"`
	CategoriesRemoved []string                   `json:"categories_removed,omitempty"`
	Tags              []string                   `json:"tags,omitempty"`
	TagsRemoved       []string                   `json:"tags_removed,omitempty"`
	Trackers          map[string][]string        `json:"trackers,omitempty"`
	TrackersRemoved   []string                   `json:"trackers_removed,omitempty"`
	Server            json.RawMessage            `json:"server_state,omitempty"`
}

// whole is an answer with all there is.
type whole struct {
	Rid        int64                      `json:"rid"`
	Full       bool                       `json:"full_update"`
	Torrents   map[string]json.RawMessage `json:"torrents"`
	Categories map[string]groups.Category `json:"categories"`
	Tags       []string                   `json:"tags"`
	Trackers   map[string][]string        `json:"trackers"`
	Server     Server                     `json:"server_state"`
}

// Since returns what has changed after the revision a program was told last, or all
// there is if it was told none, to be written as JSON.
func (d *Data) Since(rid int64) (any, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.look()
	r := delta.Revision(rid)
	if !d.torrents.Knows(r) || r > d.at || rid == 0 {
		return d.all()
	}
	out := Answer{Rid: int64(d.at)}
	var err error
	if out.Torrents, out.TorrentsRemoved, err = d.torrents.Since(r); err != nil {
		return nil, err
	}
	changed, removed, err := d.categories.Since(r)
	if err != nil {
		return nil, err
	}
	out.CategoriesRemoved = removed
	if len(changed) > 0 { // programs take what they are told for the whole of it
		out.Categories = d.cfg.Categories()
		maps.DeleteFunc(out.Categories, func(name string, _ groups.Category) bool { return changed[name] == nil })
	}
	if changed, out.TagsRemoved, err = d.tags.Since(r); err != nil {
		return nil, err
	}
	out.Tags = slices.Sorted(maps.Keys(changed))
	if out.Trackers, out.TrackersRemoved, err = d.trackers.since(r); err != nil {
		return nil, err
	}
	if changed, _, err = d.server.Since(r); err != nil {
		return nil, err
	}
	out.Server = changed[""]
	return out, nil
}

func (d *Data) all() (any, error) {
	list, err := d.torrents.All()
	if err != nil {
		return nil, err
	}
	return whole{
		Rid: int64(d.at), Full: true, Torrents: list, Categories: d.cfg.Categories(), Tags: d.cfg.Tags(),
		Trackers: d.trackers.all(), Server: d.cfg.Server(),
	}, nil
}

// look takes down what has changed. The caller holds d.mu.
func (d *Data) look() {
	d.cfg.Library.Refresh()
	news := d.cfg.Library.Since(d.seen)
	d.seen = news.Revision
	next, changed := d.at+1, false
	there := make(map[int64]bool)
	for _, t := range news.Changed {
		there[t.ID()] = true
		changed = d.take(t, next) || changed
	}
	for _, gone := range news.Removed {
		changed = d.drop(gone.ID, next) || changed
	}
	if news.Full {
		for id := range d.keys {
			if !there[id] {
				changed = d.drop(id, next) || changed
			}
		}
	}
	if news.Groups || len(news.Changed)+len(news.Removed) > 0 {
		changed = d.group(next) || changed
	}
	changed = d.server.Put("", d.cfg.Server(), next) || changed
	if changed {
		d.at = next
	}
}

// take takes down how a torrent stands, and reports whether that is new.
func (d *Data) take(t *library.Torrent, at delta.Revision) bool {
	s := d.cfg.Sources.Of(t)
	changed := false
	if old, ok := d.keys[t.ID()]; ok && old != s.Key { // peers told that it has another hash as well
		changed = d.drop(t.ID(), at)
	}
	d.keys[t.ID()] = s.Key
	urls := make([]string, len(s.Trackers))
	for i := range s.Trackers {
		urls[i] = s.Trackers[i].URL
	}
	changed = d.trackers.put(s.Key, urls, at) || changed
	return d.torrents.Put(s.Key, listing.Of(s).Info, at) || changed
}

func (d *Data) drop(id int64, at delta.Revision) bool {
	key, ok := d.keys[id]
	if !ok {
		return false
	}
	delete(d.keys, id)
	d.cfg.Sources.Forget(id)
	d.trackers.put(key, nil, at)
	return d.torrents.Remove(key, at)
}

// group takes down categories and tags.
func (d *Data) group(at delta.Revision) (changed bool) {
	now := d.cfg.Categories()
	for name, c := range now {
		changed = d.categories.Put(name, c, at) || changed
	}
	for _, name := range d.categories.Names() {
		if _, ok := now[name]; !ok {
			changed = d.categories.Remove(name, at) || changed
		}
	}
	tags := d.cfg.Tags()
	for _, name := range tags {
		changed = d.tags.Put(name, tag{name}, at) || changed
	}
	for _, name := range d.tags.Names() {
		if !slices.Contains(tags, name) {
			changed = d.tags.Remove(name, at) || changed
		}
	}
	return changed
}
