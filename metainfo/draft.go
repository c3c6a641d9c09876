package metainfo

import (
	"context"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"time"

	"github.com/warren-p2p/warren/internal/merkle"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/metainfo/internal/hasher"
)

// draft is a torrent in the making.
type draft struct {
	fsys  vfs.FS
	opts  CreateOptions
	multi bool
	files []found  // with padding, once laid out
	nodes []HashV2 // root of each piece
	info  Info
}

func (d *draft) v1() bool { return d.opts.Kind != V2 }
func (d *draft) v2() bool { return d.opts.Kind != V1 }

// layout checks what can be checked before hashing and places the files.
func (d *draft) layout() error {
	var total int64
	for i := range d.files {
		total += d.files[i].Length
	}
	if total == 0 {
		return ErrEmpty
	}
	if d.opts.PieceLength == 0 {
		d.opts.PieceLength = PieceLengthFor(total)
	}
	// BEP 3 allows any length for version 1; no program expects it.
	if err := checkPieceLength(d.opts.PieceLength, true); err != nil {
		return bad("piece length", err)
	}
	if d.multi && len(d.files) == 1 && d.files[0].Path[0] == d.opts.Name && len(d.files[0].Path) == 1 && d.v2() {
		return badf("name", ErrOverlap, "a directory and the only file in it are both called %q", d.opts.Name)
	}
	if d.v1() && d.v2() && d.multi {
		d.pad()
	}
	d.info = Info{
		Name: d.opts.Name, PieceLength: d.opts.PieceLength, MultiFile: d.multi,
		Private: d.opts.Private, Source: d.opts.Source, v1: d.v1(), v2: d.v2(),
		Files: make([]File, len(d.files)),
	}
	for i := range d.files {
		d.info.Files[i] = d.files[i].File
	}
	if err := d.info.place(); err != nil {
		return err
	}
	if err := d.info.checkNames(nil); err != nil {
		return err
	}
	n := (d.info.space + d.info.PieceLength - 1) / d.info.PieceLength
	if n > maxPieces {
		return badf("piece length", ErrPieceCount, "%d pieces, at most %d", n, maxPieces)
	}
	d.info.numPieces = int(n)
	return nil
}

// pad inserts padding so that each file begins at a piece: BEP 52 wants it of
// hybrids, BEP 47 says how it looks. The last file is padded too and a lone
// one is not: libtorrent does so, and two programs should make one torrent of
// the same tree.
func (d *draft) pad() {
	if len(d.files) == 1 {
		return
	}
	padded := make([]found, 0, 2*len(d.files))
	for _, f := range d.files {
		padded = append(padded, f)
		if gap := -f.Length & (d.opts.PieceLength - 1); gap > 0 {
			var p found
			p.Path, p.Length, p.Pad = []string{".pad", strconv.FormatInt(gap, 10)}, gap, true
			padded = append(padded, p)
		}
	}
	d.files = padded
}

func (d *draft) hash(ctx context.Context) error {
	files := make([]hasher.File, len(d.files))
	for i := range d.files {
		f := &d.info.Files[i]
		files[i] = hasher.File{Name: d.files[i].source, Length: f.Length, Offset: f.Offset, Pad: f.Pad}
	}
	n := d.info.numPieces
	if d.v1() {
		d.info.pieces = make([]byte, n*len(HashV1{}))
	}
	if d.v2() {
		d.nodes = make([]HashV2, n)
	}
	plan := &hasher.Plan{
		FS: d.fsys, Files: files, PieceLength: d.info.PieceLength, NumPieces: n,
		V1: d.v1(), V2: d.v2(), Workers: workersOr(d.opts.Workers),
		Piece: func(p hasher.Piece) {
			if d.v1() {
				copy(d.info.pieces[p.Index*len(p.V1):], p.V1[:])
			}
			if d.v2() {
				d.nodes[p.Index] = p.V2
			}
		},
		Failed: func(_ int, err error) error { return err },
		Read:   d.unchanged,
	}
	if d.opts.Progress != nil {
		plan.Progress = func(done int64) { d.opts.Progress(done, d.info.content) }
	}
	return hasher.Run(ctx, plan)
}

// unchanged refuses a file that is not what scan saw: its hashes may mix two
// states of it.
func (d *draft) unchanged(i int, f vfs.File) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	was := &d.files[i]
	if info.Size() != was.Length || !info.ModTime().Equal(was.modTime) || info.Mode().Type() != fs.FileMode(0) {
		return fmt.Errorf("%q: %w", was.source, ErrChanged)
	}
	return nil
}

// torrent puts the parts together.
func (d *draft) torrent() (*Torrent, error) {
	t := &Torrent{
		Comment:      d.opts.Comment,
		CreatedBy:    d.opts.CreatedBy,
		CreationDate: d.opts.Now.UTC().Truncate(time.Second),
		URLList:      slices.Clone(d.opts.WebSeeds),
	}
	t.SetTrackers(d.opts.Trackers)
	if d.v2() {
		d.setRoots()
		t.layers = make([]layerSlot, len(d.info.Files))
	}
	t.Info, t.InfoBytes = d.info, d.infoDict()
	t.hashes = HashInfo(t.InfoBytes, d.v1(), d.v2())
	for _, file := range t.MissingLayers() {
		first, end := t.Info.FilePieces(file)
		layer := make([]byte, 0, (end-first)*len(HashV2{}))
		for _, node := range d.nodes[first:end] {
			layer = append(layer, node[:]...)
		}
		if err := t.SetPieceLayer(file, layer); err != nil {
			return nil, err
		}
	}
	return t, nil
}

func (d *draft) setRoots() {
	for i := range d.info.Files {
		f := &d.info.Files[i]
		if f.Pad || f.Length == 0 {
			continue
		}
		first, end := d.info.FilePieces(i)
		if f.PiecesRoot = d.nodes[first]; end-first > 1 {
			f.PiecesRoot = merkle.Root(d.nodes[first:end], d.info.pieceLayer())
		}
	}
}
