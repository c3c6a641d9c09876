package metainfo

import (
	"context"
	"fmt"
	"io/fs"
	"path"
	"runtime"
	"slices"
	"strconv"
	"time"

	"github.com/warren-p2p/warren/internal/merkle"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/metainfo/internal/hasher"
	"github.com/warren-p2p/warren/metainfo/internal/pathname"
)

// Kind is which versions of BitTorrent a torrent is for.
type Kind int

// The kinds. Hybrid is understood by all peers, and is what you get if you
// do not ask.
const (
	Hybrid Kind = iota
	V1
	V2
)

// CreateOptions are the choices in making a torrent. The zero value is usable.
type CreateOptions struct {
	Name        string // default: the last element of the path
	PieceLength int64  // bytes, a power of two ≥ 16 KiB; 0 chooses, see [PieceLengthFor]
	Kind        Kind
	Private     bool
	Source      string
	Comment     string
	CreatedBy   string
	Now         time.Time  // becomes the creation date unless zero
	Trackers    [][]string // tiers
	WebSeeds    []string
	Workers     int // hashing goroutines; 0 is one for each core
	// Progress, if set, is told how many of the bytes are hashed. It is called
	// from one goroutine at a time and must return quickly.
	Progress func(done, total int64)
}

const (
	defaultPieceLength = 512 << 10
	largestPieceLength = 16 << 20
	manyPieces         = 8192
)

// PieceLengthFor returns the piece length that is chosen for content of total
// bytes: 512 KiB, doubled while there would be more than 8192 pieces, at most
// 16 MiB.
func PieceLengthFor(total int64) int64 {
	n := int64(defaultPieceLength)
	for n < largestPieceLength && total > n*manyPieces {
		n *= 2
	}
	return n
}

// Create makes a torrent of the file or directory root of fsys. It reads
// each file once, on all cores. Symbolic links are kept as links; one that
// leaves the tree is refused with [ErrSymlink], names that not every system
// can store with the reasons listed in this package, a file that changes
// meanwhile with [ErrChanged].
func Create(ctx context.Context, fsys vfs.FS, root string, opts CreateOptions) (*Torrent, error) {
	t, err := create(ctx, fsys, root, opts)
	if err != nil {
		return nil, fmt.Errorf("create torrent from %q: %w", root, err)
	}
	return t, nil
}

func create(ctx context.Context, fsys vfs.FS, root string, opts CreateOptions) (*Torrent, error) {
	if opts.Name == "" {
		opts.Name = path.Base(root)
	}
	if err := pathname.Check(opts.Name); err != nil {
		return nil, bad("name", err)
	}
	files, multi, err := scan(ctx, fsys, root, opts.Name, workersOr(opts.Workers))
	if err != nil {
		return nil, err
	}
	d := &draft{fsys: fsys, opts: opts, multi: multi, files: files}
	if err := d.layout(); err != nil {
		return nil, err
	}
	if err := d.hash(ctx); err != nil {
		return nil, err
	}
	return d.torrent()
}

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

func workersOr(n int) int {
	if n > 0 {
		return n
	}
	return runtime.GOMAXPROCS(0)
}
