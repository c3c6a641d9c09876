package hasher

import (
	"context"
	"sort"

	"github.com/warren-p2p/warren/internal/lanes"
	"github.com/warren-p2p/warren/internal/merkle"
)

// maxChunk is read of each piece at a time, a multiple of a block. Rows of
// pieces of the usual length are read from end to end; of longer ones, enough
// at a time that a disk need not jump often. With chunks that stay in the
// second-level cache a file in memory takes 7 % less, not more.
const maxChunk = 512 << 10

// worker hashes pieces row by row.
type worker struct {
	ctx      context.Context
	plan     *Plan
	progress func(n int64)
	files    openFiles
	lanes    []lane
	chunks   [][]byte // of the lanes, for sha1
	sha1     lanes.SHA1
	sums     [lanes.Width][20]byte

	leaves [][]byte // the blocks of all chunks
	of     []*lane  // of which piece they are
	hashes []merkle.Hash
}

// lane is a piece of a row.
type lane struct {
	res   Piece
	at    int // the first file with bytes that are not hashed yet
	buf   []byte
	tree  merkle.Builder
	layer int // of the root
}

func newWorker(ctx context.Context, p *Plan, row int, progress func(int64)) *worker {
	w := &worker{
		ctx: ctx, plan: p, progress: progress, files: openFiles{plan: p},
		lanes: make([]lane, row), chunks: make([][]byte, row),
	}
	chunk := int(min(p.PieceLength, maxChunk))
	buf := make([]byte, row*chunk)
	for i := range w.lanes {
		w.lanes[i].buf = buf[i*chunk : (i+1)*chunk]
	}
	return w
}

// row hashes the pieces first ≤ i < end.
func (w *worker) row(first, end int) error {
	p, n := w.plan, end-first
	start := int64(first) * p.PieceLength
	at := sort.Search(len(p.Files), func(i int) bool { return p.Files[i].Offset+p.Files[i].Length > start })
	for i := range n {
		for limit := start + int64(i)*p.PieceLength; at < len(p.Files) && p.Files[at].Offset+p.Files[at].Length <= limit; {
			at++
		}
		l := &w.lanes[i]
		l.res, l.at, l.layer = Piece{Index: first + i, OK: true}, at, 0
		l.tree.Reset(0)
	}
	if p.V1 {
		w.sha1.Reset(n)
	}
	for off := int64(0); off < p.PieceLength; off += maxChunk {
		if err := w.step(w.lanes[:n], off); err != nil {
			return err
		}
	}
	if p.V1 {
		w.sha1.Sum(w.sums[:n])
	}
	for i := range n {
		l := &w.lanes[i]
		if l.res.OK {
			if p.V1 {
				l.res.V1 = w.sums[i]
			}
			if p.V2 {
				l.res.V2 = l.tree.Root(l.layer)
			}
		}
		p.Piece(l.res)
	}
	return nil
}

// step reads and hashes what begins at off in each piece of a row.
func (w *worker) step(row []lane, off int64) error {
	w.leaves, w.of = w.leaves[:0], w.of[:0]
	var done int64
	for i := range row {
		if err := w.ctx.Err(); err != nil {
			return err
		}
		l := &row[i]
		all, content, err := w.fill(l, int64(l.res.Index)*w.plan.PieceLength+off)
		if err != nil {
			return err
		}
		done += int64(content)
		if !l.res.OK {
			all, content = 0, 0
		}
		w.chunks[i] = l.buf[:all]
		for data := l.buf[:content]; w.plan.V2 && len(data) > 0; {
			block := data[:min(len(data), merkle.BlockLen)]
			w.leaves, w.of = append(w.leaves, block), append(w.of, l)
			data = data[len(block):]
		}
	}
	if w.plan.V2 {
		w.hashLeaves()
	}
	if w.plan.V1 {
		w.sha1.Write(w.chunks[:len(row)])
	}
	w.progress(done)
	return nil
}

func (w *worker) hashLeaves() {
	for len(w.hashes) < len(w.leaves) {
		w.hashes = append(w.hashes, merkle.Hash{})
	}
	lanes.SumSHA256(w.hashes, w.leaves)
	for i, l := range w.of {
		l.tree.Add(w.hashes[i])
	}
}

// fill reads what the piece space has from lo on into the buffer of a lane, up
// to the end of the piece. It returns how many bytes there are, and how many
// of them are content that counts as done, read or not; where content and
// padding take turns that is no place in the buffer.
func (w *worker) fill(l *lane, lo int64) (all, content int, err error) {
	p := w.plan
	hi := min(lo+int64(len(l.buf)), int64(l.res.Index+1)*p.PieceLength)
	for ; l.at < len(p.Files) && p.Files[l.at].Offset < hi; l.at++ {
		f := &p.Files[l.at]
		from, to := max(lo, f.Offset), min(hi, f.Offset+f.Length)
		if from < to {
			part := l.buf[from-lo : to-lo]
			all = int(to - lo)
			if f.Pad {
				clear(part)
			} else {
				content += len(part)
				l.layer = merkle.Layers(min(merkle.Blocks(f.Length), p.PieceLength/merkle.BlockLen))
				if err := w.read(l, part, from-f.Offset); err != nil {
					return all, content, err
				}
			}
		}
		if f.Offset+f.Length > hi {
			break
		}
	}
	return all, content, nil
}

// read fills part from the file of a lane. If that fails the piece is not OK,
// unless that is a reason to end.
func (w *worker) read(l *lane, part []byte, off int64) error {
	err := w.files.read(l.at, part, off)
	if err == nil {
		return nil
	}
	if err := w.ctx.Err(); err != nil {
		return err
	}
	l.res.OK = false
	return w.plan.Failed(l.at, err)
}
