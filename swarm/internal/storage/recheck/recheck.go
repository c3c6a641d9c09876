// Package recheck has pieces read and hashed by several workers, each taking
// several pieces at a time.
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
	Row     int // pieces a worker takes at a time
	Buffer  int // bytes each worker has for each of them
	Clock   clock.Clock
	// Check checks pieces with the worker's buffers, as many of them, and sets
	// errs for each.
	Check func(pieces []int, bufs [][]byte, errs []error)
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
	row := max(r.Row, 1)
	pieces, errs := make([]int, 0, row), make([]error, row)
	bufs := make([][]byte, row)
	for i := range bufs {
		bufs[i] = make([]byte, r.Buffer)
	}
	for ctx.Err() == nil {
		end := int(r.next.Add(int64(row)))
		pieces = pieces[:0]
		for i := end - row; i < min(end, r.Total); i++ {
			if r.Pieces != nil {
				pieces = append(pieces, r.Pieces[i])
			} else {
				pieces = append(pieces, i)
			}
		}
		n := len(pieces)
		if n == 0 {
			return nil
		}
		clear(errs)
		r.Check(pieces, bufs[:n], errs[:n])
		for _, err := range errs[:n] {
			if err != nil && !r.Tolerable(err) {
				return err
			}
			r.finished(err)
		}
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
