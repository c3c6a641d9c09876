package torrentfile_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/cli/torrentfile"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/create"
)

// noon is a clock that stands still.
type noon struct{}

func (noon) Now() time.Time { return time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC) }

func made(t *testing.T, path string) *metainfo.Torrent {
	t.Helper()
	c := &console.Console{Out: &bytes.Buffer{}, Err: &bytes.Buffer{}, Clock: noon{}, Version: "1.2.3"}
	m, err := torrentfile.Create(context.Background(), c, "making", path, create.Options{Kind: torrentfile.Kind("v1")})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestRoundTrip: what is made is written, found again and the same.
func TestRoundTrip(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "data", "a"), "content")
	m := made(t, filepath.Join(dir, "data"))
	if m.CreatedBy != "warren/1.2.3" || !m.CreationDate.Equal(noon{}.Now()) || m.Info.Name != "data" {
		t.Errorf("made by %q on %v: %q", m.CreatedBy, m.CreationDate, m.Info.Name)
	}
	file := filepath.Join(dir, "new", "dirs", "x.torrent")
	for range 2 { // the second time it is replaced
		if err := torrentfile.Write(file, m); err != nil {
			t.Fatal(err)
		}
	}
	again, err := torrentfile.Read(file)
	if err != nil {
		t.Fatal(err)
	}
	if again.Hashes() != m.Hashes() || torrentfile.Files(again) != 1 {
		t.Errorf("read %v with %d files", again.Hashes(), torrentfile.Files(again))
	}
	left, err := os.ReadDir(filepath.Dir(file))
	if err != nil || len(left) != 1 {
		t.Errorf("beside the torrent lie %v, %v", left, err)
	}
}

// TestLink: a link to content is followed, and the torrent bears the name of
// what it leads to, which is what peers will store.
func TestLink(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "real", "a"), "content")
	if err := os.Symlink("real", filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	if m := made(t, filepath.Join(dir, "link")); m.Info.Name != "real" {
		t.Errorf("named %q", m.Info.Name)
	}
}

func TestIs(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "x.torrent"), "")
	write(t, filepath.Join(dir, "y.TORRENT"), "")
	write(t, filepath.Join(dir, "z.bin"), "")
	write(t, filepath.Join(dir, "d.torrent", "f"), "")
	for name, want := range map[string]bool{"x.torrent": true, "y.TORRENT": true, "z.bin": false, "d.torrent": false, ".": false} {
		if got, err := torrentfile.Is(filepath.Join(dir, name)); err != nil || got != want {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	if _, err := torrentfile.Is(filepath.Join(dir, "none")); err != fs.ErrNotExist && !os.IsNotExist(err) {
		t.Errorf("none: %v", err)
	}
}

func TestRefused(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "text"), "hello")
	write(t, filepath.Join(dir, "empty"), "")
	write(t, filepath.Join(dir, "no-info"), "de")
	for name, want := range map[string]string{
		"text": "it is not a torrent file", "empty": "it is empty", "no-info": "info: is missing",
		".": "it is a directory", "none": "no such file or directory",
	} {
		_, err := torrentfile.Read(filepath.Join(dir, name))
		if err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "read torrent ") {
			t.Errorf("%s: %v, want %q", name, err, want)
		}
	}
	m := func() *metainfo.Torrent { return made(t, filepath.Join(dir, "text")) }()
	if err := torrentfile.Write(filepath.Join(dir, "text", "x.torrent"), m); err == nil || !strings.Contains(err.Error(), "not a directory") {
		t.Errorf("below a file: %v", err)
	}
}

// TestNotReplaced: nothing but torrents is overwritten.
func TestNotReplaced(t *testing.T) {
	dir := t.TempDir()
	content := filepath.Join(dir, "content")
	write(t, content, "precious")
	m := made(t, content)
	if err := torrentfile.Write(content, m); !errors.Is(err, torrentfile.ErrNotReplaced) {
		t.Errorf("over the content: %v", err)
	}
	if b, err := os.ReadFile(content); err != nil || string(b) != "precious" {
		t.Errorf("the content is now %q, %v", b, err)
	}
	if err := torrentfile.Write(dir, m); err == nil {
		t.Error("over a directory")
	}
	write(t, filepath.Join(dir, "empty"), "")
	write(t, filepath.Join(dir, "broken.torrent"), "d4:info")
	for _, name := range []string{"empty", "empty", "broken.torrent"} { // the second time it is a torrent
		if err := torrentfile.Write(filepath.Join(dir, name), m); err != nil {
			t.Errorf("over %s: %v", name, err)
		}
	}
}

func TestKind(t *testing.T) {
	for name, want := range map[string]create.Kind{"v1": create.V1, "v2": create.V2, "hybrid": create.Hybrid} {
		if got := torrentfile.Kind(name); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// A torrent that lets in whoever reads it is for its owner alone, also where one lies
// that was not.
func TestSecretFile(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "a"), "content")
	m := made(t, filepath.Join(dir, "a"))
	file := filepath.Join(dir, "a.torrent")
	for _, c := range []struct {
		tls    *metainfo.TLS
		shared bool
	}{
		{nil, true},
		{&metainfo.TLS{Level: metainfo.TLSStrict, Secret: make([]byte, 32)}, false},
		{&metainfo.TLS{Level: metainfo.TLSBasic, Pins: [][32]byte{{1}}}, true},
		{&metainfo.TLS{Level: metainfo.TLSBasic, Invite: make([]byte, 16)}, false},
	} {
		m.TLS = c.tls
		if err := torrentfile.Write(file, m); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(file)
		if err != nil {
			t.Fatal(err)
		}
		if perm := info.Mode().Perm(); perm&0o077 != 0 && !c.shared || perm&0o400 == 0 {
			t.Errorf("%+v: %v", c.tls, perm)
		}
	}
}
