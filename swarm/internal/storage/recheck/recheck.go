// Package recheck reads pieces from disk and finds out which are right, with
// several workers that hash several pieces side by side each.
package recheck

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/lanes"
	"github.com/warren-p2p/warren/metainfo"
)

// progressPeriod is how often progress is told.
const progressPeriod = 50 * time.Millisecond

// rowBytes bounds the memory a worker has.
const rowBytes = 8 << 20

// Source is what is checked. Its methods are called by several workers at a
// time, each between Hold and release.
type Source interface {
	// Hold keeps others from changing pieces until release is called.
	Hold(pieces []int) (release func(), err error)
	// Read fills buf, DataLen bytes long, with what lies where the piece
	// belongs.
	Read(piece int, buf []byte) error
	// Found records that a piece is there and right, Missing that it is not.
	Found(piece int) error
	Missing(piece int) error
}

// Config says what to check, and how.
type Config struct {
	Torrent *metainfo.Torrent
	Source  Source
	Pieces  []int // nil means all
	Workers int   // at least one runs
	Clock   clock.Clock
	// Progress, if not nil, is told how many pieces are done, now and then and
	// at the end, by one worker at a time.
	Progress func(done int)
}

type run struct {
	Config
	total int
	row   int // pieces a worker takes at a time
	next  atomic.Int64

	mu       sync.Mutex
	done     int
	reported time.Time
	failed   error // the first of a volume
}

// Run checks the pieces and returns when the workers have ended. A piece that
// is absent, cut short or wrong is missing. So is one that the volume cannot
// read: then the others are checked still, and the first such error is
// returned. Any other error, and the end of ctx, end the check.
func Run(ctx context.Context, cfg Config) error {
	r := &run{Config: cfg, total: len(cfg.Pieces)}
	if cfg.Pieces == nil {
		r.total = cfg.Torrent.Info.NumPieces()
	}
	r.row = int(min(max(rowBytes/cfg.Torrent.Info.PieceLength, 1), lanes.Width, int64(max(r.total, 1))))
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
	if r.done < r.total {
		return errors.Join(context.Cause(ctx), r.failed)
	}
	return r.failed
}

func (r *run) work(ctx context.Context) error {
	w := newWorker(r)
	for ctx.Err() == nil {
		end := int(r.next.Add(int64(r.row)))
		w.pieces = w.pieces[:0]
		for i := end - r.row; i < min(end, r.total); i++ {
			if r.Pieces != nil {
				w.pieces = append(w.pieces, r.Pieces[i])
			} else {
				w.pieces = append(w.pieces, i)
			}
		}
		if len(w.pieces) == 0 {
			return nil
		}
		for _, err := range w.check() {
			if err != nil && !fromVolume(err) {
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
	if r.failed == nil {
		r.failed = err
	}
	if r.Progress == nil {
		return
	}
	if now := r.Clock.Now(); r.done == r.total || now.Sub(r.reported) >= progressPeriod {
		r.reported = now
		r.Progress(r.done)
	}
}
