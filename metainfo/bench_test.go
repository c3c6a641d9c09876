package metainfo_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/warren-p2p/warren/metainfo"
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
	kind metainfo.Kind
}{{"v1", metainfo.V1}, {"v2", metainfo.V2}, {"hybrid", metainfo.Hybrid}}

// BenchmarkBigFile creates and verifies torrents of one file of 256 MiB.
func BenchmarkBigFile(b *testing.B) {
	const size = 256 << 20
	dir := benchDir(b)
	data := make([]byte, size)
	rand.NewChaCha8([32]byte{}).Read(data)
	writeFile(b, filepath.Join(dir, "big"), data, 0o644)
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
		writeFile(b, filepath.Join(dir, name), data[:n], 0o644)
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
				tor, err = metainfo.Create(context.Background(), fsys, root, metainfo.CreateOptions{
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
				r, err := metainfo.Verify(context.Background(), tor, fsys, ".", metainfo.VerifyOptions{})
				if err != nil || !r.Complete() {
					b.Fatal(err, r)
				}
			}
		})
	}
}

// BenchmarkVerifyPiece checks one piece in memory, as the engine does.
func BenchmarkVerifyPiece(b *testing.B) {
	const piece = 512 << 10
	dir := benchDir(b)
	data := content(4 * piece)
	writeFile(b, filepath.Join(dir, "f"), data, 0o644)
	fsys := openDir(b, dir)
	for _, k := range benchKinds {
		tor, err := metainfo.Create(context.Background(), fsys, "f", metainfo.CreateOptions{Kind: k.kind})
		if err != nil {
			b.Fatal(err)
		}
		b.Run(k.name, func(b *testing.B) {
			b.SetBytes(piece)
			b.ReportAllocs()
			for b.Loop() {
				if err := tor.VerifyPiece(1, data[piece:2*piece]); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
