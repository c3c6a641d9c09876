package backup

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/warren-p2p/warren/internal/backup/archive"
	"github.com/warren-p2p/warren/internal/vfs"
)

// ErrExists reports a file that is not to be written over.
var ErrExists = errors.New("the file is there already")

// SaveFile writes a backup to a file, for its owner alone. The file is there once it
// is whole. One that is there already is replaced only if over says so; else the error
// matches ErrExists.
func (n Node) SaveFile(ctx context.Context, file string, over bool) (s Saved, err error) {
	dir, name, err := vfs.OpenPath(file)
	if err != nil {
		return s, fmt.Errorf("write %s: %w", file, err)
	}
	defer func() { err = errors.Join(err, dir.Close()) }()
	if _, err := dir.Stat(name); err == nil && !over {
		return s, fmt.Errorf("write %s: %w", file, ErrExists)
	}
	temp := "." + name + "." + rand.Text()[:8] + ".tmp"
	f, err := dir.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return s, fmt.Errorf("write %s: %w", file, err)
	}
	s, err = n.Save(ctx, io.NewOffsetWriter(f, 0))
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		if err = dir.Rename(temp, name); err == nil {
			return s, vfs.SyncDir(dir, ".")
		}
	}
	if gone := dir.Remove(temp); !errors.Is(gone, fs.ErrNotExist) {
		err = errors.Join(err, gone)
	}
	return s, err
}

// RestoreFile brings a backup back from a file.
func (n Node) RestoreFile(ctx context.Context, file string) (m archive.Manifest, err error) {
	dir, name, err := vfs.OpenPath(file)
	if err != nil {
		return m, fmt.Errorf("read %s: %w", file, err)
	}
	defer func() { err = errors.Join(err, dir.Close()) }()
	f, err := dir.Open(name)
	if err != nil {
		return m, fmt.Errorf("read %s: %w", file, err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	st, err := f.Stat()
	if err == nil && !st.Mode().IsRegular() {
		err = errors.New("not a file")
	}
	if err != nil {
		return m, fmt.Errorf("read %s: %w", file, err)
	}
	return n.Restore(ctx, io.NewSectionReader(f, 0, st.Size()))
}
