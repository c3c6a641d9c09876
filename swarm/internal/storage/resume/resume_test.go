package resume

import (
	"errors"
	"math/rand/v2"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/vfs/memfs"
)

var testConfig = Config{ID: ID{V1: [20]byte{1}, V2: [32]byte{2}}, Boot: BootOf("a"), Pieces: 150, Files: 3}

var testEntries = []Entry{
	{Path: "a/b", Unwanted: true, InParts: true},
	{Next: "c", Allocated: true, Present: true, Size: 5, ModTime: -7},
	{},
}

// pieces is what a log says: written, synced of those, in doubt.
type pieces struct{ written, synced, doubt map[int]bool }

func stateOf(l *Log) pieces {
	s := pieces{map[int]bool{}, map[int]bool{}, map[int]bool{}}
	for i := range l.cfg.Pieces {
		if l.Has(i) {
			s.written[i] = true
			if !l.Unsynced(i) {
				s.synced[i] = true
			}
		}
		if l.InDoubt(i) {
			s.doubt[i] = true
		}
	}
	return s
}

func mustOpen(t *testing.T, fsys vfs.FS, cfg Config) (*Log, []Entry, Origin) {
	t.Helper()
	l, entries, origin, err := Open(fsys, "resume/x", cfg)
	if err != nil {
		t.Fatal(err)
	}
	return l, entries, origin
}

// sample makes a resume file with pieces in all states.
func sample(t *testing.T, clean bool) (*memfs.FS, pieces) {
	t.Helper()
	fsys := memfs.New()
	l, _, origin := mustOpen(t, fsys, testConfig)
	if origin != Absent {
		t.Fatal(origin)
	}
	l.Doubt(100, 110)
	err := l.Save(testEntries, false)
	for _, p := range []int{0, 1, 63, 64, 127, 128, 149} {
		_, e := l.Mark(p)
		err = errors.Join(err, e)
	}
	l.Snapshot()
	_, e := l.Clear(1)
	err = errors.Join(err, e, l.Promote())
	for _, p := range []int{1, 2, 105} {
		_, e := l.Mark(p)
		err = errors.Join(err, e)
	}
	if clean {
		err = errors.Join(err, l.Save(testEntries, true))
	}
	if err = errors.Join(err, l.Close()); err != nil {
		t.Fatal(err)
	}
	return fsys, stateOf(l)
}

func TestOrigins(t *testing.T) {
	for _, c := range []struct {
		name  string
		clean bool
		boot  string
		want  Origin
	}{
		{"clean, same boot", true, "a", Clean},
		{"clean, other boot", true, "b", Clean},
		{"killed", false, "a", Killed},
		{"other boot", false, "b", PowerLost},
		{"unknown boot", false, "", PowerLost},
	} {
		t.Run(c.name, func(t *testing.T) {
			fsys, want := sample(t, c.clean)
			if want.synced[1] || !want.written[1] || !want.synced[0] || len(want.doubt) != 9 {
				t.Fatalf("sample: %+v", want)
			}
			cfg := testConfig
			cfg.Boot = BootOf(c.boot)
			l, entries, origin := mustOpen(t, fsys, cfg)
			if origin != c.want || !reflect.DeepEqual(entries, testEntries) {
				t.Fatalf("origin %d, entries %+v", origin, entries)
			}
			if origin == PowerLost {
				for p := range want.written {
					if !want.synced[p] {
						delete(want.written, p)
						want.doubt[p] = true
					}
				}
			}
			if got := stateOf(l); !reflect.DeepEqual(got, want) {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
}

func TestUnknownBootIsNotItself(t *testing.T) {
	fsys := memfs.New()
	cfg := testConfig
	cfg.Boot = BootOf("")
	l, _, _ := mustOpen(t, fsys, cfg)
	if err := errors.Join(l.Save(make([]Entry, 3), false), l.Close()); err != nil {
		t.Fatal(err)
	}
	if _, _, origin := mustOpen(t, fsys, cfg); origin != PowerLost {
		t.Errorf("origin %d", origin)
	}
}

func TestChangeBeforeBegin(t *testing.T) {
	l, _, _ := mustOpen(t, memfs.New(), testConfig)
	_, mark := l.Mark(0)
	_, clearErr := l.Clear(0)
	for _, err := range []error{mark, clearErr, l.Promote(), l.Flush()} {
		if !errors.Is(err, ErrNotBegun) {
			t.Errorf("%v is not ErrNotBegun", err)
		}
	}
}

// TestDamage flips each bit and cuts at each byte: no piece may gain trust.
func TestDamage(t *testing.T) {
	for _, clean := range []bool{true, false} {
		fsys, want := sample(t, clean)
		whole, err := vfs.ReadFile(fsys, "resume/x")
		if err != nil {
			t.Fatal(err)
		}
		check := func(b []byte, what string, at int) {
			t.Helper()
			if err := vfs.WriteFileAtomic(fsys, "resume/x", b, 0o600); err != nil {
				t.Fatal(err)
			}
			l, _, origin := mustOpen(t, fsys, testConfig)
			got := stateOf(l)
			for p := range got.written {
				if !want.written[p] || got.synced[p] && !want.synced[p] {
					t.Fatalf("%s at %d: piece %d gained trust", what, at, p)
				}
			}
			for p := range want.written {
				if origin != Damaged && !got.written[p] && !got.doubt[p] {
					t.Fatalf("%s at %d: piece %d is neither trusted nor in doubt", what, at, p)
				}
			}
			if reflect.DeepEqual(got, want) && origin != Damaged {
				t.Fatalf("%s at %d went unnoticed", what, at)
			}
		}
		for at := range whole {
			for bit := range 8 {
				b := append([]byte(nil), whole...)
				b[at] ^= 1 << bit
				check(b, "flip", at)
			}
			check(whole[:at], "cut", at)
		}
		check(append(whole, 0), "growth", len(whole))
	}
}

// TestForeign: a record of another torrent, or of another place, is not taken.
func TestForeign(t *testing.T) {
	fsys, _ := sample(t, true)
	whole, err := vfs.ReadFile(fsys, "resume/x")
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*Config){
		"v1 hash": func(c *Config) { c.ID.V1[5]++ },
		"v2 hash": func(c *Config) { c.ID.V2[5]++ },
		"pieces":  func(c *Config) { c.Pieces++ },
		"files":   func(c *Config) { c.Files++ },
	} {
		cfg := testConfig
		change(&cfg)
		if _, err := decode(whole, cfg); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: %v", name, err)
		}
	}
	swapped := append([]byte(nil), whole...)
	copy(swapped[headerSize:], whole[headerSize+recordSize:][:recordSize])
	img, err := decode(swapped, testConfig)
	if err != nil {
		t.Fatal(err)
	}
	if r := record(img.records[:recordSize]); r.written()[0] != 0 || r.doubt()[0] != 0xff {
		t.Errorf("the record of another place: %x", r)
	}
}

// TestFailedWrite: a record that could not be written leaves the log as it was.
func TestFailedWrite(t *testing.T) {
	fsys := memfs.New()
	l, _, _ := mustOpen(t, fsys, testConfig)
	if err := l.Save(make([]Entry, 3), false); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Mark(7); err != nil {
		t.Fatal(err)
	}
	fsys.SetFault(func(op, _ string, _ int64, _ int) error {
		if op == "write" {
			return errors.New("no")
		}
		return nil
	})
	if added, err := l.Mark(8); added || err == nil || l.Has(8) {
		t.Errorf("Mark: %t, %v", added, err)
	}
	l.Snapshot()
	if err := l.Promote(); err == nil || !l.Unsynced(7) {
		t.Errorf("Promote: %v", err)
	}
	if removed, err := l.Clear(7); !removed || err == nil || l.Has(7) {
		t.Errorf("Clear: %t, %v", removed, err)
	}
	if err := l.Save(make([]Entry, 3), false); err == nil {
		t.Error("Save succeeded")
	}
	fsys.SetFault(nil)
	if _, err := l.Mark(8); err != nil {
		t.Errorf("after a failed Save: %v", err)
	}
	l, _, _ = mustOpen(t, fsys, testConfig)
	if !l.Has(8) || l.Has(7) {
		t.Error("the record of piece 8 did not reach the file")
	}
}

// TestModel holds the log against three sets.
func TestModel(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		cfg := testConfig
		cfg.Pieces = rapid.IntRange(1, 200).Draw(rt, "pieces")
		fsys := memfs.New()
		l, _, _, err := Open(fsys, "r", cfg)
		if err != nil {
			rt.Fatal(err)
		}
		_ = l.Save(testEntries, false)
		want := pieces{map[int]bool{}, map[int]bool{}, map[int]bool{}}
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 0))
		for range rapid.IntRange(0, 60).Draw(rt, "steps") {
			p := rng.IntN(cfg.Pieces)
			switch rng.IntN(6) {
			case 0, 1:
				added, err := l.Mark(p)
				if err != nil || added == want.written[p] {
					rt.Fatalf("mark %d: %t, %v", p, added, err)
				}
				want.written[p] = true
				delete(want.doubt, p)
			case 2:
				removed, err := l.Clear(p)
				if err != nil || removed != want.written[p] {
					rt.Fatalf("clear %d: %t, %v", p, removed, err)
				}
				delete(want.written, p)
				delete(want.synced, p)
				delete(want.doubt, p)
			case 3:
				l.Snapshot()
				if err := l.Promote(); err != nil {
					rt.Fatal(err)
				}
				for p := range want.written {
					want.synced[p] = true
				}
			case 4:
				l.Doubt(p, p+1)
				delete(want.written, p)
				delete(want.synced, p)
				want.doubt[p] = true
				if err := l.Save(testEntries, false); err != nil {
					rt.Fatal(err)
				}
			case 5:
				if l, _, _, err = Open(fsys, "r", cfg); err != nil {
					rt.Fatal(err)
				}
				_ = l.Save(testEntries, false)
			}
			if got := stateOf(l); !reflect.DeepEqual(got, want) {
				rt.Fatalf("got %v, want %v", got, want)
			}
		}
		have := l.AppendHave(nil)
		if len(have) != (cfg.Pieces+7)/8 {
			rt.Fatalf("bitfield of %d bytes", len(have))
		}
		for p := range len(have) * 8 {
			if have[p/8]&(0x80>>(p%8)) != 0 != want.written[p] {
				rt.Fatalf("bit %d of %08b", p, have)
			}
		}
	})
}
