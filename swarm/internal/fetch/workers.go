package fetch

import (
	"context"
	"sync"

	"github.com/warren-p2p/warren/swarm/internal/piece"
)

// Workers verify and store complete pieces, for all torrents of a session.
// Their queue is short on purpose: when hashing or the disk is the limit, the
// readers wait, the peers' TCP windows close, and memory stays bounded.
type Workers struct {
	jobs   chan job
	cancel context.CancelFunc
	ctx    context.Context
	wg     sync.WaitGroup
}

type job struct {
	f  *Fetcher
	pc *piece.Piece
}

// NewWorkers starts n workers. Close ends them.
func NewWorkers(n int) *Workers {
	ctx, cancel := context.WithCancel(context.Background())
	w := &Workers{jobs: make(chan job, n), ctx: ctx, cancel: cancel}
	for range n {
		w.wg.Go(w.run)
	}
	return w
}

func (w *Workers) run() {
	for {
		select {
		case j := <-w.jobs:
			j.f.verify(j.pc)
			j.f.busy.Done()
		case <-w.ctx.Done():
			return
		}
	}
}

// submit hands a complete piece over, waiting for room. The caller has counted
// it in f.busy.
func (w *Workers) submit(f *Fetcher, pc *piece.Piece) {
	select {
	case w.jobs <- job{f, pc}:
	case <-w.ctx.Done():
		f.busy.Done()
	}
}

// Close stops the workers after the pieces they are at; pieces in the queue
// are dropped. All torrents are stopped.
func (w *Workers) Close() {
	w.cancel()
	w.wg.Wait()
	for {
		select {
		case j := <-w.jobs:
			j.f.busy.Done()
		default:
			return
		}
	}
}
