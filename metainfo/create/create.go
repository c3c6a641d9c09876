// Package create makes torrents of files and directories (BEP 3, 47, 52).
package create

import (
	"context"
	"fmt"
	"path"
	"runtime"
	"time"

	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/internal/check"
	"github.com/warren-p2p/warren/metainfo/internal/pathname"
	"github.com/warren-p2p/warren/metainfo/internal/scan"
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

// Options are the choices in making a torrent. The zero value is usable.
type Options struct {
	Name        string // default: the last element of the path
	PieceLength int64  // bytes, a power of two ≥ 16 KiB; 0 chooses, see [PieceLengthFor]
	Kind        Kind
	Private     bool
	Source      string
	SSLCert     string // of the authority of an SSL torrent, PEM; see metainfo.Info
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
	smallestPieceLength = 16 << 10
	defaultPieceLength  = 512 << 10
	largestPieceLength  = 16 << 20
	manyPieces          = 8192
)

// PieceLengthFor returns the piece length that is chosen for content of total
// bytes: 512 KiB, doubled while there would be more than 8192 pieces, at most
// 16 MiB. Of a hybrid it is halved while padding would outweigh the content, at
// least 16 KiB.
func PieceLengthFor(total int64) int64 {
	n := int64(defaultPieceLength)
	for n < largestPieceLength && total > n*manyPieces {
		n *= 2
	}
	return n
}

// Torrent makes a torrent of the file or directory root of fsys. It reads each
// file once, on all cores. Symbolic links are kept as links; one that leaves the
// tree is refused with [metainfo.ErrSymlink], names that not every system can
// store with the reasons listed in package metainfo, a file that changes
// meanwhile with [ErrChanged], what is neither file nor link nor directory with
// [ErrNotRegular].
func Torrent(ctx context.Context, fsys vfs.FS, root string, opts Options) (*metainfo.Torrent, error) {
	t, err := torrent(ctx, fsys, root, opts)
	if err != nil {
		return nil, fmt.Errorf("create torrent from %q: %w", root, err)
	}
	return t, nil
}

func torrent(ctx context.Context, fsys vfs.FS, root string, opts Options) (*metainfo.Torrent, error) {
	if opts.Name == "" {
		opts.Name = path.Base(root)
	}
	if err := pathname.Check(opts.Name); err != nil {
		return nil, check.Bad("name", err)
	}
	if opts.Workers <= 0 {
		opts.Workers = runtime.GOMAXPROCS(0)
	}
	files, multi, err := scan.Tree(ctx, fsys, root, opts.Name, opts.Workers)
	if err != nil {
		return nil, err
	}
	d := &draft{fsys: fsys, opts: opts, multi: multi, found: files}
	if err := d.layout(); err != nil {
		return nil, err
	}
	if err := d.hash(ctx); err != nil {
		return nil, err
	}
	return d.torrent()
}
