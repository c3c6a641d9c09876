package create

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
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/internal/check"
	"github.com/warren-p2p/warren/metainfo/internal/hasher"
	"github.com/warren-p2p/warren/metainfo/internal/infodict"
	"github.com/warren-p2p/warren/metainfo/internal/scan"
	"github.com/warren-p2p/warren/metainfo/piecespace"
)

// draft is a torrent in the making.
type draft struct {
	fsys  vfs.FS
	opts  Options
	multi bool
	found []scan.File
	of    []int // index in found of each file, -1 for padding
	space piecespace.Space
	sums  []byte            // version 1: 20 bytes for each piece
	nodes []metainfo.HashV2 // version 2: root of each piece
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
		return metainfo.ErrEmpty
	}
	if d.opts.PieceLength == 0 {
		d.opts.PieceLength = d.choosePieceLength(total)
	}
	// BEP 3 allows any length for version 1; no program expects it.
	if err := infodict.CheckPieceLength(d.opts.PieceLength, true); err != nil {
		return check.Bad("piece length", err)
	}
	if d.multi && len(d.found) == 1 && d.found[0].Path[0] == d.opts.Name && len(d.found[0].Path) == 1 && d.v2() {
		return check.Badf("name", metainfo.ErrOverlap, "a directory and the only file in it are both called %q", d.opts.Name)
	}
	var err error
	d.space, err = piecespace.Lay(piecespace.Space{
		Name: d.opts.Name, MultiFile: d.multi, PieceLength: d.opts.PieceLength, Gaps: !d.v1(), Files: d.list(),
	})
	return err
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

// list returns the files to be laid out. In a hybrid padding makes each begin at
// a piece: BEP 52 wants it, BEP 47 says how it looks. The last file is padded too
// and a lone one is not: libtorrent does so, and two programs should make one
// torrent of the same tree.
func (d *draft) list() []piecespace.File {
	padded := d.v1() && d.v2() && len(d.found) > 1
	room := len(d.found)
	if padded {
		room *= 2
	}
	files := make([]piecespace.File, 0, room)
	d.of = make([]int, 0, room)
	for i := range d.found {
		f := &d.found[i]
		files = append(files, piecespace.File{
			Path: f.Path, Length: f.Length, Executable: f.Executable, Symlink: f.Symlink,
		})
		d.of = append(d.of, i)
		if gap := -f.Length & (d.opts.PieceLength - 1); padded && gap > 0 {
			files = append(files, piecespace.File{
				Path: []string{".pad", strconv.FormatInt(gap, 10)}, Length: gap, Pad: true,
			})
			d.of = append(d.of, -1)
		}
	}
	return files
}

func (d *draft) hash(ctx context.Context) error {
	files := make([]hasher.File, len(d.space.Files))
	for i := range files {
		f := &d.space.Files[i]
		files[i] = hasher.File{Length: f.Length, Offset: f.Offset, Pad: f.Pad}
		if !f.Pad {
			files[i].Name = d.found[d.of[i]].Source
		}
	}
	n := d.space.NumPieces()
	if d.v1() {
		d.sums = make([]byte, n*len(metainfo.HashV1{}))
	}
	if d.v2() {
		d.nodes = make([]metainfo.HashV2, n)
	}
	plan := &hasher.Plan{
		FS: d.fsys, Files: files, PieceLength: d.space.PieceLength, NumPieces: n,
		V1: d.v1(), V2: d.v2(), Workers: d.opts.Workers,
		Piece: func(p hasher.Piece) {
			if d.v1() {
				copy(d.sums[p.Index*len(p.V1):], p.V1[:])
			}
			if d.v2() {
				d.nodes[p.Index] = p.V2
			}
		},
		Failed: func(_ int, err error) error {
			if errors.Is(err, hasher.ErrShort) {
				return fmt.Errorf("%w: %w", ErrChanged, err)
			}
			return err
		},
		Read: d.unchanged,
	}
	if d.opts.Progress != nil {
		plan.Progress = func(done int64) { d.opts.Progress(done, d.space.TotalLength()) }
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
func (d *draft) torrent() (*metainfo.Torrent, error) {
	d.setRoots()
	t := metainfo.New(metainfo.Content{
		Space: d.space, Pieces: d.sums, V2: d.v2(), Private: d.opts.Private, Source: d.opts.Source, SSLCert: d.opts.SSLCert,
	})
	t.Comment, t.CreatedBy = d.opts.Comment, d.opts.CreatedBy
	t.CreationDate = d.opts.Now.UTC().Truncate(time.Second)
	t.URLList = slices.Clone(d.opts.WebSeeds)
	t.SetTrackers(d.opts.Trackers)
	for _, file := range t.MissingLayers() {
		first, end := t.Info.FilePieces(file)
		layer := make([]byte, 0, (end-first)*len(metainfo.HashV2{}))
		for _, node := range d.nodes[first:end] {
			layer = append(layer, node[:]...)
		}
		if err := t.SetPieceLayer(file, layer); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// setRoots joins the roots of the pieces of each file (BEP 52).
func (d *draft) setRoots() {
	if !d.v2() {
		return
	}
	base := merkle.Layers(d.space.PieceLength / merkle.BlockLen)
	for i := range d.space.Files {
		f := &d.space.Files[i]
		if f.Pad || f.Length == 0 {
			continue
		}
		first, end := d.space.FilePieces(i)
		if f.PiecesRoot = d.nodes[first]; end-first > 1 {
			f.PiecesRoot = merkle.Root(d.nodes[first:end], base)
		}
	}
}
