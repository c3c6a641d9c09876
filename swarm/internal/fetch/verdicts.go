package fetch

import (
	"github.com/warren-p2p/warren/swarm/internal/piece"
	"github.com/warren-p2p/warren/swarm/internal/table"
)

// complete notes that the last block of a piece arrived: it is to be taken in.
// It reports whether no other piece will come.
func (f *Fetcher) complete(pc *piece.Piece) (last bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.table.Complete(pc)
	f.intake.Announce(1)
	f.whole++
	return f.table.Pick.Left() <= f.whole
}

// verdicts is the fetcher as its intake sees it.
type verdicts struct{ f *Fetcher }

// Right implements intake.Owner.
func (v verdicts) Right(pc *piece.Piece) {
	f := v.f
	guilty, wake := f.stored(pc)
	f.cfg.Events.Verified(pc.Index)
	for _, id := range guilty {
		f.cfg.Events.Guilty(id, pc.Index)
	}
	if wake {
		f.Wake()
	}
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

// Wrong implements intake.Owner.
func (v verdicts) Wrong(pc *piece.Piece) {
	f := v.f
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

// Failed implements intake.Owner.
func (v verdicts) Failed(pc *piece.Piece, err error) {
	v.f.keep(pc)
	v.f.cfg.Events.Failed(pc.Index, err)
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
