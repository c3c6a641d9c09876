package content

import (
	"bytes"
	"context"
	"os"
	"testing"

	"github.com/warren-p2p/warren/internal/vfs/memfs"
	"github.com/warren-p2p/warren/metainfo/create"
	"github.com/warren-p2p/warren/swarm/internal/storage"
)

// Where a file of a version 2 torrent ends, whole blocks may be asked for and
// are filled up with zeros.
func TestReadPadsVersion2(t *testing.T) {
	disk := memfs.New()
	data := bytes.Repeat([]byte{7}, 70_000)
	f, err := disk.OpenFile("file", os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt(data, 0); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	for kind, limit := range map[create.Kind]int64{create.V1: 70_000 - 65536, create.V2: 65536} {
		m, err := create.Torrent(context.Background(), disk, "file", create.Options{Kind: kind, PieceLength: 65536})
		if err != nil {
			t.Fatal(err)
		}
		store, err := storage.Open(storage.Config{Torrent: m, Content: disk, State: memfs.New()})
		if err != nil {
			t.Fatal(err)
		}
		s := New(m, store)
		if got := s.Limit(1); got != limit {
			t.Errorf("kind %v: %d bytes of the last piece may be asked for, want %d", kind, got, limit)
		}
		if kind == create.V1 {
			continue
		}
		bufs := [][]byte{bytes.Repeat([]byte{1}, 4096), bytes.Repeat([]byte{1}, 4096), bytes.Repeat([]byte{1}, 4096)}
		if err := s.ReadVec(1, 0, bufs); err != nil {
			t.Fatal(err)
		}
		got := bytes.Join(bufs, nil)
		want := append(append([]byte(nil), data[65536:]...), make([]byte, len(got)-(70_000-65536))...)
		if !bytes.Equal(got, want) {
			t.Error("a short piece is not its data and zeros")
		}
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	}
}
