package metainfo

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"time"

	"github.com/warren-p2p/warren/internal/merkle"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/metainfo/internal/check"
	"github.com/warren-p2p/warren/metainfo/internal/hasher"
	"github.com/warren-p2p/warren/metainfo/internal/infodict"
	"github.com/warren-p2p/warren/metainfo/internal/scan"
)

// draft is a torrent in the making.
type draft struct {
	fsys  vfs.FS
	opts  CreateOptions
	multi bool
	found []scan.File
	of    []int    // index in found of each file, -1 for padding
	nodes []HashV2 // root of each piece
	info  Info
}

// The reasons content is refused.
var (
	// ErrNotRegular reports something below the tree that a torrent cannot
	// carry: a device, a socket, a pipe.
	ErrNotRegular = scan.ErrNotRegular
	// ErrChanged reports a file that was written to while it was being hashed.
	ErrChanged = errors.New("file changed while it was read")
)

func (d *draft) v1() bool { return d.opts.Kind != V2 }
func (d *draft) v2() bool { return d.opts.Kind != V1 }

// layout checks what can be checked before hashing and places the files.
func (d *draft) layout() error {
	var total int64
	for i := range d.found {
		total += d.found[i].Length
	}
	if total == 0 {
		return ErrEmpty
	}
	if d.opts.PieceLength == 0 {
		d.opts.PieceLength = d.choosePieceLength(total)
	}
	// BEP 3 allows any length for version 1; no program expects it.
	if err := infodict.CheckPieceLength(d.opts.PieceLength, true); err != nil {
		return check.Bad("piece length", err)
	}
	if d.multi && len(d.found) == 1 && d.found[0].Path[0] == d.opts.Name && len(d.found[0].Path) == 1 && d.v2() {
		return check.Badf("name", ErrOverlap, "a directory and the only file in it are both called %q", d.opts.Name)
	}
	d.info = Info{
		Name: d.opts.Name, PieceLength: d.opts.PieceLength, MultiFile: d.multi,
		Private: d.opts.Private, Source: d.opts.Source, v1: d.v1(), v2: d.v2(),
	}
	d.list()
	if err := d.info.place(); err != nil {
		return err
	}
	if err := d.info.checkNames(); err != nil {
		return err
	}
	n := (d.info.space + d.info.PieceLength - 1) / d.info.PieceLength
	if n > maxPieces {
		return check.Badf("piece length", ErrPieceCount, "%d pieces, at most %d", n, maxPieces)
	}
	d.info.numPieces = int(n)
	return nil
}

// choosePieceLength follows [PieceLengthFor], except that a hybrid is not made to
// carry more padding than content: clients that do not know padding files fetch
// every byte of them, and everybody hashes them.
func (d *draft) choosePieceLength(total int64) int64 {
	n := PieceLengthFor(total)
	for d.v1() && d.v2() && n > smallestPieceLength && d.padding(n) > total {
		n /= 2
	}
	return n
}

// padding returns how many bytes of padding pieces of n bytes would need.
func (d *draft) padding(n int64) int64 {
	var sum int64
	for i := range d.found {
		sum += -d.found[i].Length & (n - 1)
	}
	return sum
}

// list fills info.Files. In a hybrid padding makes each file begin at a piece:
// BEP 52 wants it, BEP 47 says how it looks. The last file is padded too and a
// lone one is not: libtorrent does so, and two programs should make one torrent
// of the same tree.
func (d *draft) list() {
	padded := d.v1() && d.v2() && len(d.found) > 1
	room := len(d.found)
	if padded {
		room *= 2
	}
	d.info.Files, d.of = make([]File, 0, room), make([]int, 0, room)
	for i := range d.found {
		f := &d.found[i]
		d.info.Files = append(d.info.Files, File{
			Path: f.Path, Length: f.Length, Executable: f.Executable, Symlink: f.Symlink,
		})
		d.of = append(d.of, i)
		if gap := -f.Length & (d.opts.PieceLength - 1); padded && gap > 0 {
			d.info.Files = append(d.info.Files, File{
				Path: []string{".pad", strconv.FormatInt(gap, 10)}, Length: gap, Pad: true,
			})
			d.of = append(d.of, -1)
		}
	}
}

func (d *draft) hash(ctx context.Context) error {
	files := make([]hasher.File, len(d.info.Files))
	for i := range files {
		f := &d.info.Files[i]
		files[i] = hasher.File{Length: f.Length, Offset: f.Offset, Pad: f.Pad}
		if !f.Pad {
			files[i].Name = d.found[d.of[i]].Source
		}
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
	was := &d.found[d.of[i]]
	if info.Size() != was.Length || !info.ModTime().Equal(was.ModTime) || info.Mode().Type() != fs.FileMode(0) {
		return fmt.Errorf("%q: %w", was.Source, ErrChanged)
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
	t.Info, t.InfoBytes = d.info, d.dict().Bytes()
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

// dict returns the info dictionary once all is laid out and hashed.
func (d *draft) dict() *infodict.Dict {
	in := &d.info
	dict := &infodict.Dict{
		Name: in.Name, PieceLength: in.PieceLength, Private: in.Private, Source: in.Source,
		V1: in.v1, V2: in.v2, MultiFile: in.MultiFile, Pieces: in.pieces,
	}
	if in.v1 {
		dict.Files = make([]infodict.File, 0, len(in.Files))
	}
	if in.v2 {
		dict.Tree = make([]infodict.File, 0, len(d.found))
	}
	for i := range in.Files {
		f := &in.Files[i]
		file := infodict.File{
			Path: f.Path, Length: f.Length, Pad: f.Pad, Executable: f.Executable,
			Symlink: f.Symlink, PiecesRoot: f.PiecesRoot,
		}
		if in.v1 {
			dict.Files = append(dict.Files, file)
		}
		if in.v2 && !f.Pad {
			dict.Tree = append(dict.Tree, file)
		}
	}
	return dict
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
