package reader

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/warren-p2p/warren/swarm/internal/activity"
	"github.com/warren-p2p/warren/swarm/internal/torrent"
)

// ErrClosed is returned by readers that were closed.
var ErrClosed = errors.New("reader is closed")

// Reader reads one file of a torrent. It is an io.ReadSeekCloser; Close may be
// called while something else is at it.
type Reader struct {
	desk   *Desk
	ctx    context.Context
	cancel context.CancelCauseFunc

	mu     sync.Mutex // one reads or seeks at a time
	window window
}

var _ io.ReadSeekCloser = (*Reader)(nil)

// Size returns how many bytes the file has.
func (r *Reader) Size() int64 { return r.window.space.Files[r.window.file].Length }

// Name returns the path of the file in the torrent, with slashes: it begins with
// the torrent's name if that is a directory.
func (r *Reader) Name() string { return r.window.space.Files[r.window.file].Name() }

// SetAhead changes how far ahead the file is fetched; zero values mean 8 MiB and
// 20 seconds. It counts from the next Read on.
func (r *Reader) SetAhead(a Ahead) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.window.ahead, r.window.due = a.withDefaults(), nil
}

// Read reads what comes next, at most to the end of a piece, and waits until that
// is verified. While it waits the torrent fetches it before all else. The error
// says why the torrent failed or is gone, or is the cause of the end of the
// context; a torrent that is paused, checked or waits for its volume is waited for.
func (r *Reader) Read(b []byte) (n int, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := context.Cause(r.ctx); err != nil {
		return 0, r.failed(err)
	}
	if len(b) == 0 {
		return 0, nil
	}
	if r.window.pos >= r.Size() {
		return 0, io.EOF
	}
	err = r.desk.slot.Use(func(run *torrent.Torrent) error {
		n, err = r.await(run, b)
		if err == nil && r.window.advance(n, r.desk.clock.Now()) {
			r.ask(run)
		}
		return err
	})
	if err != nil {
		return 0, r.failed(err)
	}
	return n, nil
}

func (r *Reader) failed(err error) error {
	return fmt.Errorf("read %q at %d: %w", r.Name(), r.window.pos, err)
}

// await waits until the next bytes are there, and reads them.
func (r *Reader) await(run *torrent.Torrent, b []byte) (int, error) {
	for {
		grown, changed := run.Content.Grown(), run.Changed()
		if err := run.Err(); err != nil {
			return 0, err
		}
		if n, ok, err := r.try(run, b); ok || err != nil {
			return n, err
		}
		if state, _, reason := run.State(); state == activity.Failed {
			return 0, reason
		}
		r.ask(run)
		select {
		case <-r.ctx.Done():
			return 0, context.Cause(r.ctx)
		case <-grown:
		case <-changed:
		}
	}
}

// try reads if the next bytes are verified, before and after.
func (r *Reader) try(run *torrent.Torrent, b []byte) (n int, ok bool, err error) {
	w := &r.window
	piece, begin := w.at()
	if !run.Content.Has(piece) {
		return 0, false, nil
	}
	n = int(min(int64(len(b)), int64(w.space.PieceLen(piece)-begin), r.Size()-w.pos))
	if err := run.Content.Store.ReadVec(piece, begin, [][]byte{b[:n]}); err != nil {
		if gone := run.Err(); gone != nil {
			err = gone
		}
		return 0, false, err
	}
	return n, run.Content.Has(piece), nil
}

// ask tells what is wanted from here on.
func (r *Reader) ask(run *torrent.Torrent) {
	r.window.want(run.Content.Has, r.desk.clock.Now())
	r.desk.tell(run, r, r.window.due)
}

// Seek implements io.Seeker. What was wanted at the place before is not any more.
func (r *Reader) Seek(offset int64, whence int) (int64, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch whence {
	case io.SeekStart:
	case io.SeekCurrent:
		offset += r.window.pos
	case io.SeekEnd:
		offset += r.Size()
	default:
		return 0, fmt.Errorf("seek in %q: whence %d", r.Name(), whence)
	}
	if offset < 0 {
		return 0, fmt.Errorf("seek in %q: to %d", r.Name(), offset)
	}
	if len(r.window.due) > 0 && offset != r.window.pos {
		r.desk.leave(r)
	}
	r.window.move(offset)
	return offset, nil
}

// Close ends a Read that waits, and takes back what the reader wants.
func (r *Reader) Close() error {
	r.cancel(ErrClosed)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.desk.leave(r)
	return nil
}
