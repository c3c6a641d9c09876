package heartbeat

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// TestRest: what is still ticks for a minute after each poke, what is not goes on.
func TestRest(t *testing.T) {
	for still, want := range map[bool][3]int64{true: {quiet, quiet, 2 * quiet}, false: {600, 1200, 1800}} {
		synctest.Test(t, func(t *testing.T) {
			ctx, end := context.WithCancel(t.Context())
			var steps, ticks atomic.Int64
			l, done := New(), make(chan struct{})
			go func() {
				defer close(done)
				l.Run(ctx, func() { steps.Add(1) }, func() { ticks.Add(1) }, func() bool { return still })
			}()
			var got [3]int64
			for i := range got {
				time.Sleep(10*time.Minute + time.Millisecond)
				synctest.Wait()
				got[i] = ticks.Load()
				if i == 1 {
					l.Poke()
					l.Poke()
				}
			}
			if n := steps.Load(); got != want || n < got[2]+1 || n > got[2]+2 {
				t.Errorf("still %v: %d ticks, want %d; %d steps", still, got, want, n)
			}
			end()
			<-done
		})
	}
}
