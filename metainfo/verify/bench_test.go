package verify_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/create"
	"github.com/warren-p2p/warren/metainfo/internal/golden"
	"github.com/warren-p2p/warren/metainfo/verify"
)

// benchDir returns a folder in memory if the machine has one, so that the
// figures are those of hashing and not of a disk.
func benchDir(b *testing.B) string {
	dir, err := os.MkdirTemp("/dev/shm", "metainfo")
	if err != nil {
		return b.TempDir()
	}
	b.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

var benchKinds = []struct {
	name string
	kind create.Kind
}{{"v1", create.V1}, {"v2", create.V2}, {"hybrid", create.Hybrid}}

func writeFile(b *testing.B, name string, data []byte) {
	b.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		b.Fatal(err)
	}
	if err := os.WriteFile(name, data, 0o644); err != nil {
		b.Fatal(err)
	}
}

func openDir(b *testing.B, dir string) vfs.FS {
	b.Helper()
	fsys, err := vfs.OpenDir(dir)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { fsys.Close() })
	return fsys
}

// BenchmarkBigFile creates and verifies torrents of one file of 256 MiB.
func BenchmarkBigFile(b *testing.B) {
	const size = 256 << 20
	dir := benchDir(b)
	data := make([]byte, size)
	rand.NewChaCha8([32]byte{}).Read(data)
	writeFile(b, filepath.Join(dir, "big"), data)
	benchmarkTree(b, dir, "big", size, 512<<10)
}

// BenchmarkSmallFiles does so with 20,000 files of 32 KiB on average.
func BenchmarkSmallFiles(b *testing.B) {
	dir := benchDir(b)
	data := make([]byte, 64<<10)
	rand.NewChaCha8([32]byte{}).Read(data)
	var size int64
	for i := range 20000 {
		n := 1 + i*7919%(64<<10)
		size += int64(n)
		name := fmt.Sprintf("tree/%03d/%05d", i/100, i)
		writeFile(b, filepath.Join(dir, name), data[:n])
	}
	benchmarkTree(b, dir, "tree", size, 64<<10)
}

func benchmarkTree(b *testing.B, dir, root string, size, piece int64) {
	fsys := openDir(b, dir)
	for _, k := range benchKinds {
		var tor *metainfo.Torrent
		b.Run("create/"+k.name, func(b *testing.B) {
			b.SetBytes(size)
			for b.Loop() {
				var err error
				tor, err = create.Torrent(context.Background(), fsys, root, create.Options{
					Kind: k.kind, PieceLength: piece,
				})
				if err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run("verify/"+k.name, func(b *testing.B) {
			b.SetBytes(size)
			for b.Loop() {
				r, err := verify.Content(context.Background(), tor, fsys, ".", verify.Options{})
				if err != nil || !r.Complete() {
					b.Fatal(err, r)
				}
			}
		})
	}
}

// BenchmarkPiece checks one piece in memory, as the engine does.
func BenchmarkPiece(b *testing.B) {
	const piece = 512 << 10
	dir := benchDir(b)
	data := golden.Content(4 * piece)
	writeFile(b, filepath.Join(dir, "f"), data)
	fsys := openDir(b, dir)
	for _, k := range benchKinds {
		tor, err := create.Torrent(context.Background(), fsys, "f", create.Options{Kind: k.kind})
		if err != nil {
			b.Fatal(err)
		}
		b.Run(k.name, func(b *testing.B) {
			b.SetBytes(piece)
			b.ReportAllocs()
			for b.Loop() {
				if err := verify.Piece(tor, 1, data[piece:2*piece]); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
