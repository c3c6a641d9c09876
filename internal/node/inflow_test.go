package node_test

import (
	"bytes"
	"crypto/sha1"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/warren-p2p/warren/internal/streaming"
)

// await waits until something is so.
func await(t *testing.T, what string, so func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !so(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("never: ", what)
		}
	}
}

// A torrent file in a watch folder is added; what it is of lies in the folder for what
// is not complete, is found to be whole, moved to its place, and read by a player there.
func TestComesAndGoes(t *testing.T) {
	path := t.TempDir()
	content := bytes.Repeat([]byte("content "), 2500)
	for _, dir := range []string{"in", "half"} {
		if err := os.Mkdir(filepath.Join(path, dir), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(path, "half", "film.mkv"), content, 0o600); err != nil {
		t.Fatal(err)
	}
	n, _, err := open(t, path, quiet(), "paths.watch = [\"in | category=films\"]\npaths.incomplete = \"half\"\npaths.download = \"whole\"")
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := n.Close(); err != nil {
			t.Error(err)
		}
	}()
	file := fmt.Sprintf("d4:infod6:lengthi%de4:name8:film.mkv12:piece lengthi32768e6:pieces20:%see", len(content), sha1.Sum(content))
	if err := os.WriteFile(filepath.Join(path, "in", "film.torrent"), []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	await(t, "it is added", func() bool { return len(n.Library.All()) == 1 })
	film := n.Library.All()[0]
	if v := film.View(); v.Category != "films" {
		t.Errorf("category %q", v.Category)
	}
	await(t, "it is in its place", func() bool {
		got, err := os.ReadFile(filepath.Join(path, "whole", "film.mkv"))
		return err == nil && bytes.Equal(got, content)
	})
	show, err := streaming.Of(film)
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodGet, n.Streams.Path(film.ID(), streaming.Main(show.Files), time.Hour), nil)
	r.Host = "127.0.0.1"
	r.Header.Set("Range", "bytes=10000-")
	n.Streams.ServeHTTP(w, r)
	if w.Code != http.StatusPartialContent || !bytes.Equal(w.Body.Bytes(), content[10000:]) {
		t.Errorf("status %d, %d bytes", w.Code, w.Body.Len())
	}
}
