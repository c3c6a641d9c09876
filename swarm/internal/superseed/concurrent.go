package superseed

import (
	"math/rand/v2"
	"sync"
	"time"
)

// Shared is a Seeder for many goroutines. Its lock may be taken by who holds that
// of a peer; with it held, peers are told of pieces.
type Shared struct {
	mu   sync.Mutex
	s    *Seeder
	tell map[Peer]func(piece int)
}

// NewShared returns a seeder of a torrent of n pieces without peers.
func NewShared(n int, rng *rand.Rand) *Shared {
	return &Shared{s: New(n, rng), tell: make(map[Peer]func(int))}
}

// Join adds a peer, and calls tell with each piece that it may be told of, from
// now on and until it leaves.
func (h *Shared) Join(id Peer, now time.Time, tell func(piece int)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.tell[id] = tell
	h.reveal(h.s.Join(id, now))
}

// Leave removes a peer.
func (h *Shared) Leave(id Peer) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.s.Leave(id)
	delete(h.tell, id)
}

// May reports whether a peer may be sent a piece.
func (h *Shared) May(id Peer, piece int) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.s.May(id, piece)
}

// Has notes that a peer has a piece.
func (h *Shared) Has(id Peer, piece int, now time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.reveal(h.s.Has(id, piece, now))
}

// Tick is called now and then.
func (h *Shared) Tick(now time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.reveal(h.s.Tick(now))
}

func (h *Shared) reveal(list []Reveal) {
	for _, r := range list {
		h.tell[r.Peer](r.Piece)
	}
}
