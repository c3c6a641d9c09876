package fetch

import (
	"errors"

	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/swarm/internal/blame"
	"github.com/warren-p2p/warren/swarm/internal/piece"
)

// complete hands a piece whose last block arrived to the workers. It runs in
// the reader of the peer that sent it, and blocks when the workers are behind.
func (f *Fetcher) complete(pc *piece.Piece) {
	f.mu.Lock()
	f.pick.Writing(pc.Index)
	delete(f.orphans, pc.Index)
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
	if f.cfg.Buffers.Starved(f) {
		f.pick.Failed(pc.Index)
		f.drop(pc)
		return
	}
	f.kept = append(f.kept, pc)
}

// stored closes the books of a right piece. It names who sent wrong blocks of
// it before, and says whether idle peers should look again.
func (f *Fetcher) stored(pc *piece.Piece) (guilty []PeerID, wake bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if s := f.suspects[pc.Index]; s != nil {
		guilty = s.Guilty(pc.Buf)
		delete(f.suspects, pc.Index)
	}
	f.pick.Verified(pc.Index)
	f.drop(pc)
	return guilty, f.pick.Endgame()
}

// wrong drops a piece that failed its check.
func (f *Fetcher) wrong(pc *piece.Piece) {
	culprit, sole := blame.Sole(pc.From)
	f.mu.Lock()
	f.corrupt += int64(len(pc.Buf))
	if !sole {
		f.suspects[pc.Index] = blame.New(pc.Buf, pc.From)
	}
	f.pick.Failed(pc.Index)
	f.drop(pc)
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
	for _, pc := range f.pieces {
		pc.ForgetFrom(id)
	}
	f.mu.Unlock()
	f.Wake()
}

// Accuse names who sent wrong blocks of a piece that failed, given the right
// leaf hashes of it (BEP 52), already checked against the piece's root.
func (f *Fetcher) Accuse(index int, leaves []blame.Digest) {
	f.mu.Lock()
	var guilty []PeerID
	if s := f.suspects[index]; s != nil {
		var ok bool
		if guilty, ok = s.GuiltyOf(leaves); ok {
			delete(f.suspects, index)
		}
	}
	f.mu.Unlock()
	for _, id := range guilty {
		f.cfg.Events.Guilty(id, index)
	}
	f.Wake()
}
