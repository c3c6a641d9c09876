package torrents

import (
	"fmt"
	"strconv"

	"github.com/warren-p2p/warren/internal/compat/qbittorrent/call"
	"github.com/warren-p2p/warren/internal/compat/qbittorrent/listing"
	"github.com/warren-p2p/warren/internal/library"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/swarm"
)

func (t *Torrents) info(c *call.Call) error {
	t.Library.Refresh()
	var list []*library.Torrent
	if c.Has("hashes") && c.Form.Text("hashes") != "" {
		var err error
		if list, err = t.Library.Some(c); err != nil {
			return err
		}
	} else {
		list = t.Library.All()
	}
	q := listing.QueryOf(c.Form)
	out := make([]listing.Listed, 0, len(list))
	for _, one := range list {
		if l := listing.Of(t.Sources.Of(one)); q.Keep(&l) {
			out = append(out, l)
		}
	}
	out, err := q.Arrange(out)
	if err != nil {
		return err
	}
	return c.JSON(out)
}

func (t *Torrents) count(c *call.Call) error { return c.Text(strconv.Itoa(len(t.Library.All()))) }

func (t *Torrents) properties(c *call.Call) error {
	one, err := t.Library.One(c)
	if err != nil {
		return err
	}
	t.Library.Refresh()
	return c.JSON(listing.PropertiesOf(t.Sources.Of(one), t.maxPeers(one)))
}

func (t *Torrents) maxPeers(one *library.Torrent) int {
	if n := one.View().MaxPeers; n > 0 {
		return n
	}
	return t.Settings().Peers.PerTorrent
}

func (t *Torrents) trackers(c *call.Call) error {
	one, err := t.Library.One(c)
	if err != nil {
		return err
	}
	return c.JSON(listing.TrackersOf(t.Sources.Of(one), one.Trackers(), t.DHT()))
}

func (t *Torrents) webseeds(c *call.Call) error {
	one, err := t.Library.One(c)
	if err != nil {
		return err
	}
	type seed struct {
		URL string `json:"url"`
	}
	list := []seed{}
	for _, url := range one.View().WebSeeds {
		list = append(list, seed{url})
	}
	if m, err := one.Metainfo(); err == nil {
		for _, url := range m.URLList {
			list = append(list, seed{url})
		}
	}
	return c.JSON(list)
}

func (t *Torrents) files(c *call.Call) error {
	one, err := t.Library.One(c)
	if err != nil {
		return err
	}
	files, err := one.Files()
	if err != nil { // nothing is known of them yet
		return c.JSON([]listing.File{})
	}
	all := listing.FilesOf(t.Sources.Of(one), files)
	if !c.Has("indexes") {
		return c.JSON(all)
	}
	some := []listing.File{}
	for _, word := range c.List("indexes", "|") {
		i, err := strconv.Atoi(word)
		switch {
		case err != nil:
			return call.Conflict(fmt.Sprintf("'%.40s' is not a valid file index.", word))
		case i < 0 || i >= len(all):
			return call.Conflict(fmt.Sprintf("Index %d is out of bounds.", i))
		}
		some = append(some, all[i])
	}
	return c.JSON(some)
}

// pieces returns the metainfo of the torrent that a call is about; nil if there is
// none yet.
func (t *Torrents) pieces(c *call.Call) (*library.Torrent, *metainfo.Torrent, error) {
	one, err := t.Library.One(c)
	if err != nil {
		return nil, nil, err
	}
	m, err := one.Metainfo()
	if err != nil {
		m = nil
	}
	return one, m, nil
}

func (t *Torrents) pieceStates(c *call.Call) error {
	const fetched, have = 1, 2 // 0 is missing
	one, m, err := t.pieces(c)
	if err != nil {
		return err
	}
	if m == nil {
		return c.JSON([]int{})
	}
	states := make([]int, m.Info.NumPieces())
	var now []swarm.PieceInfo
	if e := one.Engine(); e != nil {
		now = e.Pieces()
	}
	for i := range states {
		switch {
		case now == nil && one.View().Status.Left() == 0: // it sleeps
			states[i] = have
		case i >= len(now):
		case now[i].State == swarm.PieceVerified:
			states[i] = have
		case now[i].State != swarm.PieceMissing:
			states[i] = fetched
		}
	}
	return c.JSON(states)
}

func (t *Torrents) pieceHashes(c *call.Call) error {
	_, m, err := t.pieces(c)
	if err != nil {
		return err
	}
	list := []string{}
	for i := 0; m != nil && i < m.Info.NumPieces(); i++ {
		if h, ok := m.PieceHash(i); ok {
			list = append(list, h.String())
		} else if h, ok := m.PieceRoot(i); ok {
			list = append(list, h.String())
		}
	}
	return c.JSON(list)
}

// export answers with the torrent file.
func (t *Torrents) export(c *call.Call) error {
	one, m, err := t.pieces(c)
	if err != nil {
		return err
	}
	if m == nil {
		return call.Conflict("Unable to export torrent file. Error: Missing metadata")
	}
	c.W.Header().Set("Content-Type", "application/x-bittorrent")
	c.W.Header().Set("Content-Disposition", `attachment; filename="`+one.Key()+`.torrent"`)
	_, _ = c.W.Write(m.Bytes()) // who has gone cannot be told
	return nil
}
