package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/warren-p2p/warren/internal/backup/archive"
	"github.com/warren-p2p/warren/internal/home"
	"github.com/warren-p2p/warren/internal/store"
	"github.com/warren-p2p/warren/internal/vfs"
)

// staging is the folder of a home that a backup is unpacked to.
const staging = "restoring"

// spare is how much of the volume a backup does not fill.
const spare = 16 << 20

// OccupiedError reports a home that has a node, or one that is running there.
type OccupiedError struct {
	Home string
	Has  string // what is there, such as a file
}

func (e *OccupiedError) Error() string {
	return fmt.Sprintf("home %s has a node (%s), which would be lost: restore into another home (--home), or move this one away", e.Home, e.Has)
}

// Restore brings back what a backup holds. The error is an [*OccupiedError] if the home
// has a node, or matches one of package archive, or is a [*store.CorruptError] or
// [*store.NewerError] of what the backup holds. After an error the home is as it was.
func (n Node) Restore(ctx context.Context, r io.Reader) (m archive.Manifest, err error) {
	dir, err := home.OpenDir(n.Home, 0o700)
	if err != nil {
		return m, fmt.Errorf("restore to %s: %w", n.Home, err)
	}
	defer func() { err = errors.Join(err, dir.Close()) }()
	if l, ok := dir.(vfs.Locker); ok {
		lock, err := l.Lock("lock") // the node's own
		if errors.Is(err, vfs.ErrLocked) {
			return m, &OccupiedError{n.Home, "it is running"}
		}
		if err != nil {
			return m, fmt.Errorf("restore to %s: %w", n.Home, err)
		}
		defer func() { err = errors.Join(err, lock.Close()) }()
	}
	if err := home.PutInPlace(dir); err != nil {
		return m, err
	}
	if err := n.vacant(dir); err != nil {
		return m, err
	}
	if m, err = n.unpack(ctx, dir, r); err == nil {
		err = n.check(ctx, dir)
	}
	if err == nil {
		err = n.vacant(dir) // another command may have begun to use it
	}
	if err != nil {
		return m, errors.Join(err, removeAll(dir, staging))
	}
	if err := dir.Rename(staging, home.Restored); err != nil {
		return m, errors.Join(fmt.Errorf("restore to %s: %w", n.Home, err), removeAll(dir, staging))
	}
	return m, home.PutInPlace(dir)
}

// vacant reports what a home has of a node.
func (n Node) vacant(dir vfs.FS) error {
	entries, err := dir.ReadDir(".")
	if err != nil {
		return fmt.Errorf("restore to %s: %w", n.Home, err)
	}
	for _, e := range entries {
		if name := e.Name(); Kept(name) || Kept(name+"/x") || strings.HasPrefix(name, StoreFile) {
			return &OccupiedError{n.Home, name}
		}
	}
	return nil
}

func (n Node) unpack(ctx context.Context, dir vfs.FS, r io.Reader) (m archive.Manifest, err error) {
	if err := removeAll(dir, staging); err != nil { // of a restore that was ended
		return m, fmt.Errorf("restore to %s: %w", n.Home, err)
	}
	free, err := dir.Free()
	if err != nil {
		return m, fmt.Errorf("restore to %s: %w", n.Home, err)
	}
	opened, err := archive.Open(r, n.Passphrase)
	if err != nil {
		return m, fmt.Errorf("restore: %w", err)
	}
	m, err = archive.Read(opened, max(0, free-spare), func(name string) (io.WriteCloser, error) {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if !Kept(name) {
			return nil, fmt.Errorf("%w: it has %q, which is nothing a node keeps", archive.ErrMalformed, name)
		}
		f, err := dir.OpenFile(staging+"/"+name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			return nil, err
		}
		return &unpacked{io.NewOffsetWriter(f, 0), f}, nil
	})
	if err == nil && len(m.Files) == 0 {
		err = fmt.Errorf("%w: it is empty", archive.ErrMalformed)
	}
	if err != nil {
		return m, fmt.Errorf("restore: %w", err)
	}
	return m, nil
}

// unpacked is a file that is on the disk once it is closed.
type unpacked struct {
	io.Writer
	file vfs.File
}

func (u *unpacked) Close() error {
	return errors.Join(u.file.Sync(), u.file.Close())
}

// check reads what was unpacked as whoever will use it does, and makes its names
// durable.
func (n Node) check(ctx context.Context, dir vfs.FS) error {
	if _, err := dir.Stat(staging + "/" + StoreFile); err == nil {
		if err := store.Verify(ctx, filepath.Join(n.Home, staging, StoreFile)); err != nil {
			return fmt.Errorf("restore: %w", err)
		}
	}
	return vfs.WalkDir(dir, staging, func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		return vfs.SyncDir(dir, name)
	})
}

// removeAll removes a folder, if it is there, with what is in it.
func removeAll(dir vfs.FS, name string) error {
	entries, err := dir.ReadDir(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, e := range entries {
		if below := name + "/" + e.Name(); e.IsDir() {
			err = removeAll(dir, below)
		} else {
			err = dir.Remove(below)
		}
		if err != nil {
			return err
		}
	}
	return dir.Remove(name)
}
