package piece

import "github.com/warren-p2p/warren/peerwire"

// Ask is a request under way.
type Ask struct {
	Piece *Piece
	Block int
}

// Place returns where the payload goes.
func (a Ask) Place() []byte {
	off := a.Block * peerwire.BlockLen
	return a.Piece.Buf[off : off+a.Piece.BlockLen(a.Block)]
}

// Asks are the requests that one peer was sent and has not answered, oldest
// first. The zero value is empty.
type Asks struct {
	list []Ask
	head int
}

// Len returns how many there are.
func (q *Asks) Len() int { return len(q.list) - q.head }

// Push adds the newest.
func (q *Asks) Push(a Ask) {
	if q.head > 0 && len(q.list) == cap(q.list) {
		n := copy(q.list, q.list[q.head:])
		clear(q.list[n:])
		q.list, q.head = q.list[:n], 0
	}
	q.list = append(q.list, a)
}

// Answer takes out the request that r names. Peers answer in order, so it is
// the oldest nearly always.
func (q *Asks) Answer(r peerwire.Request) (Ask, bool) {
	for i := q.head; i < len(q.list); i++ {
		a := q.list[i]
		if a.Piece.Request(a.Block) != r {
			continue
		}
		if i == q.head {
			q.list[i] = Ask{}
			q.head++
		} else {
			q.list = append(q.list[:i], q.list[i+1:]...)
		}
		if q.head == len(q.list) {
			q.list, q.head = q.list[:0], 0
		}
		return a, true
	}
	return Ask{}, false
}

// Has reports whether block b of pc was asked for.
func (q *Asks) Has(pc *Piece, b int) bool {
	for _, a := range q.list[q.head:] {
		if a.Piece == pc && a.Block == b {
			return true
		}
	}
	return false
}

// Append appends the requests to reqs.
func (q *Asks) Append(reqs []peerwire.Request) []peerwire.Request {
	for _, a := range q.list[q.head:] {
		reqs = append(reqs, a.Piece.Request(a.Block))
	}
	return reqs
}

// GiveBack makes all blocks available again and forgets the requests. It
// returns how many there were.
func (q *Asks) GiveBack() int {
	n := q.Len()
	for _, a := range q.list[q.head:] {
		a.Piece.GiveBack(a.Block)
	}
	clear(q.list)
	q.list, q.head = q.list[:0], 0
	return n
}

// OwedByOthers returns a block of a piece that was asked for, but not here.
func (q *Asks) OwedByOthers(pc *Piece) (block int, ok bool) {
	for b := range pc.Blocks() {
		if pc.Requested(b) && !q.Has(pc, b) {
			return b, true
		}
	}
	return 0, false
}
