package memory

import (
	"math/rand/v2"
	"slices"

	"github.com/warren-p2p/warren/tracker/server/peerstore"
	"github.com/warren-p2p/warren/tracker/server/peerstore/memory/internal/table"
)

// tries is how many peers are looked at for each one that is wanted, if only some
// are fit.
const tries = 16

// stride4 is how far two peers over IPv4 are apart.
const stride4 = peerstore.Size4 + 2

// pick chooses peers for the one at a place, and appends them to its answer.
func (w *swarm) pick(t *table.Table, at int, a *peerstore.Announce, to *peerstore.Answer, chance *rand.PCG) {
	n := t.Len()
	if a.Role != peerstore.Leecher {
		n = t.Wants
	}
	want := a.NumWant
	if n == 0 || want <= 0 {
		return
	}
	switch {
	case a.TLS.Require:
		w.pickTLS(t, n, at, want, to, chance)
	case want >= n:
		for i := range n {
			if i != at {
				w.tell(t, i, to)
			}
		}
	default:
		w.pickSome(t, n, at, want, to, chance)
	}
}

// pickSome chooses want of the first n peers, each with the same probability: one
// by chance of each of as many parts of equal size, which begin somewhere by chance.
// There is one part more, in case one is of who asks.
func (w *swarm) pickSome(t *table.Table, n, at, want int, to *peerstore.Answer, chance *rand.PCG) {
	parts := want + 1
	turn := below(chance.Uint64()>>32, n)
	// Of a part, in units of 2^-32: a division for each would be felt.
	step := uint64(n)<<32/uint64(parts) + 1
	quick := t.TLS == 0 && t.Stride == stride4
	if quick {
		to.Peers = slices.Grow(to.Peers, want*peerstore.Size4+2)
	}
	var r uint64
	for i, begin := 0, 0; i < parts && want > 0; i++ {
		if i&1 == 0 {
			r = chance.Uint64()
		} else {
			r >>= 32
		}
		end := min(int(uint64(i+1)*step>>32), n)
		p := turn + begin + below(r&(1<<32-1), end-begin)
		begin = end
		if p >= n {
			p -= n
		}
		if p == at {
			continue
		}
		want--
		if quick {
			// Eight bytes, of which the next peer takes two: one store.
			to.Peers = append(to.Peers, t.Peers[p*stride4:p*stride4+8]...)
			to.Peers = to.Peers[:len(to.Peers)-2]
			continue
		}
		w.tell(t, p, to)
	}
}

// pickTLS chooses among the peers that accept TLS, as far as they are soon found.
func (w *swarm) pickTLS(t *table.Table, n, at, want int, to *peerstore.Answer, chance *rand.PCG) {
	if t.TLS == 0 {
		return
	}
	turn := below(chance.Uint64()>>32, n)
	for i := 0; i < n && i < tries*want && len(to.Flags) < want; i++ {
		p := (turn + i) % n
		if p != at && t.Stamp(p)&table.TLS != 0 {
			w.tell(t, p, to)
		}
	}
}

// tell appends the peer at a place to an answer.
func (w *swarm) tell(t *table.Table, at int, to *peerstore.Answer) {
	key := t.Key(at)
	to.Peers = append(to.Peers, key...)
	if t.TLS == 0 {
		return
	}
	flags := t.Stamp(at) & (table.TLS | table.Pin)
	to.Flags = append(to.Flags, byte(flags))
	if flags&table.Pin != 0 {
		pin := w.pins[string(key)]
		to.Pins = append(to.Pins, pin[:]...)
	}
}

// below makes a number less than n of 32 bits that are by chance.
func below(r uint64, n int) int { return int(r * uint64(n) >> 32) }
