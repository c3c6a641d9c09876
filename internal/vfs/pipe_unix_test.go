//go:build unix

package vfs_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/warren-p2p/warren/internal/vfs"
)

// TestPipes puts a pipe where a file or a folder is expected: whoever can write to a
// watch folder, or name a list of addresses, must not have the node wait for ever.
func TestPipes(t *testing.T) {
	dir := t.TempDir()
	pipe := filepath.Join(dir, "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skip("no pipes here: ", err)
	}
	if err := os.Symlink("pipe", filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	d, err := vfs.OpenDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	for name, open := range map[string]func() error{
		"to read":            func() error { _, err := d.Open("pipe"); return err },
		"to write":           func() error { _, err := d.OpenFile("pipe", os.O_WRONLY|os.O_CREATE, 0o600); return err },
		"for both":           func() error { _, err := d.OpenFile("pipe", os.O_RDWR, 0); return err },
		"by a symbolic link": func() error { _, err := d.Open("link"); return err },
		"as a folder":        func() error { _, err := vfs.OpenDir(pipe); return err },
		"all of it":          func() error { _, err := vfs.ReadFile(d, "pipe"); return err },
	} {
		done := make(chan error, 1)
		go func() { done <- open() }()
		select {
		case err := <-done:
			if err == nil {
				t.Errorf("%s: a pipe was opened", name)
			}
		case <-time.After(30 * time.Second):
			t.Fatalf("%s: opening a pipe waits", name)
		}
	}
}
