package hasher

import (
	"context"
	"crypto/sha1"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"sort"

	"github.com/warren-p2p/warren/internal/merkle"
	"github.com/warren-p2p/warren/internal/vfs"
)

// ErrShort reports a file that ends before the bytes it should have.
var ErrShort = errors.New("file is shorter than expected")

// chunkLen is read at a time: a multiple of a block, and small enough that
// the chunk is still in the second-level cache when it is hashed.
const chunkLen = 256 << 10

// worker hashes pieces one after the other.
type worker struct {
	ctx  context.Context
	plan *Plan
	buf  []byte
	sha1 hash.Hash
	tree merkle.Builder
	done int64 // bytes read since takeDone

	open int // index of file, -1 if none
	file vfs.File
}

// zeros stands for padding; it is never written to.
var zeros [64 << 10]byte

func newWorker(ctx context.Context, p *Plan) *worker {
	return &worker{ctx: ctx, plan: p, buf: make([]byte, chunkLen), sha1: sha1.New(), open: -1}
}

func (w *worker) takeDone() int64 {
	n := w.done
	w.done = 0
	return n
}

// pieces hashes the pieces first ≤ i < end.
func (w *worker) pieces(first, end int) error {
	files := w.plan.Files
	start := int64(first) * w.plan.PieceLength
	at := sort.Search(len(files), func(i int) bool { return files[i].Offset+files[i].Length > start })
	for i := first; i < end; i++ {
		limit := int64(i+1) * w.plan.PieceLength
		for at < len(files) && files[at].Offset+files[at].Length <= limit-w.plan.PieceLength {
			at++
		}
		if err := w.piece(i, at); err != nil {
			return err
		}
	}
	return nil
}

// piece hashes piece i, whose first byte lies in file at.
func (w *worker) piece(i, at int) error {
	w.sha1.Reset()
	w.tree.Reset(0)
	p, res := w.plan, Piece{Index: i, OK: true}
	start := int64(i) * p.PieceLength
	layer := 0
	for ; at < len(p.Files) && p.Files[at].Offset < start+p.PieceLength; at++ {
		f := &p.Files[at]
		from, to := max(start, f.Offset), min(start+p.PieceLength, f.Offset+f.Length)
		if from >= to {
			continue
		}
		if f.Pad {
			if p.V1 && res.OK {
				w.pad(to - from)
			}
			continue
		}
		layer = merkle.Layers(min(merkle.Blocks(f.Length), p.PieceLength/merkle.BlockLen))
		if err := w.read(at, from-f.Offset, to-f.Offset); err != nil {
			if err := w.ctx.Err(); err != nil {
				return err
			}
			if err := p.Failed(at, err); err != nil {
				return err
			}
			res.OK = false
		}
	}
	if res.OK {
		if p.V1 {
			w.sha1.Sum(res.V1[:0])
		}
		if p.V2 {
			res.V2 = w.tree.Root(layer)
		}
	}
	p.Piece(res)
	return nil
}

func (w *worker) pad(n int64) {
	for ; n > 0; n -= min(n, int64(len(zeros))) {
		w.sha1.Write(zeros[:min(n, int64(len(zeros)))])
	}
}

// read hashes the bytes from ≤ off < to of a file. What cannot be read counts
// as done all the same.
func (w *worker) read(index int, from, to int64) error {
	defer func() { w.done += to - from }()
	if w.open != index {
		if err := w.openFile(index); err != nil {
			return err
		}
	}
	for off := from; off < to; {
		if err := w.ctx.Err(); err != nil {
			return err
		}
		chunk := w.buf[:min(int64(len(w.buf)), to-off)]
		if n, err := w.file.ReadAt(chunk, off); n < len(chunk) {
			if err == nil || errors.Is(err, io.EOF) {
				err = ErrShort
			}
			return fmt.Errorf("read %s at %d: %w", w.plan.Files[index].Name, off, err)
		}
		w.hash(chunk)
		off += int64(len(chunk))
	}
	return nil
}

// hash takes both hashes block by block, so that the second finds the block
// in the first-level cache.
func (w *worker) hash(chunk []byte) {
	if !w.plan.V2 {
		w.sha1.Write(chunk)
		return
	}
	for len(chunk) > 0 {
		block := chunk[:min(len(chunk), merkle.BlockLen)]
		chunk = chunk[len(block):]
		if w.plan.V1 {
			w.sha1.Write(block)
		}
		w.tree.Add(sha256.Sum256(block))
	}
}

// openFile opens a file in place of the one that is open.
func (w *worker) openFile(index int) error {
	if err := w.finish(); err != nil {
		return err
	}
	f, err := w.plan.FS.Open(w.plan.Files[index].Name)
	if err != nil {
		return err
	}
	w.open, w.file = index, f
	return nil
}

// finish ends the work on the open file.
func (w *worker) finish() error {
	if w.open < 0 {
		return nil
	}
	index := w.open
	var err error
	if w.plan.Read != nil {
		if err = w.plan.Read(index, w.file); err != nil {
			err = w.plan.Failed(index, err)
		}
	}
	w.close()
	return err
}

func (w *worker) close() {
	if w.open >= 0 {
		w.file.Close()
		w.open, w.file = -1, nil
	}
}
