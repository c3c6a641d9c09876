package changes

import (
	"slices"

	"github.com/warren-p2p/warren/internal/api/torrent"
	"github.com/warren-p2p/warren/internal/library"
)

// Want is what a client wants to hear of.
type Want struct {
	Fields torrent.Fields
	Only   int64 // ID of the one torrent; 0 for all
}

// among returns those of some torrents that are meant.
func (w Want) among(list []*library.Torrent) []*library.Torrent {
	if w.Only == 0 {
		return list
	}
	i := slices.IndexFunc(list, func(t *library.Torrent) bool { return t.ID() == w.Only })
	if i < 0 {
		return nil
	}
	return list[i : i+1]
}

// cut leaves what is meant of a delta, and reports whether there is anything.
func (w Want) cut(d library.Delta) (library.Delta, bool) {
	if w.Only == 0 {
		return d, true
	}
	d.Changed, d.Groups = w.among(d.Changed), false
	d.Removed = slices.DeleteFunc(slices.Clone(d.Removed), func(gone library.Gone) bool { return gone.ID != w.Only })
	return d, len(d.Changed)+len(d.Removed) > 0
}

// wanted returns the text of news for a client, nil if there is nothing for it.
func (n *news) wanted(w Want) ([]byte, error) {
	if w.Only == 0 {
		return n.encode(w.Fields)
	}
	d, any := w.cut(n.delta)
	if !any {
		return nil, nil
	}
	return n.feed.encode(d, w.Fields)
}
