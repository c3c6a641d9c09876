package clientgen_test

import (
	"bytes"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/warren-p2p/warren/internal/house/clientgen"
)

var update = flag.Bool("update", false, "write the clients anew")

const clients = "../../../clients"

// The clients are those of the document: what was changed by hand would be lost.
func TestClientsAreCurrent(t *testing.T) {
	text, err := os.ReadFile("../../../docs/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	m, err := clientgen.Read(text)
	if err != nil {
		t.Fatal(err)
	}
	files, err := clientgen.Files(m)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range files {
		path := filepath.Join(clients, name)
		if *update {
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, want, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, want) {
			t.Errorf("clients/%s is not what the document says (%v): run make clients", name, err)
		}
	}
	err = filepath.WalkDir(clients, func(path string, d fs.DirEntry, err error) error {
		name, _ := filepath.Rel(clients, path)
		if err == nil && !d.IsDir() && files[name] == nil && !ours(name) {
			t.Errorf("clients/%s comes from nowhere", name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// ours reports whether a file is none of the clients themselves: what their tools leave
// behind.
func ours(name string) bool {
	parts := strings.Split(filepath.ToSlash(name), "/")
	return slices.Contains(parts, "target") || slices.Contains(parts, "__pycache__") || filepath.Base(name) == "Cargo.lock"
}

func TestRefused(t *testing.T) {
	for _, bad := range []string{
		"", "[]", `{"components":{"schemas":{"A":{"type":"object","properties":{"b":{"type":"oddity"}}}}}}`,
		`{"components":{"schemas":{"A":{"type":"object","properties":{"b":{"type":"array"}}}}}}`,
	} {
		if _, err := clientgen.Read([]byte(bad)); err == nil {
			t.Errorf("%q is understood", bad)
		}
	}
}
