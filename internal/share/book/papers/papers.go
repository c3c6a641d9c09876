// Package papers makes the torrent files of shares out of each other: that which is
// public, and those that visitors get.
package papers

import (
	"github.com/warren-p2p/warren/internal/share/book/rows"
	"github.com/warren-p2p/warren/internal/share/record"
	"github.com/warren-p2p/warren/metainfo"
)

// Private changes the torrent file of a private share into that which visitors get: it
// names the tracker of this share alone ("" for none), and has nothing else beside the
// content: the secret is in the link.
func Private(m *metainfo.Torrent, tracker string) {
	m.SetTrackers(nil)
	if tracker != "" {
		m.SetTrackers([][]string{{tracker}})
	}
	m.TLS, m.Comment, m.CreatedBy, m.URLList, m.Nodes = nil, "", "", nil, nil
}

// Public returns a torrent of the same pieces that is public.
func Public(m *metainfo.Torrent) *metainfo.Torrent {
	c := metainfo.Content{Space: m.Info.Space, V2: true}
	for i := range m.Info.NumPieces() {
		h, _ := m.PieceHash(i) // a hybrid has one for each
		c.Pieces = append(c.Pieces, h[:]...)
	}
	open := metainfo.New(c)
	for i := range m.Info.Files {
		if layer := m.PieceLayer(i); layer != nil {
			_ = open.SetPieceLayer(i, layer) // it led to the same root before
		}
	}
	open.CreationDate, open.CreatedBy = m.CreationDate, m.CreatedBy
	return open
}

// Files returns the files of a torrent, each with what verifies it.
func Files(m *metainfo.Torrent) (list []rows.File) {
	for i := range m.Info.Files {
		if f := &m.Info.Files[i]; !f.Pad && f.Symlink == nil {
			list = append(list, rows.File{File: record.File{Path: f.Name(), Size: f.Length, Root: f.PiecesRoot}, Layer: m.PieceLayer(i)})
		}
	}
	return list
}
