package torrent

import "github.com/warren-p2p/warren/swarm/internal/superseed"

// newSuper returns who shows pieces one by one, nil if all are to be shown.
func (t *Torrent) newSuper() *superseed.Shared {
	if t.opts.SuperSeed && t.Known() {
		t.super = superseed.NewShared(t.Content.Meta.Info.NumPieces(), t.res.Rand())
	}
	return t.super
}
