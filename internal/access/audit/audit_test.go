package audit_test

import (
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/warren-p2p/warren/internal/access"
	"github.com/warren-p2p/warren/internal/access/audit"
	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/store"
)

func TestLog(t *testing.T) {
	ctx := t.Context()
	s, err := store.Open(ctx, filepath.Join(t.TempDir(), "warren.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	c := clock.NewManual(time.Unix(1e9, 0))
	l := audit.Open(s, c, slog.New(slog.DiscardHandler))
	if err := s.Write(ctx, func(q store.Querier) error {
		_, err := q.ExecContext(ctx, `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
			INSERT INTO audit (at, who, way, what, target, status, failure) SELECT 1, '', 'key', '', '', 0, '' FROM n`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	for range 50 {
		l.Add(audit.Entry{Who: "tv box", Way: access.ByToken, What: "pause-torrent", Target: "7", Status: 204})
	}
	c.Pass(time.Minute)
	l.Add(audit.Entry{Who: "owner", What: "two\nlines" + strings.Repeat("€", 200), Status: 404, Failure: "\xff"})
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	l.Add(audit.Entry{What: "too late"})
	list, err := l.List(ctx, 0, 2)
	if err != nil || len(list) != 2 {
		t.Fatalf("%v, %v", list, err)
	}
	last := list[0]
	if last.ID != 10_051 || !last.At.Equal(c.Now()) || !strings.HasPrefix(last.What, "two lines€") || len(last.What) > 300 || last.Failure != "�" {
		t.Errorf("last is %+v", last)
	}
	if e := list[1]; e.Who != "tv box" || e.Way != access.ByToken || e.What != "pause-torrent" || e.Target != "7" || e.Status != 204 {
		t.Errorf("before: %+v", e)
	}
	if list, err = l.List(ctx, 53, 10); err != nil || len(list) != 1 || list[0].ID != 52 {
		t.Errorf("the oldest: %v, %v", list, err)
	}
}

func TestNote(t *testing.T) {
	var n audit.Note
	ctx := audit.WithNote(t.Context(), &n)
	audit.Say(ctx, "torrent-remove", "3")
	audit.Fail(ctx, "disk full")
	if n != (audit.Note{What: "torrent-remove", Target: "3", Failure: "disk full"}) {
		t.Errorf("noted %+v", n)
	}
	audit.Say(t.Context(), "nobody", "listens")
}
