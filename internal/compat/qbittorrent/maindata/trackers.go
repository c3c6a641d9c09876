package maindata

import (
	"maps"
	"slices"

	"github.com/warren-p2p/warren/internal/compat/qbittorrent/delta"
)

// trackers is which torrents have which trackers.
type trackers struct {
	of     map[string][]string        // trackers by torrent
	has    map[string]map[string]bool // torrents by tracker
	ledger *delta.Ledger[version]
}

// version changes whenever a tracker has other torrents.
type version struct {
	At delta.Revision `json:"at"`
}

func newTrackers(at delta.Revision) *trackers {
	return &trackers{of: make(map[string][]string), has: make(map[string]map[string]bool), ledger: delta.New[version](at)}
}

// put says which trackers a torrent has, and reports whether those are others than
// before.
func (t *trackers) put(key string, urls []string, at delta.Revision) bool {
	before := t.of[key]
	if slices.Equal(before, urls) {
		return false
	}
	for _, url := range before {
		delete(t.has[url], key)
	}
	for _, url := range urls {
		if t.has[url] == nil {
			t.has[url] = make(map[string]bool)
		}
		t.has[url][key] = true
	}
	if t.of[key] = urls; len(urls) == 0 {
		delete(t.of, key)
	}
	for _, url := range slices.Concat(before, urls) {
		if len(t.has[url]) == 0 {
			delete(t.has, url)
			t.ledger.Remove(url, at)
		} else {
			t.ledger.Put(url, version{at}, at)
		}
	}
	return true
}

// since returns the torrents of the trackers of which that has changed, and the
// trackers that are gone.
func (t *trackers) since(r delta.Revision) (changed map[string][]string, removed []string, err error) {
	names, removed, err := t.ledger.Since(r)
	if err != nil {
		return nil, nil, err
	}
	changed = make(map[string][]string, len(names))
	for url := range names {
		changed[url] = slices.Sorted(maps.Keys(t.has[url]))
	}
	return changed, removed, nil
}

func (t *trackers) all() map[string][]string {
	all := make(map[string][]string, len(t.has))
	for url, keys := range t.has {
		all[url] = slices.Sorted(maps.Keys(keys))
	}
	return all
}
