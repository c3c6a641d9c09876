package crowd

import (
	"context"
	"testing"
	"time"

	"github.com/warren-p2p/warren/internal/vfs"
)

func TestServe(t *testing.T) {
	const n = 50
	dir := t.TempDir()
	fsys, err := vfs.OpenDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer fsys.Close()
	if err := Make(fsys, ".", Spec{Torrents: n, Pieces: 100, PieceLength: 16 << 10}); err != nil {
		t.Fatal(err)
	}
	if err := Prepare(t.Context(), dir, n); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var events []Told
	err = Serve(ctx, dir, n, time.Millisecond, func(e Told) {
		events = append(events, e)
		if e.Event == Settled {
			cancel()
		}
	})
	if err != nil || len(events) != 2 || events[0].Event != Ready || events[0].Seconds <= 0 || events[1].Goroutines == 0 || events[1].Heap == 0 {
		t.Errorf("%+v, %v", events, err)
	}
}
