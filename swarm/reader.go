package swarm

import (
	"context"
	"fmt"

	"github.com/warren-p2p/warren/swarm/internal/reader"
)

// Reader reads one file of a torrent while it is fetched. It is an
// io.ReadSeekCloser that returns verified bytes alone and waits for those that are
// not there.
type Reader = reader.Reader

// Ahead says how far ahead of a Reader its file is fetched.
type Ahead = reader.Ahead

// Errors of readers: a file that a torrent does not have, or that is no content of
// its own; and the use of a reader that was closed.
var (
	ErrNoFile       = reader.ErrNoFile
	ErrReaderClosed = reader.ErrClosed
)

// NewReader returns a reader of a file, by its index in metainfo.Info.Files, that
// reads until ctx ends. There may be several at a time. What they read next is
// asked for before all else, of the peers that are fast; a file that is skipped is
// fetched as far as it is read, and stays skipped. Files may be renamed and the
// content moved meanwhile. A torrent that sleeps is woken by each Read. The error
// may be [ErrUnknown] or [ErrNoFile].
func (t *Torrent) NewReader(ctx context.Context, file int) (*Reader, error) {
	r, err := t.desk.Open(ctx, file, ErrUnknown)
	if err != nil {
		return nil, fmt.Errorf("open a file of %q: %w", t.file.Title(), err)
	}
	return r, nil
}
