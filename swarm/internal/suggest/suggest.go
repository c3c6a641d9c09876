// Package suggest decides which pieces a seeder suggests to whom (BEP 6).
//
// When a seeder has less to give than its peers could take, every block that it
// sends twice is lost to all of them. Rarest first alone does not prevent it: to
// peers that begin together all pieces are equally rare, and each learns what
// another has chosen only when that is complete (make bench, part swarm, has eight
// of them). So each piece that no peer has is
// suggested to one, a few at a time, and those who heed it fetch different ones
// and share them. Nothing is withheld, unlike with BEP 16: who does not heed
// suggestions is served as ever.
//
// An Advisor does no I/O and does not lock; chance comes in as an argument.
package suggest

import (
	"math/rand/v2"
	"slices"
)

// A Peer is the caller's handle for a connection.
type Peer = int32

// Ahead returns how many pieces of a length in bytes a peer should know of
// before it needs them: some 4 MiB, for what it has asked for and what it has
// received but not yet told us.
func Ahead(pieceLength int64) int { return int(min(32, max(4, 4<<20/pieceLength))) }

// An Advisor hands out the pieces of one torrent.
type Advisor struct {
	queue []int32 // suggested to nobody, in random order
	given map[Peer][]int32
}

// New returns an Advisor for n pieces, none of which was suggested yet.
func New(n int, rng *rand.Rand) *Advisor {
	a := &Advisor{queue: make([]int32, n), given: make(map[Peer][]int32)}
	for i, piece := range rng.Perm(n) {
		a.queue[i] = int32(piece)
	}
	return a
}

// Next returns what to suggest to peer now, so that it has up to ahead pieces
// to fetch. spread reports whether a peer has a piece already: that one needs no
// suggestion any more.
func (a *Advisor) Next(peer Peer, ahead int, spread func(piece int) bool) (pieces []int) {
	given := slices.DeleteFunc(a.given[peer], func(i int32) bool { return spread(int(i)) })
	for len(given) < ahead && len(a.queue) > 0 {
		i := a.queue[0]
		a.queue = a.queue[1:]
		if spread(int(i)) {
			continue
		}
		given = append(given, i)
		pieces = append(pieces, int(i))
	}
	a.given[peer] = given
	return pieces
}

// Leave gives back what was suggested to a peer that has gone.
func (a *Advisor) Leave(peer Peer) {
	a.queue = append(a.queue, a.given[peer]...)
	delete(a.given, peer)
}
