package fetch

import (
	"crypto/sha256"
	"slices"

	"github.com/warren-p2p/warren/peerwire"
)

// suspicion is what is remembered of a piece that failed its check with
// several senders: who sent what. The next attempt is made by one peer alone.
// If it fails that peer is guilty; if it succeeds the blocks that differ name
// the guilty of the first attempt. Digests are SHA-256 of each block, which are
// the leaves of a v2 torrent's tree: where a peer can prove the right leaves,
// no second attempt is needed ([Fetcher.Accuse]).
type suspicion struct {
	digests [][sha256.Size]byte
	from    []PeerID
}

// complete hands a piece whose last block arrived to the workers. It runs in
// the reader of the peer that sent it, and blocks when the workers are behind.
func (f *Fetcher) complete(pc *work) {
	f.mu.Lock()
	f.pick.Writing(pc.Index)
	pc.workers = nil
	f.mu.Unlock()
	f.cfg.Workers.submit(f, pc)
}

// verify checks and stores a piece. It runs in a worker.
func (f *Fetcher) verify(pc *work) {
	if f.cfg.Torrent.VerifyPiece(pc.Index, pc.Buf) != nil {
		f.wrong(pc)
		return
	}
	if err := f.cfg.Store.WritePiece(pc.Index, pc.Buf); err != nil {
		f.keep(pc)
		f.cfg.Events.Failed(pc.Index, err)
		return
	}
	guilty := f.stored(pc)
	f.cfg.Buffers.Put(pc.Buf)
	f.cfg.Events.Verified(pc.Index)
	for _, id := range guilty {
		f.cfg.Events.Guilty(id, pc.Index)
	}
	if f.endgame() {
		f.Wake()
	}
}

func (f *Fetcher) endgame() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.pick.Endgame()
}

// keep holds a piece in memory that the volume did not take. It is written
// when the fetcher is made active again.
func (f *Fetcher) keep(pc *work) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.active = false
	f.kept = append(f.kept, pc)
}

// stored closes the books of a right piece and names who sent wrong blocks of
// it before.
func (f *Fetcher) stored(pc *work) []PeerID {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.pieces, pc.Index)
	f.pick.Verified(pc.Index)
	s := f.suspects[pc.Index]
	if s == nil {
		return nil
	}
	delete(f.suspects, pc.Index)
	var guilty []PeerID
	for b, d := range digests(pc) {
		if d != s.digests[b] && !slices.Contains(guilty, s.from[b]) {
			guilty = append(guilty, s.from[b])
		}
	}
	return guilty
}

// wrong drops a piece that failed its check.
func (f *Fetcher) wrong(pc *work) {
	sole := true
	for _, id := range pc.From {
		sole = sole && id == pc.From[0]
	}
	f.mu.Lock()
	f.corrupt += int64(len(pc.Buf))
	delete(f.pieces, pc.Index)
	if !sole {
		f.suspects[pc.Index] = &suspicion{digests: digests(pc), from: slices.Clone(pc.From)}
	}
	f.pick.Failed(pc.Index)
	f.mu.Unlock()
	f.cfg.Buffers.Put(pc.Buf)
	if sole {
		f.cfg.Events.Guilty(pc.From[0], pc.Index)
	} else {
		f.cfg.Events.Suspect(pc.Index)
	}
	f.Wake()
}

func digests(pc *work) [][sha256.Size]byte {
	out := make([][sha256.Size]byte, pc.Blocks())
	for b := range out {
		off := b * peerwire.BlockLen
		out[b] = sha256.Sum256(pc.Buf[off : off+pc.BlockLen(b)])
	}
	return out
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
func (f *Fetcher) Accuse(index int, leaves [][sha256.Size]byte) {
	f.mu.Lock()
	s := f.suspects[index]
	if s == nil || len(leaves) < len(s.digests) {
		f.mu.Unlock()
		return
	}
	delete(f.suspects, index)
	var guilty []PeerID
	for b, d := range s.digests {
		if d != leaves[b] && !slices.Contains(guilty, s.from[b]) {
			guilty = append(guilty, s.from[b])
		}
	}
	f.mu.Unlock()
	for _, id := range guilty {
		f.cfg.Events.Guilty(id, index)
	}
	f.Wake()
}
