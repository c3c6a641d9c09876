package qbittorrent

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/warren-p2p/warren/internal/importer"
	"github.com/warren-p2p/warren/internal/library/record"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/wire/bencode"
	"github.com/warren-p2p/warren/metainfo/create"
	"github.com/warren-p2p/warren/swarm"
)

// folder is a BT_backup, and the content of "pics" (two files) beside it.
type folder struct {
	t              *testing.T
	state, content string
	torrent        []byte
	pieces         int
}

func open(path string) (vfs.FS, error) { return vfs.OpenDir(path) }

func newFolder(t *testing.T) *folder {
	t.Helper()
	f := &folder{t: t, state: t.TempDir(), content: t.TempDir()}
	f.put(filepath.Join(f.content, "pics", "a.jpg"), strings.Repeat("a", 40000))
	f.put(filepath.Join(f.content, "pics", "b.jpg"), strings.Repeat("b", 30000))
	m, err := create.Torrent(context.Background(), f.dir(f.content), "pics", create.Options{Kind: create.V1, PieceLength: 16 << 10})
	if err != nil {
		t.Fatal(err)
	}
	m.SetTrackers([][]string{{"http://one.example/announce"}})
	f.torrent, f.pieces = m.Bytes(), m.Info.NumPieces()
	return f
}

func (f *folder) dir(path string) vfs.FS {
	f.t.Helper()
	d, err := vfs.OpenDir(path)
	if err != nil {
		f.t.Fatal(err)
	}
	f.t.Cleanup(func() {
		if err := d.Close(); err != nil {
			f.t.Error(err)
		}
	})
	return d
}

func (f *folder) put(path, text string) {
	f.t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		f.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		f.t.Fatal(err)
	}
}

// resume is what qBittorrent 4.5.2 wrote of such a torrent, with some keys changed.
func (f *folder) resume(changes map[string]any) string {
	d := map[string]any{
		"active_time": 700, "added_time": 1795927137, "auto_managed": 1, "completed_time": 1795927138, "download_rate_limit": 200000,
		"file-format": "libtorrent resume file", "file-version": 1, "file_priority": []any{7, 0}, "finished_time": 600,
		"info-hash": strings.Repeat("\x11", 20), "info-hash2": strings.Repeat("\x00", 32), "last_download": 1795927138, "last_upload": 1795927150,
		"max_connections": 100, "name": "pics", "paused": 0, "pieces": strings.Repeat("\x01", f.pieces),
		"qBt-category": "photos", "qBt-contentLayout": "Original", "qBt-firstLastPiecePriority": 1, "qBt-name": "", "qBt-ratioLimit": 1500,
		"qBt-savePath": f.content + "/", "qBt-seedStatus": 1, "qBt-seedingTimeLimit": 600, "qBt-inactiveSeedingTimeLimit": -1, "qBt-tags": []any{"two", "one"},
		"save_path": f.content, "seeding_time": 600, "sequential_download": 1, "super_seeding": 0,
		"total_downloaded": 70000, "total_uploaded": 140000, "trackers": []any{[]any{"http://one.example/announce"}},
		"upload_rate_limit": -1, "url-list": []any{},
	}
	maps.Copy(d, changes)
	return string(bencode.Append(nil, d))
}

func (f *folder) add(name, torrent, resume string) {
	if torrent != "" {
		f.put(filepath.Join(f.state, name+".torrent"), torrent)
	}
	f.put(filepath.Join(f.state, name+".fastresume"), resume)
}

func (f *folder) read() importer.Found {
	f.t.Helper()
	found, err := Read(context.Background(), f.dir(f.state), open)
	if err != nil {
		f.t.Fatal(err)
	}
	return found
}

func TestAll(t *testing.T) {
	f := newFolder(t)
	f.add("x", string(f.torrent), f.resume(nil))
	found := f.read()
	if len(found.Torrents) != 1 || len(found.Left) != 0 {
		t.Fatalf("%+v", found)
	}
	got := found.Torrents[0]
	r := got.Record
	want := record.Record{
		Hashes: got.Metainfo.Hashes(), Name: "pics", Dir: f.content, Labels: []string{"one", "two"}, Category: "photos", Sent: 140000, Received: 70000,
		Added: time.Unix(1795927137, 0).UTC(), Completed: time.Unix(1795927138, 0).UTC(), LastActive: time.Unix(1795927150, 0).UTC(),
		SeedTime: 600 * time.Second, ActiveTime: 700 * time.Second,
		Size: 70000, PieceLength: r.PieceLength, Pieces: r.Pieces, Files: 2, CreatedBy: r.CreatedBy, Created: r.Created, Comment: r.Comment,
		Wishes: record.Wishes{
			DownLimit: 200000, Sequential: true, FirstLast: true, Trusted: true,
			Goal:       record.Goal{Ratio: 1.5, SeedTime: 600 * time.Minute, IdleTime: -1},
			Priorities: map[int]swarm.Priority{0: swarm.High, 1: swarm.Skip},
		},
	}
	if diff := cmp.Diff(want, r); diff != "" || len(got.Notes) != 0 {
		t.Errorf("%v\n%s", got.Notes, diff)
	}
}

// TestStates has what qBittorrent calls paused, forced, queued, and waiting for
// metadata.
func TestStates(t *testing.T) {
	for _, c := range []struct{ paused, managed, waits, isPaused, isForced int }{
		{0, 1, 0, 0, 0}, {1, 1, 0, 0, 0}, {1, 0, 0, 1, 0}, {0, 0, 0, 0, 1}, {1, 0, 1, 0, 0},
	} {
		f := newFolder(t)
		f.add("x", string(f.torrent), f.resume(map[string]any{"paused": c.paused, "auto_managed": c.managed, "stop_when_ready": c.waits}))
		if r := f.read().Torrents[0].Record; r.Paused != (c.isPaused == 1) || r.Forced != (c.isForced == 1) {
			t.Errorf("%+v: paused %v, forced %v", c, r.Paused, r.Forced)
		}
	}
}

func TestTrackers(t *testing.T) {
	f := newFolder(t)
	f.add("x", string(f.torrent), f.resume(map[string]any{
		"trackers": []any{[]any{"http://192.168.1.1/announce", "http://one.example/announce"}}, "url-list": []any{"http://web.example/"},
	}))
	r := f.read().Torrents[0].Record
	if cmp.Diff([][]string{{"http://one.example/announce"}}, r.Wishes.Trackers) != "" || cmp.Diff([]string{"http://192.168.1.1/announce"}, r.Typed) != "" || len(r.WebSeeds) != 1 {
		t.Errorf("%+v", r.Wishes)
	}
	f.add("x", string(f.torrent), f.resume(map[string]any{"trackers": []any{[]any{"wss://x"}}}))
	if got := f.read().Torrents[0]; got.Record.Wishes.Trackers != nil || len(got.Notes) != 1 {
		t.Errorf("%+v", got)
	}
}

func TestTrust(t *testing.T) {
	for name, c := range map[string]struct {
		resume map[string]any
		change func(f *folder) error
		trust  bool
	}{
		"as it was":     {trust: true},
		"a piece short": {resume: map[string]any{"pieces": "\x01\x01\x01\x01\x00"}},
		"other pieces":  {resume: map[string]any{"pieces": "\x01"}},
		"changed since": {change: func(f *folder) error {
			late := time.Now().Add(time.Hour)
			return os.Chtimes(filepath.Join(f.content, "pics", "a.jpg"), late, late)
		}},
		"shorter": {change: func(f *folder) error { return os.Truncate(filepath.Join(f.content, "pics", "a.jpg"), 10) }},
		"gone":    {change: func(f *folder) error { return os.RemoveAll(filepath.Join(f.content, "pics")) }},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFolder(t)
			f.add("x", string(f.torrent), f.resume(c.resume))
			if c.change != nil {
				if err := c.change(f); err != nil {
					t.Fatal(err)
				}
			}
			if got := f.read().Torrents[0]; got.Record.Trusted != c.trust {
				t.Errorf("%v: %v", got.Record.Trusted, got.Notes)
			}
		})
	}
}

func TestLinks(t *testing.T) {
	f := newFolder(t)
	v2 := strings.Repeat("\x22", 32)
	f.add("a", "", f.resume(map[string]any{"name": "a", "pieces": ""}))
	f.add("b", "", f.resume(map[string]any{"name": "b", "pieces": "", "info-hash2": v2}))
	f.add("c", "", f.resume(map[string]any{"name": "c", "pieces": "", "info-hash2": v2, "info-hash": v2[:20]}))
	f.add("d", "", f.resume(map[string]any{"name": "d", "info-hash": strings.Repeat("\x00", 20)}))
	found := f.read()
	if len(found.Torrents) != 3 || len(found.Left) != 1 || found.Left[0].Name != "d" {
		t.Fatalf("%+v", found)
	}
	for i, want := range []struct{ v1, v2 bool }{{true, false}, {true, true}, {false, true}} {
		r := found.Torrents[i].Record
		if r.Hashes.HasV1 != want.v1 || r.Hashes.HasV2 != want.v2 || !strings.Contains(r.Magnet, "one.example") || r.Trusted {
			t.Errorf("%+v", r)
		}
	}
}

func TestOrder(t *testing.T) {
	f := newFolder(t)
	for i, name := range []string{"a", "b", "c", "d"} {
		f.add(name, "", f.resume(map[string]any{"name": name, "added_time": 1795927137 - i, "info-hash": strings.Repeat(name, 20)}))
	}
	f.put(filepath.Join(f.state, "queue"), "c\nb\n")
	order := ""
	for _, r := range f.read().Torrents {
		order += r.Record.Name
	}
	if order != "cbda" {
		t.Error(order)
	}
}

func TestLeft(t *testing.T) {
	f := newFolder(t)
	f.add("good", string(f.torrent), f.resume(map[string]any{"qBt-name": "My pictures", "mapped_files": []any{`pics\a.jpg`, "pics/b.jpg"}, "save_path": f.state}))
	f.add("garbage", "garbage", f.resume(nil))
	f.add("broken", string(f.torrent), "d4:name")
	f.add("elsewhere", string(f.torrent), f.resume(map[string]any{"save_path": "relative"}))
	f.add("outside", string(f.torrent), f.resume(map[string]any{"mapped_files": []any{"../z.jpg", "pics/b.jpg"}}))
	f.add("unfinished", string(f.torrent), f.resume(map[string]any{"mapped_files": []any{"pics/a.jpg.!qB", "pics/b.jpg"}}))
	found := f.read()
	if len(found.Torrents) != 1 || len(found.Left) != 5 {
		t.Errorf("%d came, left: %q", len(found.Torrents), found.Left)
	}
	if got := found.Torrents[0]; got.Record.Name != "My pictures" || got.Record.Dir != f.state || len(got.Notes) != 2 { // the folder, and that nothing is there
		t.Errorf("%+v", got)
	}
	other := newFolder(t)
	if _, err := Read(context.Background(), other.dir(other.content), open); !errors.Is(err, importer.ErrFolder) {
		t.Errorf("another folder: %v", err)
	}
	other.put(filepath.Join(other.state, "torrents.db"), "SQLite format 3\x00")
	if _, err := Read(context.Background(), other.dir(other.state), open); err == nil {
		t.Error("a database that is none is read")
	}
	other.put(filepath.Join(other.state, "torrents.db-wal"), "x")
	if _, err := Read(context.Background(), other.dir(other.state), open); !errors.Is(err, importer.ErrRunning) {
		t.Errorf("of one that is written to: %v", err)
	}
}

// TestNames has files that were renamed, without a folder around them among others.
func TestNames(t *testing.T) {
	f := newFolder(t)
	for from, to := range map[string]string{"pics/a.jpg": "z.jpg", "pics/b.jpg": "b.jpg"} {
		if err := os.Rename(filepath.Join(f.content, filepath.FromSlash(from)), filepath.Join(f.content, to)); err != nil {
			t.Fatal(err)
		}
	}
	f.add("x", string(f.torrent), f.resume(map[string]any{"mapped_files": []any{"z.jpg", "b.jpg"}}))
	got := f.read().Torrents[0]
	if want := map[int]string{0: "z.jpg", 1: "b.jpg"}; !maps.Equal(got.Record.Paths, want) || !got.Record.Renamed || !got.Record.Trusted {
		t.Errorf("%+v %v", got.Record.Wishes, got.Notes)
	}
}

// schema is that of qBittorrent 4.5.2.
const schema = `CREATE TABLE torrents (id INTEGER PRIMARY KEY, torrent_id BLOB NOT NULL UNIQUE, queue_position INTEGER NOT NULL DEFAULT -1,
	name TEXT, category TEXT, tags TEXT, target_save_path TEXT, download_path TEXT, content_layout TEXT NOT NULL, ratio_limit INTEGER NOT NULL,
	seeding_time_limit INTEGER NOT NULL, has_outer_pieces_priority INTEGER NOT NULL, has_seed_status INTEGER NOT NULL, operating_mode TEXT NOT NULL,
	stopped INTEGER NOT NULL, stop_condition TEXT NOT NULL DEFAULT 'None', libtorrent_resume_data BLOB NOT NULL, metadata BLOB)`

// TestDatabase reads the same from a database.
func TestDatabase(t *testing.T) {
	f := newFolder(t)
	f.add("x", string(f.torrent), f.resume(nil))
	want := f.read().Torrents[0]
	db, err := sql.Open("sqlite", filepath.Join(f.state, Database)) // as the real one is made
	if err != nil {
		t.Fatal(err)
	}
	exec := func(query string, args ...any) {
		t.Helper()
		if _, err := db.Exec(query, args...); err != nil {
			t.Fatal(err)
		}
	}
	exec("PRAGMA journal_mode = WAL")
	exec(schema)
	insert := func(id string, place int, name, mode string, stopped int, resume string, metadata any) {
		t.Helper()
		exec(`INSERT INTO torrents (torrent_id, queue_position, name, category, tags, target_save_path, content_layout, ratio_limit, seeding_time_limit,
			has_outer_pieces_priority, has_seed_status, operating_mode, stopped, libtorrent_resume_data, metadata)
			VALUES (?, ?, ?, 'photos', 'one,two', ?, 'Original', 1500, 600, 1, 1, ?, ?, ?, ?)`, id, place, name, f.content, mode, stopped, resume, metadata)
	}
	link := map[string]any{"name": ""}
	bare := map[string]any{"qBt-category": "", "qBt-ratioLimit": -2000, "qBt-seedingTimeLimit": -2, "qBt-inactiveSeedingTimeLimit": -1, "qBt-firstLastPiecePriority": 0, "paused": 1}
	insert("x", 1, "", "AutoManaged", 0, f.resume(bare), f.torrent)
	insert("y", 0, "first", "Forced", 0, f.resume(link), nil)
	insert("z", -1, "last", "AutoManaged", 1, f.resume(link), nil)
	insert("w", 2, "broken", "AutoManaged", 0, "d4:name", f.torrent)
	if err := db.Close(); err != nil { // which leaves no journal
		t.Fatal(err)
	}
	found := f.read()
	if len(found.Torrents) != 3 || len(found.Left) != 1 || found.Left[0].Name != "broken" {
		t.Fatalf("%+v", found)
	}
	want.Record.Goal.IdleTime = 0 // this version does not know it
	got := found.Torrents[1]
	if diff := cmp.Diff(want.Record, got.Record); diff != "" || len(got.Notes) != 0 {
		t.Errorf("%v\n%s", got.Notes, diff)
	}
	for at, want := range map[int]struct {
		name           string
		paused, forced bool
	}{0: {"first", false, true}, 2: {"last", true, false}} {
		if r := found.Torrents[at].Record; r.Name != want.name || r.Paused != want.paused || r.Forced != want.forced || r.Magnet == "" {
			t.Errorf("%+v", r)
		}
	}
}

func TestCategories(t *testing.T) {
	got, err := Categories([]byte(`{"films/new":{"save_path":""},"photos":{"save_path":"/srv/photos"},"":{},"z":{"save_path":"below"}}`))
	want := []record.Category{{Name: "films/new"}, {Name: "photos", Dir: "/srv/photos"}, {Name: "z"}}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	if _, err := Categories([]byte(`[]`)); err == nil {
		t.Error("a list is taken")
	}
}

func FuzzResume(f *testing.F) {
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := decode(b)
		if err != nil {
			return
		}
		var got importer.Torrent
		if r.link(&got) == nil && got.Record.Magnet == "" {
			t.Error("a link that is none")
		}
		if err := r.apply(&got); err != nil {
			return
		}
		rec := got.Record
		if rec.UpLimit < 0 || rec.DownLimit < 0 || rec.Sent < 0 || rec.SeedTime < 0 || rec.ActiveTime < 0 || rec.Paused && rec.Forced {
			t.Errorf("%+v", rec)
		}
		if _, err := record.CleanLabels(rec.Labels); err != nil {
			t.Error(err)
		}
	})
}
