package archive

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"
)

var made = time.Date(2026, 11, 29, 4, 0, 0, 0, time.UTC)

const plenty = 1 << 20

type pair struct{ name, text string }

func write(t testing.TB, files ...pair) []byte {
	t.Helper()
	var b bytes.Buffer
	w := NewWriter(&b, "0.1.0", made)
	for _, f := range files {
		if err := w.Add(f.name, int64(len(f.text)), strings.NewReader(f.text)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// memory keeps what is unpacked.
type memory struct {
	files []pair
	b     bytes.Buffer
}

func (m *memory) create(name string) (io.WriteCloser, error) {
	m.b.Reset()
	m.files = append(m.files, pair{name: name})
	return m, nil
}

func (m *memory) Write(p []byte) (int, error) { return m.b.Write(p) }

func (m *memory) Close() error {
	m.files[len(m.files)-1].text = m.b.String()
	return nil
}

func read(b []byte, room int64) (Manifest, []pair, error) {
	var m memory
	manifest, err := Read(bytes.NewReader(b), room, m.create)
	return manifest, m.files, err
}

func TestRoundTrip(t *testing.T) {
	files := []pair{{"config.toml", "listen = \":1\"\n"}, {"node/resume/ab.state", strings.Repeat("x", 70000)}, {"empty", ""}, {strings.Repeat("long/", 60) + "name", "y"}}
	m, got, err := read(write(t, files...), plenty)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(files, got, cmp.AllowUnexported(pair{})); diff != "" {
		t.Error(diff)
	}
	if m.Warren != "0.1.0" || !m.Made.Equal(made) || m.Size() != 70015 || len(m.Files) != 4 {
		t.Errorf("%+v", m)
	}
}

func TestNames(t *testing.T) {
	w := NewWriter(io.Discard, "", made)
	for _, name := range []string{
		"", ".", "..", "/etc/passwd", "../x", "a/../b", "a//b", "a/", "./a", `a\b`, "C:x", "a\x00b", "a\nb", "ä", "a.", "a./b", "a b", strings.Repeat("a", 1025),
	} {
		if err := w.Add(name, 0, strings.NewReader("")); !errors.Is(err, ErrName) {
			t.Errorf("%q: %v", name, err)
		}
	}
	for _, name := range []string{"a", "b/c", "b/d/e"} {
		if err := w.Add(name, 0, strings.NewReader("")); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
	for _, name := range []string{"a", "A", "a/b", "b", "B/c", "b/d", "b/D/E"} {
		if err := w.Add(name, 0, strings.NewReader("")); !errors.Is(err, ErrName) {
			t.Errorf("%q after others: %v", name, err)
		}
	}
}

func TestShorterMeanwhile(t *testing.T) {
	w := NewWriter(io.Discard, "", made)
	if err := w.Add("a", 2, strings.NewReader("x")); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Error(err)
	}
	if err := NewWriter(io.Discard, "", made).Add("a", 1, strings.NewReader("longer")); err != nil {
		t.Error(err)
	}
}

// TestCut has archives that end anywhere, and ones with a byte changed.
func TestCut(t *testing.T) {
	good := write(t, pair{"a", "some text"}, pair{"b/c", "more"})
	for n := range len(good) {
		if _, _, err := read(good[:n], plenty); !errors.Is(err, ErrCut) && !errors.Is(err, ErrMalformed) {
			t.Errorf("%d of %d bytes: %v", n, len(good), err)
		}
	}
	for at := range good {
		wrong := bytes.Clone(good)
		wrong[at] ^= 0x10
		m, files, err := read(wrong, plenty)
		if err == nil && (len(m.Files) != 2 || len(files) != 2 || files[0].text != "some text") {
			t.Errorf("byte %d: %+v, %v", at, m, files)
		}
	}
	if _, _, err := read(append(bytes.Clone(good), 'x'), plenty); !errors.Is(err, ErrMalformed) && !errors.Is(err, ErrCut) {
		t.Errorf("a byte more: %v", err)
	}
	if _, _, err := read(append(bytes.Clone(good), good...), plenty); !errors.Is(err, ErrMalformed) {
		t.Errorf("two in one: %v", err)
	}
}

// hostile packs entries as they are.
func hostile(t *testing.T, entries ...tar.Header) []byte {
	t.Helper()
	var b bytes.Buffer
	gz := gzip.NewWriter(&b)
	w := tar.NewWriter(gz)
	for _, h := range entries {
		text := h.Linkname // what a regular one has for content
		if h.Typeflag == tar.TypeReg {
			h.Linkname, h.Size = "", int64(len(text))
		}
		if err := w.WriteHeader(&h); err != nil {
			t.Fatal(err)
		}
		if h.Typeflag == tar.TypeReg {
			if _, err := io.WriteString(w, text); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := errors.Join(w.Close(), gz.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestHostile(t *testing.T) {
	file := func(name, text string) tar.Header {
		return tar.Header{Typeflag: tar.TypeReg, Name: name, Linkname: text}
	}
	manifest := func(m any) tar.Header {
		text, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		return file(manifestName, string(text))
	}
	none := manifest(Manifest{Format: 1})
	for name, c := range map[string]struct {
		entries []tar.Header
		want    error
	}{
		"outside":         {[]tar.Header{file("home/../../x", "x"), none}, ErrName},
		"absolute":        {[]tar.Header{file("/etc/passwd", "x"), none}, ErrMalformed},
		"elsewhere":       {[]tar.Header{file("other/x", "x"), none}, ErrMalformed},
		"backslash":       {[]tar.Header{file(`home/..\x`, "x"), none}, ErrName},
		"twice":           {[]tar.Header{file("home/x", "x"), file("home/X", "y"), none}, ErrName},
		"below a file":    {[]tar.Header{file("home/x", "x"), file("home/x/y", "y"), none}, ErrName},
		"symbolic link":   {[]tar.Header{{Typeflag: tar.TypeSymlink, Name: "home/x", Linkname: "/etc/passwd"}, none}, ErrMalformed},
		"hard link":       {[]tar.Header{{Typeflag: tar.TypeLink, Name: "home/x", Linkname: "/etc/passwd"}, none}, ErrMalformed},
		"folder":          {[]tar.Header{{Typeflag: tar.TypeDir, Name: "home/x"}, none}, ErrMalformed},
		"device":          {[]tar.Header{{Typeflag: tar.TypeChar, Name: "home/x"}, none}, ErrMalformed},
		"not in manifest": {[]tar.Header{file("home/x", "x"), none}, ErrMalformed},
		"missing":         {[]tar.Header{manifest(Manifest{Format: 1, Files: []File{{Name: "x"}}})}, ErrMalformed},
		"wrong sum":       {[]tar.Header{file("home/x", "x"), manifest(Manifest{Format: 1, Files: []File{{"x", 1, strings.Repeat("0", 64)}}})}, ErrMalformed},
		"no manifest":     {[]tar.Header{file("home/x", "x")}, ErrCut},
		"nothing":         {nil, ErrCut},
		"newer":           {[]tar.Header{manifest(Manifest{Format: 2})}, ErrNewer},
		"no json":         {[]tar.Header{file(manifestName, "{]")}, ErrMalformed},
		"more json":       {[]tar.Header{file(manifestName, `{"format":1}{}`)}, ErrMalformed},
		"two manifests":   {[]tar.Header{none, none}, ErrMalformed},
	} {
		if _, _, err := read(hostile(t, c.entries...), plenty); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, not %v", name, err, c.want)
		}
	}
}

// TestBomb has a megabyte of zeros for every kilobyte of archive.
func TestBomb(t *testing.T) {
	b := write(t, pair{"zeros", strings.Repeat("\x00", 1<<20)}, pair{"x", "x"})
	if _, files, err := read(b, 1<<20); !errors.Is(err, ErrRoom) || len(files) != 1 {
		t.Errorf("%d files, %v", len(files), err)
	}
	if _, _, err := read(b, 1<<20+1); err != nil {
		t.Error(err)
	}
}

// TestManifestBomb has a manifest of many files, of which none was there: it is refused
// before it is decoded, which would take a hundred times what is packed.
func TestManifestBomb(t *testing.T) {
	text := `{"format":1,"files":[` + strings.Repeat("{},", 1<<20) + `{}]}`
	file := func(name, text string) tar.Header {
		return tar.Header{Typeflag: tar.TypeReg, Name: name, Linkname: text}
	}
	_, _, err := read(hostile(t, file("home/x", "x"), file(manifestName, text)), plenty)
	if !errors.Is(err, ErrMalformed) || !strings.Contains(err.Error(), "a manifest of") {
		t.Error(err)
	}
}

func TestTargetFails(t *testing.T) {
	full := errors.New("disk full")
	_, err := Read(bytes.NewReader(write(t, pair{"a", "x"})), plenty, func(string) (io.WriteCloser, error) { return nil, full })
	if !errors.Is(err, full) {
		t.Error(err)
	}
	_, err = Read(bytes.NewReader(write(t, pair{"a", "x"})), plenty, func(string) (io.WriteCloser, error) {
		return clear{failing{full}}, nil
	})
	if !errors.Is(err, full) || errors.Is(err, ErrMalformed) {
		t.Error(err)
	}
	broken := errors.New("disk broken")
	if _, err := Open(iotest.ErrReader(broken), ""); !errors.Is(err, broken) {
		t.Error(err)
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

func TestPassphrase(t *testing.T) {
	plain := write(t, pair{"a", "x"})
	var b bytes.Buffer
	w, err := Seal(&b, "correct horse", 10) // a cheap one
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(plain); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	sealed := b.Bytes()
	for phrase, want := range map[string]error{"correct horse": nil, "wrong": ErrPassphrase, "": ErrLocked} {
		r, err := Open(bytes.NewReader(sealed), phrase)
		if !errors.Is(err, want) {
			t.Errorf("%q: %v", phrase, err)
		}
		if err != nil {
			continue
		}
		if _, err := Read(r, plenty, new(memory).create); err != nil {
			t.Error(err)
		}
	}
	r, err := Open(bytes.NewReader(sealed[:len(sealed)-1]), "correct horse")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Read(r, plenty, new(memory).create); !errors.Is(err, ErrCut) && !errors.Is(err, ErrMalformed) {
		t.Errorf("cut: %v", err)
	}
}

// TestCostly has a header that asks for four gigabytes.
func TestCostly(t *testing.T) {
	costly := "age-encryption.org/v1\n-> scrypt AAAAAAAAAAAAAAAAAAAAAA 22\n" + strings.Repeat("A", 43) + "\n--- " + strings.Repeat("A", 43) + "\n"
	if _, err := Open(strings.NewReader(costly), "x"); !errors.Is(err, ErrMalformed) {
		t.Error(err)
	}
}

func FuzzRead(f *testing.F) {
	f.Fuzz(func(t *testing.T, b []byte) {
		m, files, err := read(b, plenty)
		if err != nil {
			return
		}
		if len(m.Files) != len(files) {
			t.Fatalf("%d files, %d in the manifest", len(files), len(m.Files))
		}
		again, files2, err := read(write(t, files...), plenty)
		if err != nil || len(files2) != len(files) || cmp.Diff(again.Files, m.Files) != "" {
			t.Errorf("written again: %+v, %v", again, err)
		}
		for _, f := range files {
			if !Plain(f.name) {
				t.Errorf("%q was unpacked", f.name)
			}
		}
	})
}
