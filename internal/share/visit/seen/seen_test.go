package seen_test

import (
	"encoding/binary"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/share/record"
	"github.com/warren-p2p/warren/internal/share/visit/seen"
	"github.com/warren-p2p/warren/internal/store"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/permid"
)

// signed returns a record as somebody signs it.
func signed(t *testing.T, who *permid.Identity, id byte, torrent uint32, sequence int64) *record.Record {
	t.Helper()
	r := record.Record{ID: record.ID{id}, Title: "x", Sequence: sequence, Created: time.Unix(1_790_000_000, 0).UTC(), Size: 1}
	r.Files = []record.File{{Path: "x", Size: 1, Root: metainfo.HashV2{1}}}
	r.Hashes = metainfo.InfoHashes{HasV1: true, HasV2: true, V2: metainfo.HashV2{1}}
	binary.BigEndian.PutUint32(r.Hashes.V1[:], torrent)
	s, err := r.Sign(who.Share())
	if err != nil {
		t.Fatal(err)
	}
	return &s.Record
}

// A record may come again and a newer one may follow; an older one, and one of somebody
// else, may not, after a restart as well. Each torrent of a share counts by itself.
func TestCheck(t *testing.T) {
	path := filepath.Join(t.TempDir(), "warren.db")
	me, other := permid.New(), permid.New()
	for round, c := range []struct {
		r  *record.Record
		ok bool
	}{
		{signed(t, me, 1, 1, 5), true},
		{signed(t, me, 1, 1, 5), true},
		{signed(t, me, 1, 1, 7), true},
		{signed(t, me, 1, 1, 6), false},
		{signed(t, other, 1, 1, 9), false},
		{signed(t, me, 1, 2, 1), true},
		{signed(t, other, 2, 1, 1), true},
		{signed(t, me, 1, 1, 8), true},
	} {
		s, err := store.Open(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		b := seen.Book{Store: s, Clock: clock.System{}}
		if err := b.Check(t.Context(), c.r); errors.Is(err, record.ErrOlder) == c.ok || err != nil && c.ok {
			t.Errorf("%d: %v", round, err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// What was not seen for the longest time is forgotten when there is too much.
func TestForgets(t *testing.T) {
	s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "warren.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Write(t.Context(), func(q store.Querier) error {
		_, err := q.ExecContext(t.Context(), `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50)
			INSERT INTO share_seen (id, v1, signer, sequence, at) SELECT randomblob(16), randomblob(20), x'01', 1, i FROM n`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	b := seen.Book{Store: s, Clock: clock.System{}, Most: 50}
	me := permid.New()
	if err := b.Check(t.Context(), signed(t, me, 1, 1, 5)); err != nil {
		t.Fatal(err)
	}
	var count, oldest int
	if err := s.Read(t.Context(), func(q store.Querier) error {
		return q.QueryRowContext(t.Context(), "SELECT count(*), min(at) FROM share_seen").Scan(&count, &oldest)
	}); err != nil || count != 50 || oldest != 2 {
		t.Errorf("%d are left, since %d, %v", count, oldest, err)
	}
	if err := b.Check(t.Context(), signed(t, me, 1, 1, 4)); !errors.Is(err, record.ErrOlder) {
		t.Errorf("the newest was forgotten: %v", err)
	}
}
