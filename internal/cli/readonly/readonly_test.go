package readonly_test

import (
	"errors"
	"io/fs"
	"os"
	"testing"
	"time"

	"github.com/warren-p2p/warren/internal/cli/readonly"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/vfs/memfs"
)

// TestReadOnly: nothing that changes anything gets through.
func TestReadOnly(t *testing.T) {
	inner := memfs.New()
	if err := vfs.WriteFileAtomic(inner, "f", []byte("content"), 0o600); err != nil {
		t.Fatal(err)
	}
	r := readonly.FS{FS: inner}
	if b, err := vfs.ReadFile(r, "f"); err != nil || string(b) != "content" {
		t.Errorf("read %q, %v", b, err)
	}
	var now time.Time
	for name, try := range map[string]func() error{
		"write":   func() error { _, err := r.OpenFile("f", os.O_WRONLY, 0); return err },
		"update":  func() error { _, err := r.OpenFile("f", os.O_RDWR, 0); return err },
		"create":  func() error { _, err := r.OpenFile("g", os.O_CREATE, 0o600); return err },
		"cut":     func() error { _, err := r.OpenFile("f", os.O_TRUNC, 0); return err },
		"link":    func() error { return r.Symlink("f", "l") },
		"mkdir":   func() error { return r.MkdirAll("d", 0o700) },
		"rename":  func() error { return r.Rename("f", "g") },
		"remove":  func() error { return r.Remove("f") },
		"chtimes": func() error { return r.Chtimes("f", now, now) },
	} {
		var pe *fs.PathError
		if err := try(); !errors.Is(err, vfs.ErrReadOnly) || !errors.As(err, &pe) {
			t.Errorf("%s: %v", name, err)
		}
	}
	list, err := inner.ReadDir(".")
	if err != nil || len(list) != 1 {
		t.Errorf("there are now %v, %v", list, err)
	}
}
