package vfs_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/warren-p2p/warren/internal/vfs"
)

// TestLease opens a file that somebody has by a lease, as servers of files do for their
// clients: it is waited for until they give it back.
func TestLease(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, []byte("data"), 0o600); err != nil {
		t.Fatal(err)
	}
	holder, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer holder.Close()
	fd := holder.Fd()
	if _, err := unix.FcntlInt(fd, unix.F_SETLEASE, unix.F_RDLCK); err != nil {
		t.Skip("no leases here: ", err)
	}
	d, err := vfs.OpenDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	done := make(chan error, 1)
	go func() {
		f, err := d.OpenFile("file", os.O_RDWR, 0)
		if err == nil {
			err = f.Close()
		}
		done <- err
	}()
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if kind, err := unix.FcntlInt(fd, unix.F_GETLEASE, 0); err != nil || kind != unix.F_RDLCK {
			break // it is to be given back
		}
	}
	if _, err := unix.FcntlInt(fd, unix.F_SETLEASE, unix.F_UNLCK); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Errorf("a file that is given back cannot be opened: %v", err)
	}
}
