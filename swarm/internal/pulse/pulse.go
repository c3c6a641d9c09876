// Package pulse tells whether a connection is alive, and how fast. It reads no
// clock.
package pulse

import (
	"errors"
	"sync"
	"time"

	"github.com/warren-p2p/warren/swarm/internal/meter"
)

// Why a connection is given up.
var (
	ErrSilent = errors.New("peer was silent for too long")
	ErrStuck  = errors.New("peer does not read")
)

// How long a connection may be without a sign of life, and how long before we
// give one. BEP 3 leaves the peer two minutes.
const (
	silence   = 150 * time.Second
	keepalive = 100 * time.Second
	stuckTime = 60 * time.Second
)

// Check judges a connection by how long nothing was read or written, and how long
// a write has waited. It fails if the peer is to be given up, else it reports
// whether to send a sign of life.
func Check(read, write, stuck time.Duration) (sign bool, err error) {
	switch {
	case stuck > stuckTime:
		return false, ErrStuck
	case read > silence:
		return false, ErrSilent
	}
	return write > keepalive, nil
}

// Rates are how fast content comes and goes. They have a lock.
type Rates struct {
	mu       sync.Mutex
	down, up meter.Meter
}

// Tick is called once a second with the bytes of content received and sent.
func (r *Rates) Tick(received, sent int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.down.Tick(received)
	r.up.Tick(sent)
}

// Recent returns bytes a second.
func (r *Rates) Recent() (down, up int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.down.Recent(), r.up.Recent()
}
