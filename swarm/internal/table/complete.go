package table

import (
	"github.com/warren-p2p/warren/swarm/internal/picker"
	"github.com/warren-p2p/warren/swarm/internal/piece"
)

// Complete notes that all blocks of a piece are here: it waits for its check.
func (t *Table) Complete(pc *piece.Piece) {
	t.Pick.Writing(pc.Index)
	delete(t.orphans, pc.Index)
}

// Stored closes the books of a piece that is right and on disk. It names who
// sent wrong blocks of it before.
func (t *Table) Stored(pc *piece.Piece) (guilty []picker.Peer) {
	if s := t.suspects[pc.Index]; s != nil {
		guilty = s.guilty(pc.Buf)
		delete(t.suspects, pc.Index)
	}
	t.Pick.Verified(pc.Index)
	t.drop(pc)
	return guilty
}

// Wrong drops a piece that failed its check. If one peer alone sent it, that
// one is named; else what they sent is remembered.
func (t *Table) Wrong(pc *piece.Piece) (culprit picker.Peer, alone bool) {
	t.corrupt += int64(len(pc.Buf))
	culprit, alone = sole(pc.From)
	if !alone {
		t.suspects[pc.Index] = suspect(pc.Buf, pc.From)
	}
	t.Pick.Failed(pc.Index)
	t.drop(pc)
	return culprit, alone
}

// Corrupt returns how many bytes were thrown away because a piece failed.
func (t *Table) Corrupt() int64 { return t.corrupt }

// Keep holds a complete piece that could not be stored, unless another torrent
// starves.
func (t *Table) Keep(pc *piece.Piece) {
	if t.buffers.Starved(t.owner) {
		t.Pick.Failed(pc.Index)
		t.drop(pc)
		return
	}
	t.kept = append(t.kept, pc)
}

// TakeKept returns the pieces that were kept, to be tried again.
func (t *Table) TakeKept() []*piece.Piece {
	kept := t.kept
	t.kept = nil
	return kept
}

// Distrust takes back what a peer sent for pieces that are not complete.
func (t *Table) Distrust(id picker.Peer) {
	for _, pc := range t.pieces {
		pc.ForgetFrom(id)
	}
}

// Accuse names who sent wrong blocks of a piece that failed, given its right
// leaf hashes (BEP 52). After that anybody may work on it together again.
func (t *Table) Accuse(index int, leaves []Digest) []picker.Peer {
	s := t.suspects[index]
	if s == nil {
		return nil
	}
	guilty, ok := s.guiltyOf(leaves)
	if ok {
		delete(t.suspects, index)
	}
	return guilty
}
