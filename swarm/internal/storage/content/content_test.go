package content

import (
	"errors"
	"io"
	"io/fs"
	"strings"
	"syscall"
	"testing"

	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/vfs/memfs"
)

func TestErrorKinds(t *testing.T) {
	for _, c := range []struct {
		op               string
		err              error
		readOnly, device bool
	}{
		{"write", syscall.EIO, false, true},
		{"read", syscall.EIO, false, true},
		{"write", vfs.ErrNoSpace, false, false},
		{"write", vfs.ErrReadOnly, true, false},
		{"write", syscall.EACCES, true, false},
		{"read", syscall.EACCES, false, false},
		{"read", fs.ErrNotExist, false, false},
		{"read", io.ErrUnexpectedEOF, false, false},
		{"rename", ErrExists, false, false},
	} {
		err := error(&Error{c.op, "a/b", c.err})
		if errors.Is(err, ErrReadOnly) != c.readOnly || errors.Is(err, ErrDevice) != c.device || !errors.Is(err, c.err) {
			t.Errorf("%v: read-only %t, device %t", err, errors.Is(err, ErrReadOnly), errors.Is(err, ErrDevice))
		}
		if want := c.op + " a/b: "; !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q does not begin with %q", err, want)
		}
	}
}

func TestLinkTarget(t *testing.T) {
	for _, c := range []struct{ path, link, want string }{
		{"t/a", "t/b", "b"},
		{"t/x/a", "t/b", "../b"},
		{"t/a", "t/x/b", "x/b"},
		{"t/x/a", "t/y/b", "../y/b"},
		{"a", "t/b", "t/b"},
		{"u/v/a", "t", "../../t"},
		{"t/a", "t", "../t"},
	} {
		f := &File{path: c.path, link: c.link}
		if got := f.target(); got != c.want {
			t.Errorf("%s -> %s: %q, want %q", c.path, c.link, got, c.want)
		}
	}
}

func TestSuffixed(t *testing.T) {
	long := strings.Repeat("é", 127)
	for _, c := range []struct{ name, want string }{
		{"a/b", "a/b.part"},
		{strings.Repeat("x", 250), strings.Repeat("x", 250) + ".part"},
	} {
		if got := suffixed(c.name, ".part"); got != c.want {
			t.Errorf("%q: %q", c.name, got)
		}
	}
	a, b := suffixed("d/"+long+"a", ".part"), suffixed("d/"+long+"b", ".part")
	if a == b || len(a) > 2+maxBase || !strings.HasPrefix(a, "d/éé") || !strings.HasSuffix(a, ".part") || strings.ToValidUTF8(a, "") != a {
		t.Errorf("%q, %q", a, b)
	}
}

// TestCloseFailure: a close that fails is told by the next Sync, once.
func TestCloseFailure(t *testing.T) {
	tree := NewTree(".part", 4)
	f, err := tree.File(Spec{FS: memfs.New(), Path: "a", Length: 3, Perm: 0o600})
	if err != nil {
		t.Fatal(err)
	}
	if err := f.WriteAt([]byte("abc"), 0); err != nil {
		t.Fatal(err)
	}
	f.CloseFailed(syscall.EIO)
	if err := f.Sync(); !errors.Is(err, ErrDevice) || !errors.Is(err, syscall.EIO) {
		t.Errorf("first Sync: %v", err)
	}
	if err := f.Sync(); err != nil {
		t.Errorf("second Sync: %v", err)
	}
	tree.Close()
}
