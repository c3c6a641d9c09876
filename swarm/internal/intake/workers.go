package intake

import (
	"context"
	"sync"
	"time"

	"github.com/warren-p2p/warren/internal/lanes"
	"github.com/warren-p2p/warren/swarm/internal/piece"
)

// GatherTime is how long a complete piece should wait for others to be verified
// with it. Sixteen pieces take little longer than four (package lanes), and
// hashing is much of what a download costs. At 512 KiB a piece this is time for
// sixteen from 80 MB/s on. A slower download loses nothing by it: the piece is
// on disk, and peers are told of it once a second. The last pieces do not wait.
const GatherTime = 100 * time.Millisecond

// Workers verify complete pieces, for all torrents of a session, and bound how
// many are stored at a time. Their queue is short: when they are the limit the
// readers wait, the peers' TCP windows close, and memory stays bounded.
type Workers struct {
	stores chan struct{} // as many as are stored now
	jobs   chan job      // to be verified
	turn   chan struct{} // held by the worker that gathers
	most   int           // bytes gathered at most
	wait   time.Duration // for a piece to be gathered
	cancel context.CancelFunc
	ctx    context.Context
	wg     sync.WaitGroup
}

type job struct {
	line *Line
	pc   *piece.Piece
	last bool // no other piece of the torrent will come
}

// NewWorkers starts n workers that take at most so many bytes at a time, and
// wait so long for them. As many pieces are stored at a time. Close ends them.
func NewWorkers(n, most int, wait time.Duration) *Workers {
	ctx, cancel := context.WithCancel(context.Background())
	w := &Workers{
		stores: make(chan struct{}, n), jobs: make(chan job, lanes.Width), turn: make(chan struct{}, 1),
		most: most, wait: wait, ctx: ctx, cancel: cancel,
	}
	for range n {
		w.wg.Go(w.verifying)
	}
	return w
}

// Close stops the workers after the pieces they are at; pieces in the queue
// are dropped. All torrents are stopped.
func (w *Workers) Close() {
	w.cancel()
	w.wg.Wait()
	for {
		select {
		case j := <-w.jobs:
			j.line.busy.Done()
		default:
			return
		}
	}
}

// admit waits until a piece may be stored; false when the workers are closed.
func (w *Workers) admit() bool {
	select {
	case w.stores <- struct{}{}:
		return true
	case <-w.ctx.Done():
		return false
	}
}

// release lets another piece be stored.
func (w *Workers) release() { <-w.stores }

// submit hands a stored piece over, waiting for room.
func (w *Workers) submit(j job) {
	select {
	case w.jobs <- j:
	case <-w.ctx.Done():
		j.line.busy.Done()
	}
}

func (w *Workers) verifying() {
	row := make([]job, 0, lanes.Width)
	for {
		if row = w.gather(row[:0]); len(row) == 0 {
			return
		}
		handOn(row)
	}
}

// gather returns the pieces to verify next, none when the workers are closed.
// One worker gathers at a time, or each would get half.
func (w *Workers) gather(row []job) []job {
	select {
	case w.turn <- struct{}{}:
		defer func() { <-w.turn }()
	case <-w.ctx.Done():
		return row
	}
	select {
	case j := <-w.jobs:
		row = append(row, j)
	case <-w.ctx.Done():
		return row
	}
	enough := time.NewTimer(w.wait)
	defer enough.Stop()
	for bytes := len(row[0].pc.Buf); len(row) < cap(row) && bytes+len(row[0].pc.Buf) <= w.most && !row[len(row)-1].last; {
		select {
		case j := <-w.jobs:
			row = append(row, j)
			bytes += len(j.pc.Buf)
		case <-enough.C:
			return row
		case <-w.ctx.Done():
			return row
		}
	}
	return row
}

// handOn gives the pieces to their torrents, in rows as long as they are.
func handOn(row []job) {
	var pieces [lanes.Width]*piece.Piece
	for len(row) > 0 {
		line, n, rest := row[0].line, 0, row[:0]
		for _, j := range row {
			if j.line == line {
				pieces[n] = j.pc
				n++
			} else {
				rest = append(rest, j)
			}
		}
		line.verify(pieces[:n])
		row = rest
	}
}
