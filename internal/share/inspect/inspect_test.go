package inspect_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"flag"
	"fmt"
	"image"
	_ "image/jpeg"
	_ "image/png"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/warren-p2p/warren/internal/share/inspect"
)

var update = flag.Bool("update", false, "write the findings anew")

// files are made by ffmpeg, exiftool, heif-enc, qpdf and by hand; read returns one.
func read(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func look(b []byte) ([]inspect.Finding, error) {
	return inspect.Look(bytes.NewReader(b), int64(len(b)))
}

func strip(b []byte) ([]byte, error) {
	var w bytes.Buffer
	err := inspect.Strip(&w, bytes.NewReader(b), int64(len(b)))
	return w.Bytes(), err
}

// TestFindings looks into every file. What is found was compared with what exiftool
// finds; what of it can be removed is removed, and then there is nothing more to find.
func TestFindings(t *testing.T) {
	var got strings.Builder
	names, err := filepath.Glob("testdata/*.*")
	if err != nil || len(names) < 16 {
		t.Fatal(names, err)
	}
	for _, path := range names {
		name := filepath.Base(path)
		if name == "findings.txt" {
			continue
		}
		b := read(t, name)
		found, err := look(b)
		if err != nil {
			fmt.Fprintf(&got, "%s: %v\n", name, err)
		}
		removable := false
		for _, f := range found {
			fmt.Fprintf(&got, "%s: %s %s: %s (removable %v)\n", name, f.Kind, f.What, f.Value, f.Removable)
			removable = removable || f.Removable
		}
		clean, err := strip(b)
		if !removable {
			if err == nil {
				t.Errorf("%s: stripped, though nothing can be removed", name)
			}
			continue
		}
		if left, bad := look(clean); err != nil || bad != nil || len(left) > 0 {
			t.Errorf("%s: stripped: %v, %v, %v", name, err, bad, left)
		}
		told(t, name, clean)
	}
	if *update {
		if err := os.WriteFile("testdata/findings.txt", []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if want := string(read(t, "findings.txt")); got.String() != want {
		t.Errorf("found:\n%s\nwant:\n%s", got.String(), want)
	}
}

// told fails if a file, or a part of it, has a word that gives somebody away.
func told(t *testing.T, name string, b []byte) {
	t.Helper()
	for _, word := range []string{"Erika", "Mustermann", "Acme", "SN12345", "Somebody", "Berlin", "52.51", "from my desk", "HP at home", "2024", "/home/"} {
		if bytes.Contains(b, []byte(word)) {
			t.Errorf("%s still tells of %s", name, word)
		}
	}
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return
	}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Errorf("%s, %s: %v", name, f.Name, err)
		}
		if !f.Modified.IsZero() && f.Modified.Year() > 1980 {
			t.Errorf("%s, %s: of %v", name, f.Name, f.Modified)
		}
		told(t, name+", "+f.Name, text)
	}
}

// What is shared is what it was: not a dot of a picture changes, not a sample.
func TestContentStays(t *testing.T) {
	for _, name := range []string{"made.jpg", "made.png"} {
		b := read(t, name)
		clean, err := strip(b)
		if err != nil {
			t.Fatal(err)
		}
		was, _, err := image.Decode(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		is, _, err := image.Decode(bytes.NewReader(clean))
		if err != nil {
			t.Fatal(err)
		}
		for y := range was.Bounds().Dy() {
			for x := range was.Bounds().Dx() {
				if was.At(x, y) != is.At(x, y) {
					t.Fatalf("%s: dot %d, %d has changed", name, x, y)
				}
			}
		}
	}
	for name, stays := range map[string][]string{
		"made.jpg":  {"MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06"}, // which way is up
		"made.mp3":  {"Song", "Band"},
		"made.flac": {"Song"},
	} {
		clean, err := strip(read(t, name))
		for _, text := range stays {
			if err != nil || !bytes.Contains(clean, []byte(text)) {
				t.Errorf("%s without %q: %v", name, text, err)
			}
		}
	}
	for name, from := range map[string]string{"made.mp3": "\xff\xfb", "made.flac": "\xff\xf8"} {
		was := read(t, name)
		clean, err := strip(was)
		sound := was[bytes.Index(was, []byte(from)):]
		sound = bytes.TrimSuffix(sound, was[max(0, bytes.LastIndex(was, []byte("TAG"))):])
		if name == "made.flac" {
			sound = was[bytes.LastIndex(was, []byte(from)):]
		}
		if err != nil || len(sound) < 100 || !bytes.HasSuffix(clean, sound) {
			t.Errorf("%s: the sound has changed, %v", name, err)
		}
	}
	for _, name := range []string{"made.heic", "made.avif"} {
		was := read(t, name)
		clean, err := strip(was)
		i := bytes.Index(was, []byte("MM\x00*")) - 10 // behind the picture, or before it
		if err != nil || len(clean) != len(was) || i < 300 || !bytes.Equal(was[:i], clean[:i]) || bytes.Equal(was, clean) {
			t.Errorf("%s: the picture has changed, %v", name, err)
		}
	}
	for _, name := range []string{"made.mp4", "made.mov"} {
		was := read(t, name)
		clean, err := strip(was)
		i := bytes.Index(was, []byte("mdat"))
		n := i - 4 + int(was[i-2])<<8 + int(was[i-1])
		if err != nil || len(clean) != len(was) || n <= i || !bytes.Equal(was[i:n], clean[i:n]) {
			t.Errorf("%s: the film has changed, %v", name, err)
		}
	}
}

// Of what cannot be looked into that is said, and of what tells nothing, nothing.
func TestOpaque(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "hello": "", "It's, free and skipped": "", "<svg/>": "", "GIF89a": "a picture in GIF",
		"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 doc": "an old Office document", "OggS": "Ogg", "Rar!\x1a\x07\x00": "an archive",
		"\xff\xd8\xff\xe0\x00": "malformed picture", "%PDF-1.7 and nothing more": "malformed document", "PK\x03\x04": "malformed document",
		"\x00\x00\x00\x10moovxxxx": "malformed audio or video", "ID3\x04\x00\x00\x7f\x7f\x7f\x7f": "malformed audio or video", "fLaC": "malformed audio or video",
	} {
		found, err := look([]byte(text))
		if len(found) > 0 || (err == nil) != (want == "") || err != nil && (!errors.Is(err, inspect.ErrOpaque) || !strings.Contains(err.Error(), want)) {
			t.Errorf("%.20q: %v, %v, want %s", text, found, err, want)
		}
		if _, err := strip([]byte(text)); err == nil {
			t.Errorf("%.20q: stripped", text)
		}
	}
	if _, err := strip([]byte("hello")); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("a text: %v", err)
	}
}

// What says of itself that it is larger than anybody wants is not read.
func TestBomb(t *testing.T) {
	blocks := []byte("fLaC\x00\x00\x00\x22" + strings.Repeat("\x00", 0x22))
	for range 5 {
		blocks = append(append(blocks, 1, 0xff, 0xff, 0xff), make([]byte, 0xffffff)...) // padding of 16 MiB
	}
	if found, err := look(blocks); !errors.Is(err, inspect.ErrOpaque) {
		t.Errorf("%v, %v", found, err)
	}
	if _, err := strip(blocks); err == nil {
		t.Error("stripped")
	}
}

// FuzzLook: whatever a file is, looking and stripping come to an end, what is found can
// be shown, and what was stripped can be looked into again.
func FuzzLook(f *testing.F) {
	names, err := filepath.Glob("testdata/*.*")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range names {
		f.Add(read(f, filepath.Base(name)))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		found, err := look(b)
		if err != nil && !errors.Is(err, inspect.ErrOpaque) {
			t.Errorf("look: %v", err)
		}
		if len(found) > 100 {
			t.Errorf("%d findings", len(found))
		}
		for _, one := range found {
			if one.What+one.Value != strings.ToValidUTF8(one.What+one.Value, "") || strings.ContainsAny(one.What+one.Value, "\x00\n\x1b\u202e") || len([]rune(one.Value)) > 200 || one.Value == "" {
				t.Errorf("finding %+v", one)
			}
		}
		clean, bad := strip(b)
		if err != nil || bad != nil {
			return
		}
		if left, err := look(clean); err != nil {
			t.Errorf("stripped and looked into again: %v, %v", left, err)
		}
	})
}
