// Package heartbeat is the loop of something that has to do a little once a second, and at
// once when it is poked, and that may have nothing to do for days.
//
// Twenty thousand torrents that are stopped took a third of a core by ticking alone. So
// the loop comes to rest after a minute in which nobody poked it, if its owner agrees.
package heartbeat

import (
	"context"
	"time"
)

// Period is the time between two ticks.
const Period = time.Second

// quiet is how many ticks go by without a poke before the loop may come to rest.
const quiet = 60

// Loop is a loop. The zero value is not ready: see [New].
type Loop struct{ wake chan struct{} }

// New returns a loop that does not run yet.
func New() Loop { return Loop{make(chan struct{}, 1)} }

// Poke makes the loop step now, and tick again if it rests. It never waits.
func (l Loop) Poke() {
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// Run is the loop, until the end of ctx: step does what is due when something has changed,
// tick what has time, once a [Period] after step. The loop may rest while still says that
// nothing happens until somebody pokes.
func (l Loop) Run(ctx context.Context, step, tick func(), still func() bool) {
	ticker := time.NewTicker(Period)
	defer ticker.Stop()
	beats := 0 // since somebody poked
	for {
		select {
		case <-ctx.Done():
			return
		case <-l.wake:
			if beats >= quiet {
				ticker.Reset(Period)
			}
			beats = 0
			step()
		case <-ticker.C:
			step()
			tick()
			if beats++; beats >= quiet && still() {
				ticker.Stop()
			}
		}
	}
}
