package transmission

import (
	"context"
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

// folder is a state folder, and the content of "pics" (two files) beside it.
type folder struct {
	t              *testing.T
	state, content string
	torrent        []byte
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
	f.torrent = m.Bytes()
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

// resume is what Transmission 3.00 wrote of such a torrent, with some keys changed.
func (f *folder) resume(changes map[string]any) string {
	now := int(time.Now().Add(time.Hour).Unix())
	d := map[string]any{
		"activity-date": 1795000000, "added-date": 1795927109, "bandwidth-priority": 1, "corrupt": 0, "destination": f.content, "dnd": []any{0, 1},
		"done-date": 1795927200, "downloaded": 70000, "downloading-time-seconds": 60, "idle-limit": map[string]any{"idle-limit": 30, "idle-mode": 1},
		"labels": []any{"two", "one"}, "max-peers": 50, "name": "pics", "paused": 1, "priority": []any{1, 0},
		"progress":    map[string]any{"blocks": "all", "have": "all", "time-checked": []any{now, now}},
		"ratio-limit": map[string]any{"ratio-limit": "1.500000", "ratio-mode": 1}, "seeding-time-seconds": 600,
		"speed-limit-down": map[string]any{"speed-Bps": 200000, "use-global-speed-limit": 1, "use-speed-limit": 1},
		"speed-limit-up":   map[string]any{"speed-Bps": 100000, "use-global-speed-limit": 1, "use-speed-limit": 0}, "uploaded": 140000,
	}
	maps.Copy(d, changes)
	return string(bencode.Append(nil, d))
}

func (f *folder) add(name, torrent, resume string) {
	f.put(filepath.Join(f.state, "torrents", name), torrent)
	if resume != "" {
		f.put(filepath.Join(f.state, "resume", strings.TrimSuffix(strings.TrimSuffix(name, ".torrent"), ".magnet")+".resume"), resume)
	}
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
	f.add("x.torrent", string(f.torrent), f.resume(nil))
	found := f.read()
	if len(found.Torrents) != 1 || len(found.Left) != 0 {
		t.Fatalf("%+v", found)
	}
	got := found.Torrents[0]
	r := got.Record
	if r.Hashes != got.Metainfo.Hashes() || r.Size != 70000 {
		t.Errorf("%+v", r)
	}
	want := record.Record{
		Hashes: r.Hashes, Name: "pics", Dir: f.content, Labels: []string{"one", "two"}, Paused: true, Sent: 140000, Received: 70000,
		Added: time.Unix(1795927109, 0).UTC(), Completed: time.Unix(1795927200, 0).UTC(), LastActive: time.Unix(1795000000, 0).UTC(),
		SeedTime: 600 * time.Second, ActiveTime: 660 * time.Second,
		Size: 70000, PieceLength: r.PieceLength, Pieces: r.Pieces, Files: 2, CreatedBy: r.CreatedBy, Created: r.Created, Comment: r.Comment,
		Wishes: record.Wishes{
			DownLimit: 200000, Goal: record.Goal{Ratio: 1.5, IdleTime: 30 * time.Minute}, Trusted: true,
			Priorities: map[int]swarm.Priority{0: swarm.High, 1: swarm.Skip},
		},
	}
	if diff := cmp.Diff(want, r); diff != "" || len(got.Notes) != 0 {
		t.Errorf("%v\n%s", got.Notes, diff)
	}
}

// TestTrust has content of which one thing is not as Transmission left it.
func TestTrust(t *testing.T) {
	old := map[string]any{"blocks": "all", "have": "all", "time-checked": []any{1000, 1000}}
	now := int(time.Now().Add(time.Hour).Unix())
	pieces := func(second int) []any { return []any{now - 100, 100, second, 100} }
	for name, c := range map[string]struct {
		change func(*folder)
		resume map[string]any
		trust  bool
	}{
		"as it was":         {trust: true},
		"checked before":    {resume: map[string]any{"progress": old}},
		"never checked":     {resume: map[string]any{"progress": map[string]any{"blocks": "all"}}},
		"piece by piece":    {resume: map[string]any{"progress": map[string]any{"have": "all", "time-checked": []any{pieces(100), pieces(100)}}}, trust: true},
		"a piece unchecked": {resume: map[string]any{"progress": map[string]any{"have": "all", "time-checked": []any{pieces(0), pieces(100)}}}},
		"version 4":         {resume: map[string]any{"progress": map[string]any{"blocks": "all", "mtimes": []any{now, now}}}, trust: true},
		"in part":           {resume: map[string]any{"progress": map[string]any{"blocks": "\xf0", "time-checked": []any{now, now}}}},
		"shorter":           {change: func(f *folder) { f.put(filepath.Join(f.content, "pics", "b.jpg"), "b") }},
		"gone": {change: func(f *folder) {
			if err := os.Remove(filepath.Join(f.content, "pics", "a.jpg")); err != nil {
				f.t.Fatal(err)
			}
		}},
		"folder gone": {resume: map[string]any{"destination": filepath.Join(t.TempDir(), "none")}},
		"a link": {change: func(f *folder) {
			a := filepath.Join(f.content, "pics", "a.jpg")
			if err := errors.Join(os.Rename(a, a+"2"), os.Symlink(a+"2", a)); err != nil {
				f.t.Fatal(err)
			}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFolder(t)
			f.add("x.torrent", string(f.torrent), f.resume(c.resume))
			if c.change != nil {
				c.change(f)
			}
			found := f.read()
			if len(found.Torrents) != 1 {
				t.Fatalf("%+v", found)
			}
			if got := found.Torrents[0]; got.Record.Trusted != c.trust || (len(got.Notes) == 0) != c.trust {
				t.Errorf("%v: %v", got.Record.Trusted, got.Notes)
			}
		})
	}
}

func TestModes(t *testing.T) {
	f := newFolder(t)
	f.add("x.torrent", string(f.torrent), f.resume(map[string]any{
		"ratio-limit": map[string]any{"ratio-limit": "2", "ratio-mode": 2}, "idle-limit": map[string]any{"idle-limit": 30, "idle-mode": 0},
		"paused": 0, "priority": []any{-1, 0, 1}, "dnd": []any{0, 0, 0}, "incomplete-dir": f.state,
		"progress": map[string]any{"blocks": "none"}, "labels": []any{"a,b", "fine", "\xff"},
	}))
	r := f.read().Torrents[0]
	if g := r.Record.Goal; g.Ratio != -1 || g.IdleTime != 0 || r.Record.Paused || r.Record.Dir != f.state || r.Record.Priorities != nil {
		t.Errorf("%+v", r.Record)
	}
	if len(r.Notes) != 4 || len(r.Record.Labels) != 1 { // the folder, two labels, the priorities
		t.Errorf("%q, labels %q", r.Notes, r.Record.Labels)
	}
}

func TestLinks(t *testing.T) {
	f := newFolder(t)
	const hash = "00112233445566778899aabbccddeeff00112233"
	f.add("a.magnet", "magnet:?xt=urn:btih:"+hash+"&dn=new\n", f.resume(map[string]any{"progress": map[string]any{"blocks": "none"}}))
	f.add("b.torrent", string(bencode.Append(nil, map[string]any{
		"announce-list": []any{[]any{"http://tracker.example/announce"}},
		"magnet-info":   map[string]any{"display-name": "old", "info_hash": strings.Repeat("\x11", 20)},
	})), f.resume(nil))
	found := f.read()
	if len(found.Torrents) != 2 || len(found.Left) != 0 {
		t.Fatalf("%+v", found)
	}
	for i, want := range []string{"new", "old"} {
		r := found.Torrents[i].Record
		if r.Name != want || !strings.HasPrefix(r.Magnet, "magnet:?xt=urn:btih:") || !r.Hashes.HasV1 || r.Trusted {
			t.Errorf("%+v", r)
		}
	}
	if !strings.Contains(found.Torrents[1].Record.Magnet, "tracker.example") {
		t.Error(found.Torrents[1].Record.Magnet)
	}
}

// TestNames has files, and a torrent, that were renamed.
func TestNames(t *testing.T) {
	f := newFolder(t)
	if err := os.Rename(filepath.Join(f.content, "pics"), filepath.Join(f.content, "photos")); err != nil {
		t.Fatal(err)
	}
	f.add("x.torrent", string(f.torrent), f.resume(map[string]any{"name": "photos", "files": []any{"photos/a.jpg", "photos/b.jpg"}}))
	got := f.read().Torrents[0]
	want := map[int]string{0: "photos/a.jpg", 1: "photos/b.jpg"}
	if !maps.Equal(got.Record.Paths, want) || !got.Record.Renamed || !got.Record.Trusted || got.Record.Name != "photos" {
		t.Errorf("%+v %v", got.Record, got.Notes)
	}
	f.add("x.torrent", string(f.torrent), f.resume(map[string]any{"files": []any{"", "pics/c.jpg"}}))
	if got := f.read().Torrents[0].Record; !maps.Equal(got.Paths, map[int]string{1: "pics/c.jpg"}) || got.Trusted {
		t.Errorf("%+v", got)
	}
}

// TestLeft has torrents that cannot come along: each is told, with its reason, and the
// others come.
func TestLeft(t *testing.T) {
	f := newFolder(t)
	f.add("good.torrent", string(f.torrent), f.resume(nil))
	f.add("garbage.torrent", "garbage", f.resume(nil))
	f.add("alone.torrent", string(f.torrent), "")
	f.add("broken.torrent", string(f.torrent), "d4:name")
	f.add("no dict.torrent", string(f.torrent), "le")
	f.add("elsewhere.torrent", string(f.torrent), f.resume(map[string]any{"destination": "C:\\Downloads"}))
	f.add("renamed.torrent", string(f.torrent), f.resume(map[string]any{"name": "photos"}))
	f.add("outside.torrent", string(f.torrent), f.resume(map[string]any{"files": []any{"../z.jpg", ""}}))
	f.add("too many.torrent", string(f.torrent), f.resume(map[string]any{"files": []any{"", "", "pics/z.jpg"}}))
	f.add("bad.magnet", "magnet:?dn=x", f.resume(nil))
	f.put(filepath.Join(f.state, "torrents", "readme.txt"), "")
	found := f.read()
	if len(found.Torrents) != 1 || len(found.Left) != 9 {
		t.Errorf("%d came, left: %q", len(found.Torrents), found.Left)
	}
	for _, l := range found.Left {
		if l.Name == "" || l.Reason == "" || strings.Contains(l.Reason, "\n") {
			t.Errorf("%q", l)
		}
	}
	if _, err := Read(context.Background(), f.dir(f.content), open); !errors.Is(err, importer.ErrFolder) {
		t.Errorf("another folder: %v", err)
	}
}

func FuzzResume(f *testing.F) {
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := decode(b)
		if err != nil {
			return
		}
		var got importer.Torrent
		if err := r.apply(&got); err != nil {
			return
		}
		rec := got.Record
		if rec.UpLimit < 0 || rec.DownLimit < 0 || rec.Sent < 0 || rec.SeedTime < 0 || rec.ActiveTime < 0 {
			t.Errorf("%+v", rec)
		}
		if err := rec.Goal.Check(); err != nil {
			t.Error(err)
		}
		if _, err := record.CleanLabels(rec.Labels); err != nil {
			t.Error(err)
		}
	})
}

func FuzzTorrent(f *testing.F) {
	f.Fuzz(func(t *testing.T, b []byte, magnet bool) {
		name := "x.torrent"
		if magnet {
			name = "x.magnet"
		}
		var got importer.Torrent
		if err := parse(&got, name, b); err != nil {
			return
		}
		if (got.Metainfo == nil) != (got.Record.Magnet != "") || !got.Record.Hashes.HasV1 && !got.Record.Hashes.HasV2 {
			t.Errorf("%+v", got)
		}
	})
}
