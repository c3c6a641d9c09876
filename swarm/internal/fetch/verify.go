package fetch

import (
	"errors"

	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/swarm/internal/piece"
	"github.com/warren-p2p/warren/swarm/internal/table"
)

// complete hands a piece whose last block arrived to the workers. It runs in
// the reader of the peer that sent it, and blocks when the workers are behind.
func (f *Fetcher) complete(pc *piece.Piece) {
	f.mu.Lock()
	f.table.Complete(pc)
	f.busy.Add(1)
	f.mu.Unlock()
	f.cfg.Workers.submit(f, pc)
}

// verify checks and stores a piece. It runs in a worker.
func (f *Fetcher) verify(pc *piece.Piece) {
	err := f.cfg.Torrent.VerifyPiece(pc.Index, pc.Buf)
	var differs *metainfo.PieceError
	if errors.As(err, &differs) {
		f.wrong(pc)
		return
	}
	if err == nil {
		err = f.cfg.Store.WritePiece(pc.Index, pc.Buf)
	}
	if err != nil {
		f.keep(pc)
		f.cfg.Events.Failed(pc.Index, err)
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

// keep holds a piece in memory that the volume did not take. It is written
// when the fetcher is made active again.
func (f *Fetcher) keep(pc *piece.Piece) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.active.Store(false)
	f.table.Keep(pc)
}

// stored names who sent wrong blocks of the piece before, and says whether
// idle peers should look again.
func (f *Fetcher) stored(pc *piece.Piece) (guilty []PeerID, wake bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	guilty = f.table.Stored(pc)
	return guilty, f.table.Pick.Endgame()
}

// wrong drops a piece that failed its check.
func (f *Fetcher) wrong(pc *piece.Piece) {
	f.mu.Lock()
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
