package hashtree

import (
	"errors"
	"sync"

	"github.com/warren-p2p/warren/internal/merkle"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/peerwire"
)

// ErrWrong is what ends the connection of a peer that answers with hashes that
// lead to another root.
var ErrWrong = errors.New("peer sent hashes that do not belong to the torrent")

const (
	// maxServed is how many pieces are read and hashed for a peer from one Forgive
	// to the next: it costs the peer 49 bytes to ask for one.
	maxServed = 32
	// maxAsked is how many answers we wait for at a time.
	maxAsked = 16
)

// Pieces are those that we have.
type Pieces interface {
	Has(piece int) bool
	// Leaves returns the hashes of the blocks of a piece, or false if it cannot be
	// read.
	Leaves(piece int) ([]merkle.Hash, bool)
	// Trees returns what is remembered of the torrent's trees.
	Trees() *Trees
}

// An Exchange is what is asked and answered about hashes on one connection. The
// zero Exchange is that of a new one.
type Exchange struct {
	mu     sync.Mutex
	asked  map[peerwire.HashRequest]int // the piece each is about
	served int
}

// News is what comes of a message: something to send, leaf hashes of a piece that
// were proven, or neither.
type News struct {
	Reply  []byte // a message
	Piece  int
	Leaves [][32]byte
}

// Ask notes that the peer is asked for the leaves of a piece. It reports false if
// it has been asked for much already.
func (e *Exchange) Ask(r peerwire.HashRequest, piece int) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.asked) >= maxAsked {
		return false
	}
	if e.asked == nil {
		e.asked = make(map[peerwire.HashRequest]int)
	}
	e.asked[r] = piece
	return true
}

// Forgive lets the peer ask for as much again.
func (e *Exchange) Forgive() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.served = 0
}

// Message takes one of the three messages of BEP 52. What nobody asked for is of
// no consequence.
func (e *Exchange) Message(id peerwire.ID, payload []byte, m *metainfo.Torrent, pieces Pieces) (News, error) {
	if id == peerwire.IDHashes {
		h, err := peerwire.ParseHashes(payload)
		if err != nil {
			return News{}, err
		}
		return e.take(h, m)
	}
	r, err := peerwire.ParseHashRequest(payload)
	switch {
	case err != nil:
		return News{}, err
	case id == peerwire.IDHashRequest:
		return News{Reply: e.answer(r, m, pieces)}, nil
	}
	e.end(r)
	return News{}, nil
}

// answer serves piece layers, and the leaves of one piece at a time.
func (e *Exchange) answer(r peerwire.HashRequest, m *metainfo.Torrent, pieces Pieces) []byte {
	list, ok := pieces.Trees().Reply(m, r, func(piece int) ([]merkle.Hash, bool) {
		if !pieces.Has(piece) || !e.allow() {
			return nil, false
		}
		return pieces.Leaves(piece)
	})
	if !ok {
		return peerwire.AppendHashReject(nil, r)
	}
	return peerwire.AppendHashes(nil, peerwire.Hashes{HashRequest: r, List: list})
}

// allow reports whether one more piece may be hashed, and counts it.
func (e *Exchange) allow() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.served >= maxServed {
		return false
	}
	e.served++
	return true
}

// end ends a request, and returns the piece that it was about.
func (e *Exchange) end(r peerwire.HashRequest) (piece int, ok bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	piece, ok = e.asked[r]
	delete(e.asked, r)
	return piece, ok
}

// take checks hashes that were asked for.
func (e *Exchange) take(h peerwire.Hashes, m *metainfo.Torrent) (News, error) {
	piece, ok := e.end(h.HashRequest)
	if !ok {
		return News{}, nil
	}
	root, ok := m.PieceRoot(piece)
	if !ok {
		return News{}, nil // a hybrid whose piece layers nobody had
	}
	leaves, ok := PieceLeaves(h, root)
	if !ok {
		return News{}, ErrWrong
	}
	return News{Piece: piece, Leaves: leaves}, nil
}
