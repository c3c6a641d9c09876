// Package recheck has pieces read and hashed by several workers.
package recheck

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/warren-p2p/warren/internal/clock"
)

// progressPeriod is how often progress is told.
const progressPeriod = 50 * time.Millisecond

// Config says what to check, and how.
type Config struct {
	Pieces  []int // nil means 0 to Total-1
	Total   int
	Workers int // at least one runs
	Buffer  int // bytes each worker has
	Clock   clock.Clock
	// Piece checks one piece with the worker's buffer.
	Piece func(piece int, buf []byte) error
	// Tolerable tells the errors after which the others are checked still.
	Tolerable func(error) bool
	// Progress, if not nil, is told how many pieces are done, now and then and
	// at the end, by one worker at a time.
	Progress func(done int)
}

type run struct {
	Config
	next atomic.Int64

	mu        sync.Mutex
	done      int
	reported  time.Time
	tolerated error // the first
}

// Run checks the pieces and returns when the workers have ended. The error is
// that of ctx or of the first piece that was not tolerable, joined by the first
// that was.
func Run(ctx context.Context, cfg Config) error {
	r := &run{Config: cfg}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var wg sync.WaitGroup
	for range max(cfg.Workers, 1) {
		wg.Go(func() {
			if err := r.work(ctx); err != nil {
				cancel(err)
			}
		})
	}
	wg.Wait()
	if r.done < cfg.Total {
		return errors.Join(context.Cause(ctx), r.tolerated)
	}
	return r.tolerated
}

func (r *run) work(ctx context.Context) error {
	buf := make([]byte, r.Buffer)
	for ctx.Err() == nil {
		piece := int(r.next.Add(1) - 1)
		if piece >= r.Total {
			return nil
		}
		if r.Pieces != nil {
			piece = r.Pieces[piece]
		}
		err := r.Piece(piece, buf)
		if err != nil && !r.Tolerable(err) {
			return err
		}
		r.finished(err)
	}
	return nil
}

func (r *run) finished(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.done++
	if r.tolerated == nil {
		r.tolerated = err
	}
	if r.Progress == nil {
		return
	}
	if now := r.Clock.Now(); r.done == r.Total || now.Sub(r.reported) >= progressPeriod {
		r.reported = now
		r.Progress(r.done)
	}
}
