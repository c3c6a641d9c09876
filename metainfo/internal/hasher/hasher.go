// Package hasher reads files once and hashes their pieces on all cores.
//
// The pieces are handed out to the workers in runs. A worker takes sixteen
// pieces at a time, a row, because the vector unit hashes sixteen messages in
// little more than the time of one. It reads a chunk of each, hashes the
// chunks, reads the next: there is no queue between reading and hashing, so
// neither waits for the other.
package hasher

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/warren-p2p/warren/internal/lanes"
	"github.com/warren-p2p/warren/internal/merkle"
	"github.com/warren-p2p/warren/internal/vfs"
	"golang.org/x/sync/errgroup"
)

// File is one file of the piece space.
type File struct {
	Name   string // in the FS; unused for padding
	Length int64
	Offset int64 // ascending; ranges must not overlap
	Pad    bool
}

// Piece is the outcome for one piece.
type Piece struct {
	Index int
	OK    bool        // every byte was read
	V1    [20]byte    // SHA-1 over content and padding
	V2    merkle.Hash // root of the subtree over the content
}

// Plan says what is to be hashed. The functions are called from the workers,
// several at a time; only Progress is never called concurrently.
type Plan struct {
	FS          vfs.FS
	Files       []File
	PieceLength int64 // bytes; for V2 a power of two of at least 16 KiB, and then files begin at pieces
	NumPieces   int
	V1, V2      bool
	Workers     int

	// Piece takes the results, in no particular order.
	Piece func(Piece)
	// Failed decides about a file that could not be read: with nil the run
	// goes on and the pieces with bytes of it are not OK, an error ends it. It
	// may be called several times for a file.
	Failed func(file int, err error) error
	// Read, if set, is called after a worker has read its part of a file and
	// before it closes it; an error is treated as in Failed.
	Read func(file int, f vfs.File) error
	// Progress, if set, is told how many bytes of content are done.
	Progress func(done int64)
}

// runBytes is how much a worker takes at a time: enough that files are seldom
// opened twice, little enough that the workers end together.
const runBytes = 8 << 20

// Run carries out the plan. It returns when all workers have ended: with nil,
// the first error, or the error of ctx.
func Run(ctx context.Context, p *Plan) error {
	workers := max(1, p.Workers)
	// With few pieces a shorter row leaves something for every worker.
	row := min(lanes.Width, max(1, p.NumPieces/(2*workers)))
	run := max(row, min(int(runBytes/p.PieceLength), p.NumPieces/(2*workers)))
	var (
		next     atomic.Int64
		mu       sync.Mutex
		done     int64
		progress = func(n int64) {
			if p.Progress == nil || n == 0 {
				return
			}
			mu.Lock()
			defer mu.Unlock()
			done += n
			p.Progress(done)
		}
	)
	g, ctx := errgroup.WithContext(ctx)
	for range min(workers, (p.NumPieces+run-1)/run) {
		g.Go(func() error {
			w := newWorker(ctx, p, row, progress)
			defer w.files.close()
			for {
				first := int(next.Add(int64(run))) - run
				if first >= p.NumPieces {
					return w.files.finish()
				}
				for end := min(first+run, p.NumPieces); first < end; first += row {
					if err := w.row(first, min(first+row, end)); err != nil {
						return err
					}
				}
			}
		})
	}
	return g.Wait()
}
