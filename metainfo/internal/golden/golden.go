// Package golden has torrents that libtorrent made and the content they are of,
// for tests.
package golden

import (
	"embed"
	"io/fs"
	"strings"

	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/vfs/memfs"
)

// PieceLength is that of all torrents.
const PieceLength = 32 << 10

//go:embed testdata/*.torrent
var torrents embed.FS

// Names returns the names of the torrents: what they are of and their version.
func Names() []string {
	return []string{
		"single-hybrid", "single-v1", "single-v2", "small-hybrid", "small-v1", "small-v2",
		"tree-hybrid", "tree-v1", "tree-v2", "links-hybrid", "links-v1",
	}
}

// Torrent returns a metainfo file. An unknown name panics.
func Torrent(name string) []byte {
	b, err := torrents.ReadFile("testdata/" + name + ".torrent")
	if err != nil {
		panic(err)
	}
	return b
}

// Root returns the file or directory the torrent called name is of.
func Root(name string) string {
	switch {
	case strings.HasPrefix(name, "single"):
		return "single.bin"
	case strings.HasPrefix(name, "small"):
		return "small.bin"
	}
	return "tree"
}

// Disk returns the content of the torrent called name, with the symbolic link
// tree/z/link if it is of links.
func Disk(name string) vfs.FS {
	disk := memfs.New()
	for _, f := range []struct {
		path   string
		length int
		perm   fs.FileMode
	}{
		{"tree/a.bin", 70000, 0o644},
		{"tree/docs/b.txt", 100, 0o644},
		{"tree/docs/empty", 0, 0o644},
		{"tree/run.sh", 40000, 0o755},
		{"tree/z/exact", 65536, 0o644},
		{"tree/z/last", 5000, 0o644},
		{"tree/zz", 0, 0o644},
		{"single.bin", 100000, 0o644},
		{"small.bin", 20000, 0o644},
	} {
		if err := vfs.WriteFileAtomic(disk, f.path, Content(f.length), f.perm); err != nil {
			panic(err)
		}
	}
	if strings.HasPrefix(name, "links") {
		if err := disk.Symlink("../a.bin", "tree/z/link"); err != nil {
			panic(err)
		}
	}
	return disk
}

// Content returns the bytes of a file of that length: a linear congruential
// generator seeded with the length.
func Content(length int) []byte {
	out, x := make([]byte, length), uint32(length)
	for i := range out {
		x = (x*1103515245 + 12345) & 0x7fffffff
		out[i] = byte(x >> 16)
	}
	return out
}
