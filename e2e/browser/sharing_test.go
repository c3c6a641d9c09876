package browser

import (
	"os"
	"path/filepath"
	"testing"
)

// TestSharing: a folder is shared, the share changed, made public and private again, and
// ended with its files, without a mouse, and nobody is kept out at any step. What was
// shared is a copy: it goes, and what it was made of stays.
func TestSharing(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "lake")
	if err := os.Mkdir(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	photo, err := os.ReadFile(filepath.Join("..", "..", "internal", "share", "inspect", "testdata", "made.jpg"))
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{"IMG_2041.jpg": photo, "notes.txt": []byte("we were four\n")} {
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	n := start(t, nil)
	n.script("sharing.mjs", "FOLDER="+folder)
	if _, err := os.Stat(filepath.Join(folder, "IMG_2041.jpg")); err != nil {
		t.Error(err)
	}
	if left, err := filepath.Glob(filepath.Join(n.home, "downloads", "shared copies", "*", "*", "*")); err != nil || len(left) > 0 {
		t.Errorf("of the copy that was shared there is left %q, %v", left, err)
	}
}
