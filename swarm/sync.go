package swarm

import (
	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/peerwire/extension"
)

// sync forces written pieces to disk. If that fails the kernel may have lost
// some of them without a word, so the store counts them as missing, and so do
// we from then on.
func (t *Torrent) sync() error {
	err := t.store.Sync()
	if err != nil {
		t.forgetLost()
	}
	return err
}

// forgetLost takes over what the store still has, and tells peers what we do
// not have any more (BEP 54).
func (t *Torrent) forgetLost() {
	t.mu.Lock()
	now, lost := t.content.Recount() // under the lock: whatever was told as verified is in it
	tell := make(map[*peer]byte)
	for p := range t.peers {
		if p.dontHaveID != 0 {
			tell[p] = p.dontHaveID
		}
	}
	t.mu.Unlock()
	if len(lost) == 0 {
		return
	}
	t.fetch.SetHave(now)
	for p, id := range tell {
		p.link.Send(func(b []byte) []byte {
			for _, i := range lost {
				b = peerwire.AppendExtended(b, id, extension.DontHave{Piece: uint32(i)}.Append(nil))
			}
			return b
		})
	}
}

// guard looks after the volume of a torrent that downloads: what is written
// reaches the disk in time, and the reserve stays free.
func (t *Torrent) guard() {
	select {
	case t.ops <- struct{}{}:
		defer func() { <-t.ops }()
	default: // it is being moved or checked
		return
	}
	err := t.sync()
	if err == nil {
		err = t.store.Prepare()
	}
	if err != nil {
		t.hold(err)
	}
}
