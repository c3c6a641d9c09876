package storage_test

import (
	"context"
	"testing"

	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/metainfo/create"
	"github.com/warren-p2p/warren/swarm/internal/storage"
)

// benchConfig is a torrent of one 64 MiB file in 512 KiB pieces, and a real
// directory that holds it.
func benchConfig(b *testing.B) (cfg storage.Config, piece []byte) {
	b.Helper()
	dir, err := vfs.OpenDir(b.TempDir())
	must(b, err)
	write(b, dir, "content", make([]byte, 64<<20), 0o600)
	tor, err := create.Torrent(context.Background(), dir, "content", create.Options{Kind: create.V2})
	must(b, err)
	b.Cleanup(func() { must(b, dir.Close()) })
	return storage.Config{Torrent: tor, Content: dir, State: dir}, make([]byte, tor.Info.PieceLength)
}

func BenchmarkWritePiece(b *testing.B) {
	cfg, data := benchConfig(b)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	n := cfg.Torrent.Info.NumPieces()
	var s *storage.Store
	for i := 0; b.Loop(); i++ {
		if i%n == 0 {
			b.StopTimer()
			if s != nil {
				must(b, s.RemoveState())
			}
			var err error
			s, err = storage.Open(cfg)
			must(b, err)
			b.StartTimer()
		}
		if err := s.WritePiece(i%n, data); err != nil {
			b.Fatal(err)
		}
	}
	must(b, s.Close())
}

func BenchmarkReadVec(b *testing.B) {
	cfg, data := benchConfig(b)
	s, err := storage.Open(cfg)
	must(b, err, s.Check(context.Background(), nil, 2, nil))
	bufs := make([][]byte, 16)
	for i := range bufs {
		bufs[i] = data[i<<14 : (i+1)<<14]
	}
	b.SetBytes(16 << 14)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if err := s.ReadVec(i%cfg.Torrent.Info.NumPieces(), 0, bufs); err != nil {
			b.Fatal(err)
		}
	}
	must(b, s.Close())
}
