package sleeper

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/warren-p2p/warren/internal/clock"
)

// How long a torrent stays awake after somebody needed it, and how often those
// that may sleep are looked for.
const (
	wakeTime    = 30 * time.Second
	sweepPeriod = 5 * time.Second
)

// How many torrents may be awake at a time: because of peers that could be
// dialled; before those that do nothing are put to sleep at once; and, beyond
// what peers may be connected with, at all. A stranger who knows the info-hashes
// of all must not wake all.
const (
	maxWoken  = 64
	manyWoken = 128
	mostWoken = 256
)

// Dormitory is what the torrents of a session share that sleep. Its methods are
// safe for concurrent use.
type Dormitory struct {
	clock   clock.Clock
	log     *slog.Logger
	peers   int           // that may be connected
	woken   atomic.Int64  // torrents that have slept and are awake
	crowded chan struct{} // too many of them do nothing
}

// NewDormitory returns a dormitory for torrents that have so many peers together
// at most.
func NewDormitory(c clock.Clock, log *slog.Logger, peers int) *Dormitory {
	return &Dormitory{clock: c, log: log, peers: peers, crowded: make(chan struct{}, 1)}
}

// Sweep puts torrents to sleep that nobody needs, until the end of ctx.
func (d *Dormitory) Sweep(ctx context.Context, all func() []*Sleeper) {
	tick := time.NewTicker(sweepPeriod)
	defer tick.Stop()
	for {
		idle := wakeTime
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-d.crowded:
			idle = 0
		}
		for _, s := range all() {
			s.slot.Rest(idle)
		}
	}
}

// Woken returns how many torrents have slept and are awake.
func (d *Dormitory) Woken() int { return int(d.woken.Load()) }

// admits reports whether a stranger may wake one more.
func (d *Dormitory) admits() bool {
	n := d.Woken()
	if n >= manyWoken {
		select {
		case d.crowded <- struct{}{}:
		default:
		}
	}
	return n < mostWoken+d.peers
}
