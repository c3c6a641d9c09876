package verify

import (
	"context"
	"crypto/sha1"
	"fmt"
	"io/fs"
	"path"
	"runtime"
	"slices"
	"sync"

	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/internal/hasher"
	"github.com/warren-p2p/warren/metainfo/piecespace"
)

// Content reads the content of t from the directory root of fsys, in which the
// files have the names [piecespace.File.Name] gives, and checks every piece.
// Files that are missing or damaged are part of the report; the error is that of
// ctx, or wraps [ErrNoHashes] if merkle layers are missing.
func Content(ctx context.Context, t *metainfo.Torrent, fsys vfs.FS, root string, opts Options) (*Report, error) {
	if _, has1 := t.PieceHash(0); !has1 && len(t.MissingLayers()) > 0 {
		return nil, fmt.Errorf("verify %q: %w", t.Info.Name, ErrNoHashes)
	}
	v := newVerifier(t, fsys, root)
	plan := v.plan()
	if plan.Workers = opts.Workers; plan.Workers <= 0 {
		plan.Workers = runtime.GOMAXPROCS(0)
	}
	if opts.Progress != nil {
		plan.Progress = func(done int64) { opts.Progress(done, t.Info.TotalLength()) }
	}
	if err := hasher.Run(ctx, plan); err != nil {
		return nil, fmt.Errorf("verify %q: %w", t.Info.Name, err)
	}
	v.finish()
	return v.report, nil
}

// verifier collects a report.
type verifier struct {
	t      *metainfo.Torrent
	fsys   vfs.FS
	root   string
	report *Report

	mu   sync.Mutex
	sums []metainfo.HashV1 // of BEP 30 torrents, whose pieces can only be judged together
}

func newVerifier(t *metainfo.Torrent, fsys vfs.FS, root string) *verifier {
	n := t.Info.NumPieces()
	v := &verifier{t: t, fsys: fsys, root: root, report: &Report{
		Pieces:    make([]byte, (n+7)/8),
		NumPieces: n,
		Files:     make([]FileReport, len(t.Info.Files)),
	}}
	if _, ok := t.Info.MerkleRoot(); ok {
		v.sums = make([]metainfo.HashV1, n)
	}
	return v
}

func (v *verifier) plan() *hasher.Plan {
	in := &v.t.Info
	files := make([]hasher.File, len(in.Files))
	for i := range in.Files {
		f := &in.Files[i]
		files[i] = hasher.File{Name: path.Join(v.root, f.Name()), Length: f.Length, Offset: f.Offset, Pad: f.Pad}
	}
	return &hasher.Plan{
		FS: v.fsys, Files: files, PieceLength: in.PieceLength, NumPieces: in.NumPieces(),
		V1: in.HasV1(), V2: in.HasV2(),
		Piece: v.piece,
		Failed: func(i int, err error) error {
			v.mu.Lock()
			defer v.mu.Unlock()
			if r := &v.report.Files[i]; r.Err == nil {
				r.Err = err
			}
			return nil
		},
		Read: func(i int, f vfs.File) error {
			if info, err := f.Stat(); err != nil {
				return err
			} else if info.Size() > in.Files[i].Length {
				return ErrLong
			}
			return nil
		},
	}
}

func (v *verifier) piece(p hasher.Piece) {
	if !p.OK {
		return
	}
	if v.sums != nil {
		v.sums[p.Index] = p.V1
		return
	}
	if sum, ok := v.t.PieceHash(p.Index); ok && p.V1 != [20]byte(sum) {
		return
	}
	if root, ok := v.t.PieceRoot(p.Index); ok && p.V2 != root {
		return
	}
	v.mark(p.Index)
}

func (v *verifier) mark(piece int) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.report.Pieces[piece/8] |= 0x80 >> (piece % 8)
	v.report.NumGood++
}

// finish judges what only the whole can tell and sums up for each file.
func (v *verifier) finish() {
	if top, _ := v.t.Info.MerkleRoot(); v.sums != nil && rootV1(v.sums) == top {
		for i := range v.sums {
			v.mark(i)
		}
	}
	for i := range v.t.Info.Files {
		f, r := &v.t.Info.Files[i], &v.report.Files[i]
		r.FirstBad = -1
		if f.Pad {
			continue
		}
		first, end := v.t.Info.FilePieces(i)
		for p := first; p < end; p++ {
			if !v.report.Has(p) {
				if r.BadPieces++; r.FirstBad < 0 {
					r.FirstBad = p
				}
			}
		}
		if f.Length == 0 {
			r.Err = v.checkEmpty(f)
		}
	}
}

// checkEmpty looks at links and empty files, which no piece covers.
func (v *verifier) checkEmpty(f *piecespace.File) error {
	name := path.Join(v.root, f.Name())
	info, err := v.fsys.Lstat(name)
	if err != nil {
		return err
	}
	isLink := info.Mode().Type() == fs.ModeSymlink
	if f.Symlink != nil {
		if isLink {
			if to, err := v.fsys.Readlink(name); err != nil || path.Clean(to) == f.LinkTarget() {
				return err
			}
		}
		return fmt.Errorf("%s: not a link to %s: %w", name, f.LinkTarget(), metainfo.ErrSymlink)
	}
	if info.Mode().IsRegular() && info.Size() > 0 {
		return ErrLong
	}
	return nil
}

// rootV1 returns the root of BEP 30's tree over piece hashes.
func rootV1(nodes []metainfo.HashV1) metainfo.HashV1 {
	nodes = slices.Clone(nodes)
	for len(nodes)&(len(nodes)-1) != 0 {
		nodes = append(nodes, metainfo.HashV1{})
	}
	for ; len(nodes) > 1; nodes = nodes[:len(nodes)/2] {
		for i := range len(nodes) / 2 {
			nodes[i] = sha1.Sum(append(nodes[2*i][:], nodes[2*i+1][:]...))
		}
	}
	return nodes[0]
}
