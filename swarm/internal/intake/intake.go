// Package intake takes complete pieces in: it stores them, hashes up to sixteen
// of them side by side, and records which are right.
//
// [Workers] do that for all torrents of a session; a [Line] is the way of one
// torrent to them. A piece is stored before anybody knows whether it is right,
// by the reader that completed it, which goes on to the next when this one is on
// disk. So a kill costs one piece of each connection at most: the next session
// finds the others in doubt, and reads them instead of fetching them again.
//
// The package has no locks. What a line tells its [Owner] comes from a worker,
// or from Take if the piece could not be stored.
package intake

import (
	"errors"
	"sync"

	"github.com/warren-p2p/warren/internal/lanes"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/verify"
	"github.com/warren-p2p/warren/swarm/internal/piece"
)

// Store keeps pieces. What arrived counts once it is confirmed; what is
// rejected is missing.
type Store interface {
	Arrive(piece int, data []byte) error
	Confirm(piece int) error
	Reject(piece int) error
}

// Owner learns what became of its pieces, one call for each. The piece is the
// owner's again.
type Owner interface {
	// Right reports a piece that is on disk and right.
	Right(pc *piece.Piece)
	// Wrong reports a piece that failed its check, and is missing on disk.
	Wrong(pc *piece.Piece)
	// Failed reports that a piece could not be stored, checked or recorded.
	Failed(pc *piece.Piece, err error)
}

// Line takes in the pieces of one torrent.
type Line struct {
	workers *Workers
	torrent *metainfo.Torrent
	store   Store
	owner   Owner
	busy    sync.WaitGroup // pieces announced that have no verdict
}

// NewLine returns a line without pieces.
func NewLine(w *Workers, t *metainfo.Torrent, s Store, o Owner) *Line {
	return &Line{workers: w, torrent: t, store: s, owner: o}
}

// Announce tells of n pieces that will be handed over: Drain waits for them.
func (l *Line) Announce(n int) { l.busy.Add(n) }

// Take stores a complete piece that was announced, and hands it on to be
// verified: for both it waits until there is room. last says that no other
// piece of the torrent will come.
func (l *Line) Take(pc *piece.Piece, last bool) {
	if !l.workers.admit() {
		l.busy.Done()
		return
	}
	err := l.store.Arrive(pc.Index, pc.Buf)
	l.workers.release()
	if err != nil {
		l.owner.Failed(pc, err)
		l.busy.Done()
		return
	}
	l.workers.submit(job{l, pc, last})
}

// Drain waits until every piece that was announced has its verdict, or was
// dropped because the workers are closed.
func (l *Line) Drain() { l.busy.Wait() }

// verify checks stored pieces, at most lanes.Width.
func (l *Line) verify(pieces []*piece.Piece) {
	var (
		index [lanes.Width]int
		data  [lanes.Width][]byte
		errs  [lanes.Width]error
	)
	n := len(pieces)
	for k, pc := range pieces {
		index[k], data[k] = pc.Index, pc.Buf
	}
	verify.Pieces(l.torrent, index[:n], data[:n], errs[:n])
	for k, pc := range pieces {
		l.judge(pc, errs[k])
	}
	l.busy.Add(-n)
}

// judge records the verdict on a piece.
func (l *Line) judge(pc *piece.Piece, err error) {
	if _, differs := errors.AsType[*verify.PieceError](err); differs {
		// If this cannot be recorded the piece stays in doubt, and is found
		// wrong again by the next session.
		_ = l.store.Reject(pc.Index)
		l.owner.Wrong(pc)
		return
	}
	if err == nil {
		err = l.store.Confirm(pc.Index)
	}
	if err != nil {
		l.owner.Failed(pc, err)
		return
	}
	l.owner.Right(pc)
}
