//go:build linux

// Package workspace keeps the content that is moved and hashed: in a directory
// of its own on tmpfs, in memory that was touched before, and removed at the
// end.
package workspace

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/warren-p2p/warren/internal/vfs"
)

// Shm is where Linux mounts a tmpfs for everybody.
const Shm = "/dev/shm"

// Space is one work directory.
type Space struct {
	vfs.FS        // rooted at Path
	Path   string // absolute
	parent vfs.FS
}

// New makes a directory with a unique name below parent. Everybody may read
// it, for a tracker that drops its rights.
func New(parent string) (*Space, error) {
	up, err := vfs.OpenDir(parent)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", parent, err)
	}
	name := "bench-" + strings.ToLower(rand.Text()[:8])
	if err := up.MkdirAll(name, 0o755); err != nil {
		return nil, errors.Join(fmt.Errorf("make work directory: %w", err), up.Close())
	}
	dir, err := vfs.OpenDir(path.Join(parent, name))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open work directory: %w", err), up.Close())
	}
	return &Space{FS: dir, Path: path.Join(parent, name), parent: up}, nil
}

// Join is the absolute path of a name in the space.
func (s *Space) Join(name string) string { return path.Join(s.Path, name) }

// Close removes the directory and everything in it.
func (s *Space) Close() error {
	return errors.Join(s.FS.Close(), removeAll(s.parent, path.Base(s.Path)), s.parent.Close())
}

// Clear removes a name and everything below it; a missing name is fine.
func (s *Space) Clear(name string) error { return removeAll(s.FS, name) }

// Write makes a file with the given content.
func (s *Space) Write(name, content string, perm fs.FileMode) error {
	return vfs.WriteFileAtomic(s.FS, name, []byte(content), perm)
}

func removeAll(fsys vfs.FS, name string) error {
	info, err := fsys.Lstat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("remove %s: %w", name, err)
	}
	if info.IsDir() {
		entries, err := fsys.ReadDir(name)
		if err != nil {
			return fmt.Errorf("remove %s: %w", name, err)
		}
		for _, e := range entries {
			if err := removeAll(fsys, path.Join(name, e.Name())); err != nil {
				return err
			}
		}
	}
	if err := fsys.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove %s: %w", name, err)
	}
	return nil
}

// Touch writes n bytes and removes them again. The first use of a page is slow
// in a virtual machine, whose host has to find it; what is measured later
// meets pages that have been used.
func (s *Space) Touch(ctx context.Context, n int64) error {
	const name = "touched"
	err := s.fill(ctx, name, n, func([]byte) {})
	return errors.Join(err, s.Clear(name))
}
