package changes

import (
	"slices"

	"github.com/warren-p2p/warren/internal/api/torrent"
	"github.com/warren-p2p/warren/internal/library"
)

// Want is what a client wants to hear of.
type Want struct {
	Fields torrent.Fields
	Only   []int64 // IDs of torrents; nil for all
	Totals bool    // also if none of those has changed
}

// has returns what tells whether the torrent of an ID is meant.
func (w Want) has() func(id int64) bool {
	ids := slices.Sorted(slices.Values(w.Only))
	return func(id int64) bool {
		_, found := slices.BinarySearch(ids, id)
		return found
	}
}

// among returns those of some torrents that are meant.
func (w Want) among(list []*library.Torrent) (meant []*library.Torrent) {
	if w.Only == nil {
		return list
	}
	has := w.has()
	for _, t := range list {
		if has(t.ID()) {
			meant = append(meant, t)
		}
	}
	return meant
}

// cut leaves what is meant of a delta, and reports whether there is anything.
func (w Want) cut(d library.Delta) (library.Delta, bool) {
	if w.Only == nil {
		return d, true
	}
	has := w.has()
	d.Changed, d.Groups = w.among(d.Changed), d.Groups && w.Totals
	d.Removed = slices.DeleteFunc(slices.Clone(d.Removed), func(gone library.Gone) bool { return !has(gone.ID) })
	return d, w.Totals || len(d.Changed)+len(d.Removed) > 0
}

// wanted returns the text of news for a client, nil if there is nothing for it.
func (n *news) wanted(w Want) ([]byte, error) {
	if w.Only == nil {
		return n.encode(w.Fields)
	}
	d, any := w.cut(n.delta)
	if !any {
		return nil, nil
	}
	return n.feed.encode(d, w.Fields, w.Totals)
}
