//go:build linux

package e2e

import (
	"bytes"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/warren-p2p/warren/internal/share/link"
)

// Somebody shares a folder, reads what it tells, and shares a copy without that: whoever
// opens the link in a browser gets the pictures and not where they were taken. When the
// link has ended there is nothing at its place, and the folder is what it was.
func TestSharedWithoutTraces(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"made.jpg", "old.pdf"} {
		b, err := os.ReadFile(filepath.Join("../internal/share/inspect/testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	before := sums(t, dir)
	node := startNode(t, t.TempDir())
	drafts := "/api/v1/shares/drafts"
	d := node.drafted(t, "POST", drafts, map[string]any{"path": dir}, "ready")
	if d.Found < 30 || d.Removable != d.Found {
		t.Errorf("found %d, removable %d", d.Found, d.Removable)
	}
	d = node.drafted(t, "POST", drafts+"/"+d.ID+"/share", map[string]any{"title": "Pictures", "confirmed": true, "strip": true, "direct": true}, "done")
	at := "/api/v1/shares/" + d.Share
	status, b := node.ask("GET", at, nil)
	var s struct{ Link, Page string }
	if err := json.Unmarshal(b, &s); err != nil || status != http.StatusOK {
		t.Fatalf("%d: %s", status, b)
	}
	l, err := link.Parse(s.Link)
	if err != nil {
		t.Fatal(err)
	}
	if page := visit(t, l, s.Page); !bytes.Contains(page, []byte("Pictures")) || !bytes.Contains(page, []byte("made.jpg")) {
		t.Errorf("the page: %s", page)
	}
	for n, begins := range []string{"\xff\xd8\xff", "%PDF-"} {
		file := visit(t, l, s.Page+"/file/"+string(rune('0'+n)))
		if !bytes.HasPrefix(file, []byte(begins)) {
			t.Errorf("file %d: %.50q", n, file)
		}
		for _, word := range []string{"Erika", "Berlin", "Acme", "2024"} {
			if bytes.Contains(file, []byte(word)) {
				t.Errorf("file %d tells of %s", n, word)
			}
		}
	}
	if status, b := node.ask("DELETE", at, nil); status != http.StatusNoContent {
		t.Fatalf("%d: %s", status, b)
	}
	if page := visit(t, l, s.Page); bytes.Contains(page, []byte("Pictures")) {
		t.Errorf("after its end: %s", page)
	}
	if after := sums(t, dir); len(after) != 2 || after["made.jpg"] != before["made.jpg"] || after["old.pdf"] != before["old.pdf"] {
		t.Errorf("the folder has changed: %v, %v", before, after)
	}
}

// drafted is a draft as the API tells of it.
type drafted struct {
	ID, State, Error, Share string
	Found, Removable        int
}

// drafted asks something of a draft, and waits until that is done.
func (h *household) drafted(t *testing.T, method, path string, body any, state string) (d drafted) {
	t.Helper()
	ask := func(method, path string, body any) {
		status, b := h.ask(method, path, body)
		if err := json.Unmarshal(b, &d); err != nil || status >= 300 {
			t.Fatalf("%s %s: %d: %s", method, path, status, b)
		}
	}
	ask(method, path, body)
	for end := time.Now().Add(patience); d.State != state; time.Sleep(50 * time.Millisecond) {
		if d.State == "failed" || time.Now().After(end) {
			t.Fatalf("%+v", d)
		}
		ask("GET", "/api/v1/shares/drafts/"+d.ID, nil)
	}
	return d
}

// visit returns what is at an address of the port, whose key is the one of the link.
func visit(t *testing.T, l link.Link, url string) []byte {
	t.Helper()
	pinned := &tls.Config{InsecureSkipVerify: true, VerifyPeerCertificate: func(raw [][]byte, _ [][]*x509.Certificate) error {
		cert, err := x509.ParseCertificate(raw[0])
		if err == nil && sha256.Sum256(cert.RawSubjectPublicKeyInfo) != l.Pin {
			err = errors.New("the pin is another one")
		}
		return err
	}}
	c := &http.Client{Transport: &http.Transport{TLSClientConfig: pinned}}
	defer c.CloseIdleConnections()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
