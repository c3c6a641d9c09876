package recheck

import (
	"errors"
	"io"
	"io/fs"

	"github.com/warren-p2p/warren/metainfo/verify"
	"github.com/warren-p2p/warren/swarm/internal/storage/content"
)

// worker has the memory for one row of pieces.
type worker struct {
	r      *run
	bufs   [][]byte
	pieces []int
	errs   []error
}

func newWorker(r *run) *worker {
	w := &worker{r: r, bufs: make([][]byte, r.row), pieces: make([]int, 0, r.row), errs: make([]error, r.row)}
	for i := range w.bufs {
		w.bufs[i] = make([]byte, r.Torrent.Info.PieceLength)
	}
	return w
}

// check reads the pieces of the row and records which of them are right.
func (w *worker) check() []error {
	errs := w.errs[:len(w.pieces)]
	clear(errs)
	release, err := w.r.Source.Hold(w.pieces)
	if err != nil {
		errs[0] = err
		return errs[:1]
	}
	defer release()
	data := make([][]byte, len(w.pieces))
	for k, piece := range w.pieces {
		data[k] = w.bufs[k][:w.r.Torrent.Info.DataLen(piece)]
		errs[k] = w.r.Source.Read(piece, data[k])
	}
	w.verify(data, errs)
	for k, piece := range w.pieces {
		errs[k] = w.judge(piece, errs[k])
	}
	return errs
}

// verify hashes the pieces that could be read.
func (w *worker) verify(data [][]byte, errs []error) {
	var (
		read []int
		good [][]byte
		at   []int
	)
	for k := range w.pieces {
		if errs[k] == nil {
			read, good, at = append(read, w.pieces[k]), append(good, data[k]), append(at, k)
		}
	}
	found := make([]error, len(read))
	verify.Pieces(w.r.Torrent, read, good, found)
	for i, k := range at {
		errs[k] = found[i]
	}
}

// judge records what was found out about a piece.
func (w *worker) judge(piece int, err error) error {
	var wrong *verify.PieceError
	switch {
	case err == nil:
		return w.r.Source.Found(piece)
	case errors.As(err, &wrong), errors.Is(err, fs.ErrNotExist), errors.Is(err, io.ErrUnexpectedEOF):
		return w.r.Source.Missing(piece)
	case fromVolume(err):
		return errors.Join(err, w.r.Source.Missing(piece))
	}
	return err
}

// fromVolume tells the errors after which the others are checked still.
func fromVolume(err error) bool { return errors.Is(err, content.ErrDevice) }
