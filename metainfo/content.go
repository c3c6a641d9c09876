package metainfo

import (
	"github.com/warren-p2p/warren/metainfo/internal/infodict"
	"github.com/warren-p2p/warren/metainfo/piecespace"
)

// Content is what [New] writes an info dictionary of.
type Content struct {
	// Space is laid out. Unless it has gaps, the torrent has version 1; with
	// V2 the files have their pieces roots, and those of a hybrid start at
	// pieces.
	Space   piecespace.Space
	Pieces  []byte // version 1: 20 bytes for each piece (BEP 3)
	V2      bool   // BEP 52
	Private bool   // BEP 27
	Source  string
	SSLCert string // see Info
}

// New makes a torrent. It checks nothing beyond what laying out the files did:
// the hashes are taken to be those of the content. The merkle layers of version
// 2 are missing: see [Torrent.SetPieceLayer].
func New(c Content) *Torrent {
	v1 := !c.Space.Gaps
	d := &infodict.Dict{
		Name: c.Space.Name, PieceLength: c.Space.PieceLength, MultiFile: c.Space.MultiFile,
		Private: c.Private, Source: c.Source, SSLCert: c.SSLCert, V1: v1, V2: c.V2,
	}
	if v1 {
		d.Files, d.Pieces = c.Space.Files, c.Pieces
	}
	if c.V2 {
		d.Tree = make([]piecespace.File, 0, len(c.Space.Files))
		for i := range c.Space.Files {
			if f := &c.Space.Files[i]; !f.Pad {
				d.Tree = append(d.Tree, *f)
			}
		}
	}
	info := &Info{
		Space: c.Space, Private: c.Private, Source: c.Source, SSLCert: c.SSLCert,
		v1: v1, v2: c.V2, pieces: d.Pieces,
	}
	t := &Torrent{}
	t.setInfo(info, d.Bytes())
	return t
}
