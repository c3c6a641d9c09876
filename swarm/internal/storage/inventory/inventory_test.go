package inventory

import (
	"context"
	"os"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/warren-p2p/warren/internal/vfs/memfs"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/create"
	"github.com/warren-p2p/warren/metainfo/piecespace"
	"github.com/warren-p2p/warren/swarm/internal/storage/layout"
	"github.com/warren-p2p/warren/swarm/internal/storage/resume"
)

const pieceLength = 16 << 10

// sizes are those of the files: several in a piece, several pieces in a file,
// and none at all.
var sizes = map[string]int{"t/a": 40_000, "t/b": 5, "t/c": 0, "t/d": 3 * pieceLength, "t/e": 100}

// world is a torrent and what an inventory is made of.
type world struct {
	torrent        *metainfo.Torrent
	content, state *memfs.FS
	log            *resume.Log
	lay            *layout.Layout
}

func write(t fataler, fsys *memfs.FS, name string, n int) {
	t.Helper()
	f, err := fsys.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o644)
	if err == nil {
		err = f.Truncate(int64(n))
	}
	if err == nil {
		err = f.Close()
	}
	must(t, err)
}

// fataler is what testing.T and rapid.T share.
type fataler interface {
	Helper()
	Fatal(args ...any)
}

func must(t fataler, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func newTorrent(t testing.TB, kind create.Kind) *metainfo.Torrent {
	t.Helper()
	disk := memfs.New()
	for name, n := range sizes {
		write(t, disk, name, n)
	}
	m, err := create.Torrent(context.Background(), disk, "t", create.Options{Kind: kind, PieceLength: pieceLength})
	must(t, err)
	return m
}

// newWorld returns a world without a piece.
func newWorld(t fataler, m *metainfo.Torrent) *world {
	t.Helper()
	w := &world{torrent: m, content: memfs.New(), state: memfs.New()}
	w.load(t)
	return w
}

// load reads the log and finds the files.
func (w *world) load(t fataler) {
	t.Helper()
	info := &w.torrent.Info
	log, entries, _, err := resume.Open(w.state, "log", resume.Config{
		ID: resume.ID{V1: w.torrent.Hashes().V1, V2: w.torrent.Hashes().V2}, Boot: resume.BootOf("boot"), Pieces: info.NumPieces(), Files: len(info.Files) + 1,
	})
	must(t, err)
	lay, err := layout.New(layout.Config{Info: info, Content: w.content, State: w.state, Parts: "parts", FileHandles: 4, Entries: entries})
	must(t, err)
	must(t, log.Save(entries, false))
	w.log, w.lay = log, lay
}

func (w *world) open(t fataler, then []resume.Entry, origin resume.Origin) *Inventory {
	t.Helper()
	v, err := Open(&w.torrent.Info.Space, w.log, w.lay, then, origin)
	must(t, err)
	return v
}

// TestModel holds an inventory against a list of pieces.
func TestModel(t *testing.T) {
	m := newTorrent(t, create.V1)
	space := &m.Info.Space
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld(t, m)
		for name, n := range sizes { // or they would be too short for what is marked
			write(t, w.content, name+".part", n)
		}
		must(t, w.lay.Relocate())
		v := w.open(t, nil, resume.Killed)
		there := make([]bool, space.NumPieces())
		lacks := func(file int) bool {
			first, end := space.FilePieces(file)
			return slices.Contains(there[first:end], false)
		}
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			p := rapid.IntRange(0, len(there)-1).Draw(t, "piece")
			switch rapid.IntRange(0, 3).Draw(t, "step") {
			case 0, 1:
				var before, want []int
				for i := range space.Files {
					if lacks(i) {
						before = append(before, i)
					}
				}
				there[p] = true
				for _, i := range before {
					if !lacks(i) {
						want = append(want, i)
					}
				}
				whole, err := v.Mark(p, nil)
				must(t, err)
				if !slices.Equal(whole, want) {
					t.Fatalf("piece %d makes %v whole, not %v", p, whole, want)
				}
			case 2:
				there[p] = false
				must(t, v.Clear(p))
			case 3:
				i := rapid.IntRange(0, len(space.Files)-1).Draw(t, "file")
				e := &w.lay.Files[i].Entry
				e.Unwanted = !e.Unwanted
				v.Want(i, !e.Unwanted)
			}
			agree(t, w, v, there)
			agree(t, w, w.open(t, nil, resume.Killed), there) // as if opened now
		}
	})
}

func agree(t *rapid.T, w *world, v *Inventory, there []bool) {
	t.Helper()
	space := &w.torrent.Info.Space
	complete := true
	for i := range space.Files {
		f := &space.Files[i]
		whole, some, bytes := true, false, int64(0)
		for off, end := f.Offset, f.Offset+f.Length; off < end; {
			p := off / space.PieceLength
			next := min((p+1)*space.PieceLength, end)
			if there[p] {
				bytes += next - off
				some = true
			} else {
				whole = false
			}
			off = next
		}
		complete = complete && (whole || w.lay.Files[i].Entry.Unwanted)
		if v.Whole(i) != whole || v.MayHold(i) != some || v.Progress(i) != bytes {
			t.Fatalf("file %d: whole %t, some %t, %d bytes; want %t, %t, %d", i, v.Whole(i), v.MayHold(i), v.Progress(i), whole, some, bytes)
		}
	}
	have := v.Have()
	for p := range there {
		if have.Has(p) != there[p] {
			t.Fatalf("piece %d: %t", p, have.Has(p))
		}
	}
	if v.Complete() != complete {
		t.Fatalf("complete: %t", v.Complete())
	}
}

// TestDistrust checks what is put in doubt, by how the last session ended and
// what became of the files since.
func TestDistrust(t *testing.T) {
	m := newTorrent(t, create.V2) // no two files share a piece
	file := slices.IndexFunc(m.Info.Files, func(f piecespace.File) bool { return f.Name() == "t/d" })
	first, end := m.Info.FilePieces(file)
	var all []int
	for p := first; p < end; p++ {
		all = append(all, p)
	}
	for _, c := range []struct {
		name   string
		origin resume.Origin
		length int // of the file now
		then   int // as the last session left it
		marked []int
		want   []int // in doubt
	}{
		{"no record, no file", resume.Absent, -1, -1, nil, nil},
		{"no record, a file", resume.Absent, 1, -1, nil, all},
		{"a damaged record", resume.Damaged, sizes["t/d"], -1, nil, all},
		{"closed, as it was", resume.Clean, sizes["t/d"], sizes["t/d"], all, nil},
		{"closed, and changed since", resume.Clean, sizes["t/d"], sizes["t/d"] - 1, all, all},
		{"closed, and gone since", resume.Clean, -1, sizes["t/d"], all, all},
		{"killed", resume.Killed, sizes["t/d"], -1, all, nil},
		{"killed, long enough for what there was", resume.Killed, pieceLength, -1, all[:1], nil},
		{"killed, and cut since", resume.Killed, 10, -1, all[:2], all[:2]},
		{"power lost, and cut since", resume.PowerLost, 10, -1, all[1:2], all[1:2]},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, m)
			if c.length >= 0 {
				write(t, w.content, "t/d.part", c.length)
				must(t, w.lay.Relocate())
			}
			for _, p := range c.marked {
				if _, err := w.log.Mark(p); err != nil {
					t.Fatal(err)
				}
			}
			then, err := w.lay.Stat()
			must(t, err)
			then[file].Present, then[file].Size = c.then >= 0, max(int64(c.then), 0)
			if c.then < 0 {
				then[file].ModTime = 0
			}
			v := w.open(t, then, c.origin)
			if got := v.InDoubt(); !slices.Equal(got, c.want) {
				t.Errorf("in doubt: %v, want %v", got, c.want)
			}
		})
	}
}
