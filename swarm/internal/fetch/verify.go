package fetch

import (
	"errors"

	"github.com/warren-p2p/warren/internal/lanes"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/swarm/internal/piece"
	"github.com/warren-p2p/warren/swarm/internal/table"
)

// complete hands a piece whose last block arrived to the workers, when the one
// before it of the same peer is stored: of each connection one piece at most is
// complete and not on disk. It runs in the reader of the peer.
func (f *Fetcher) complete(pc *piece.Piece, turn chan struct{}) {
	f.mu.Lock()
	f.table.Complete(pc)
	f.busy.Add(1)
	f.whole++
	last := f.table.Pick.Left() <= f.whole
	f.mu.Unlock()
	turn <- struct{}{}
	f.cfg.Workers.store(job{f, pc, turn, last})
}

// arrive stores a complete piece before anybody knows whether it is right, so
// that a kill costs no transfer. The caller has counted it in f.busy.
func (f *Fetcher) arrive(j job) {
	if err := f.cfg.Store.Arrive(j.pc.Index, j.pc.Buf); err != nil {
		f.fail(j.pc, err)
		f.busy.Done()
		return
	}
	f.cfg.Workers.submit(j)
}

// verify checks stored pieces, at most lanes.Width. It runs in a worker.
func (f *Fetcher) verify(pieces []*piece.Piece) {
	var (
		index [lanes.Width]int
		data  [lanes.Width][]byte
		errs  [lanes.Width]error
	)
	n := len(pieces)
	for k, pc := range pieces {
		index[k], data[k] = pc.Index, pc.Buf
	}
	f.cfg.Torrent.VerifyPieces(index[:n], data[:n], errs[:n])
	for k, pc := range pieces {
		f.settle(pc, errs[k])
	}
}

// settle says what becomes of a piece that was checked.
func (f *Fetcher) settle(pc *piece.Piece, err error) {
	if _, differs := errors.AsType[*metainfo.PieceError](err); differs {
		f.wrong(pc)
		return
	}
	if err == nil {
		err = f.cfg.Store.Confirm(pc.Index)
	}
	if err != nil {
		f.fail(pc, err)
		return
	}
	guilty, wake := f.stored(pc)
	f.cfg.Events.Verified(pc.Index)
	for _, id := range guilty {
		f.cfg.Events.Guilty(id, pc.Index)
	}
	if wake {
		f.Wake()
	}
}

func (f *Fetcher) fail(pc *piece.Piece, err error) {
	f.keep(pc)
	f.cfg.Events.Failed(pc.Index, err)
}

// keep holds a piece in memory that the volume did not take. It is written
// when the fetcher is made active again.
func (f *Fetcher) keep(pc *piece.Piece) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.whole--
	f.active.Store(false)
	f.table.Keep(pc)
}

// stored names who sent wrong blocks of the piece before, and says whether
// idle peers should look again.
func (f *Fetcher) stored(pc *piece.Piece) (guilty []PeerID, wake bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.whole--
	guilty = f.table.Stored(pc)
	return guilty, f.table.Pick.Endgame()
}

// wrong drops a piece that failed its check.
func (f *Fetcher) wrong(pc *piece.Piece) {
	// If this cannot be recorded the piece stays in doubt, and is found wrong
	// again by the next session.
	_ = f.cfg.Store.Reject(pc.Index)
	f.mu.Lock()
	f.whole--
	culprit, sole := f.table.Wrong(pc)
	f.mu.Unlock()
	if sole {
		f.cfg.Events.Guilty(culprit, pc.Index)
	} else {
		f.cfg.Events.Suspect(pc.Index)
	}
	f.Wake()
}

// Distrust takes back what a guilty peer sent for pieces that are still
// incomplete.
func (f *Fetcher) Distrust(id PeerID) {
	f.mu.Lock()
	f.table.Distrust(id)
	f.mu.Unlock()
	f.Wake()
}

// Accuse names who sent wrong blocks of a piece that failed, given the right
// leaf hashes of it (BEP 52), already checked against the piece's root.
func (f *Fetcher) Accuse(index int, leaves []table.Digest) {
	f.mu.Lock()
	guilty := f.table.Accuse(index, leaves)
	f.mu.Unlock()
	for _, id := range guilty {
		f.cfg.Events.Guilty(id, index)
	}
	f.Wake()
}
