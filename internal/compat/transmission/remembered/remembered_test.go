package remembered_test

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/warren-p2p/warren/internal/compat/transmission/remembered"
	"github.com/warren-p2p/warren/internal/store"
)

// What was set is there in the next run, and what was set to nothing as well; of
// torrents that are gone nothing is left.
func TestNextRun(t *testing.T) {
	ctx := context.Background()
	s, err := store.Open(ctx, filepath.Join(t.TempDir(), "warren.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	insert := `INSERT INTO torrent (name, dir, magnet, added, completed, active, category, labels, paused, sent, received, seeding, running, place, wishes)
		VALUES ('x', '/x', '', 0, 0, 0, '', '[]', 0, 0, 0, 0, 0, 0, '{}')`
	run := func(query string) {
		t.Helper()
		if err := s.Write(ctx, func(q store.Querier) error { _, err := q.ExecContext(ctx, query); return err }); err != nil {
			t.Fatal(err)
		}
	}
	run(insert)
	m, err := remembered.Open(ctx, s)
	if err != nil {
		t.Fatal(err)
	}
	if got := m.Session(); !got.Stalled || got.UpLimit != 100 || m.StalledAfter() == 0 {
		t.Errorf("at first: %+v", got)
	}
	want := remembered.Torrent{UpLimit: 60, Ratio: 2.5, Priority: -1, Alone: true}
	if err := m.ChangeTorrent(ctx, 1, func(r *remembered.Torrent) { *r = want }); err != nil {
		t.Fatal(err)
	}
	if err := m.ChangeSession(ctx, func(r *remembered.Session) { r.Stalled, r.Sessions = false, 7 }); err != nil {
		t.Fatal(err)
	}
	if err := m.ChangeTorrent(ctx, 4711, func(r *remembered.Torrent) { r.UpLimit = 1 }); err == nil {
		t.Error("something is remembered of a torrent that there is not")
	}
	next, err := remembered.Open(ctx, s)
	if err != nil {
		t.Fatal(err)
	}
	if got := next.Torrent(1); got != want {
		t.Errorf("of the torrent: %+v, want %+v", got, want)
	}
	if got := next.Session(); got.Stalled || got.Sessions != 7 || next.StalledAfter() != 0 {
		t.Errorf("of the session: %+v", got)
	}
	run("DELETE FROM torrent")
	if next, err = remembered.Open(ctx, s); err != nil || next.Torrent(1) != (remembered.Torrent{}) {
		t.Errorf("of a torrent that is gone: %+v, %v", next.Torrent(1), err)
	}
}
