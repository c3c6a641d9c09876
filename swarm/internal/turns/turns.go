// Package turns has torrents of a session wait for their turn while as many are
// active as may be: it asks package queue who, and stops and starts them.
//
// What waits is stopped as if the user had done so, except that it says why; what
// the user has stopped wants no place. One that is complete and sleeps needs none
// either, and serves all the same.
//
// Locks: that of a [Turn], held while its torrent stops or starts; that of [Turns],
// held while all are looked at. Who has the lock of a torrent may call Poke alone.
package turns

import (
	"context"
	"sync"
	"time"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/swarm/internal/dossier"
	"github.com/warren-p2p/warren/swarm/internal/queue"
)

// period is how often torrents are looked at that have not changed their state.
const period = 5 * time.Second

// Turns is the line of a session. Its methods are safe for concurrent use.
type Turns struct {
	clock clock.Clock
	wake  chan struct{}

	mu    sync.Mutex
	queue *queue.Queue[*Turn]
	idle  bool // there were no limits at the last look, and nobody waits
}

// New returns an empty line.
func New(l queue.Limits, c clock.Clock) *Turns {
	return &Turns{clock: c, wake: make(chan struct{}, 1), queue: queue.New[*Turn](l)}
}

// Run looks at the torrents until the end of ctx.
func (t *Turns) Run(ctx context.Context) {
	tick := time.NewTicker(period)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.wake:
		case <-tick.C:
		}
		for _, v := range t.decide() {
			v.ID.hold(v.Why)
		}
	}
}

func (t *Turns) decide() []queue.Verdict[*Turn] {
	t.mu.Lock()
	defer t.mu.Unlock()
	limited := t.queue.Limits().Any()
	if t.idle && !limited {
		return nil
	}
	t.idle = !limited
	return t.queue.Decide(t.clock.Now(), (*Turn).look)
}

// Poke makes Run look now.
func (t *Turns) Poke() {
	select {
	case t.wake <- struct{}{}:
	default:
	}
}

// SetLimits changes how many may be active.
func (t *Turns) SetLimits(l queue.Limits) {
	t.mu.Lock()
	t.queue.SetLimits(l)
	t.mu.Unlock()
	t.Poke()
}

// New returns the turn of a torrent that does not run yet.
func (t *Turns) New(file *dossier.Dossier, forced bool) *Turn {
	turn := &Turn{turns: t, file: file}
	turn.forced.Store(forced)
	return turn
}

// change changes the line, and has all looked at.
func (t *Turns) change(f func(*queue.Queue[*Turn])) {
	t.mu.Lock()
	f(t.queue)
	t.mu.Unlock()
	t.Poke()
}
