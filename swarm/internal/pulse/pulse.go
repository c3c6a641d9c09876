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
	ErrMute   = errors.New("peer has said nothing since the handshake")
	ErrStuck  = errors.New("peer does not read")
	ErrDrip   = errors.New("peer sends a block drop by drop")
	ErrVain   = errors.New("peer takes requests and sends nothing, while others do")
)

// How long a connection may be without a sign of life, and how long before we
// give one. BEP 3 leaves the peer two minutes.
const (
	silence   = 150 * time.Second
	keepalive = 100 * time.Second
	// patience is how long a peer may leave us with what it does not do: read,
	// introduce itself, answer.
	patience = 25 * time.Second
	// landTime is how long a block may take. It is more, for bytes come: at a crawl
	// a block of 16 KiB takes half a minute.
	landTime = 60 * time.Second
)

// Signs are what a connection shows of the other end.
type Signs struct {
	// Read and Write are how long ago something was read and written. Read is
	// negative while a limit of ours keeps us from reading.
	Read, Write time.Duration
	// Writing and Landing are for how long the write and the block under way have
	// taken; 0 if there is none.
	Writing, Landing time.Duration
	In               int64 // bytes that were read
}

// Check judges a connection by its signs. It fails if the peer is to be given up,
// else it reports whether to send a sign of life.
func Check(s Signs) (sign bool, err error) {
	switch {
	case s.Writing > patience:
		return false, ErrStuck
	case s.Landing > landTime:
		return false, ErrDrip
	case s.Read > silence:
		return false, ErrSilent
	}
	return s.Write > keepalive, nil
}

// Afterthought reports whether to give a sign of life so long after the handshake,
// about once. On a busy machine rTorrent 0.9.8 was seen to wait without end after an
// MSE handshake, with our introduction sent to it, and to go on once anything more
// came.
func Afterthought(since time.Duration) bool { return since >= time.Second && since < 2*time.Second }

// Mute reports whether a peer that has to introduce itself (BEP 6, 10) has said
// nothing so long after the handshake.
func Mute(s Signs, since time.Duration) bool { return s.In == 0 && since > patience }

// Vain adds up for how long requests of ours wait for nothing. Whatever comes of
// a block clears it, a choke does not: who stops and begins again every now and
// then has sent as little.
type Vain struct {
	spent        time.Duration
	at           time.Time
	in, received int64
}

// Tick is called once a second, with the bytes of content received so far. It
// reports whether requests have waited in vain for too long. A second in which
// bytes of a block came, or in which we did not read, counts for the peer, and so
// does one in which a write did not end: requests may wait behind it.
func (v *Vain) Tick(now time.Time, s Signs, received int64, waiting bool) bool {
	// Not more than a second or two even if the machine has slept.
	passed := min(max(now.Sub(v.at), 0), 2*time.Second)
	moves := received != v.received || s.Landing > 0 && s.In != v.in
	v.at, v.in, v.received = now, s.In, received
	switch {
	case moves:
		v.spent = 0
	case waiting && s.Read >= 0 && s.Writing < time.Second:
		v.spent += passed
	}
	return waiting && v.spent >= patience
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
