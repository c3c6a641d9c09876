package torrent

import (
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/swarm/internal/disclosure"
	"github.com/warren-p2p/warren/swarm/internal/webseed"
)

// newWeb returns the web seeds of a torrent that is known, nil if they are not to
// be used.
func (t *Torrent) newWeb(m *metainfo.Torrent) *webseed.Set {
	if t.res.NoWebSeeds {
		return nil
	}
	return webseed.NewSet(webseed.Config{
		Space: &m.Info.Space, Fetch: t.Fetch, Down: t.down, Net: t.res.Net,
		Clock: t.res.Clock, Log: t.res.Log, Client: t.res.Client, Rand: t.res.Rand(),
		Allowed: func(url string) bool { return !disclosure.InClear(t.Peers.Policy(), url) },
	}, t.opts.WebSeeds, func() []string { return m.URLList })
}
