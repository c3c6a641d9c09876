// Package backup keeps a whole node in one file and brings it back: the store, the
// configuration, keys, certificates and memberships, and what is known of content, so
// that nothing is checked twice. The content itself is not part of it.
//
// A node may run while it is backed up: the store is copied as it is at one moment, the
// other files are such that each is whole at any time.
//
// A backup is restored into a home without a node. It is unpacked beside everything
// else, checked, and put into its place last, in a way that has happened or not
// whenever the machine stops.
package backup

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/warren-p2p/warren/internal/backup/archive"
	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/home"
	"github.com/warren-p2p/warren/internal/store"
	"github.com/warren-p2p/warren/internal/vfs"
)

// StoreFile is the database in a home.
const StoreFile = "warren.db"

// lockFile is held by who works on backups of a home.
const lockFile = "backup.lock"

// ErrNothing reports a home in which nothing is worth keeping.
var ErrNothing = errors.New("there is no node here")

// Kept reports whether a file of a home, named below it, belongs into a backup. The
// others are content, locks, or of the moment.
func Kept(name string) bool {
	top, rest, below := strings.Cut(name, "/")
	if below {
		base := path.Base(rest)
		return slices.Contains([]string{"node", "foreground", "membership", "tracker", "own-tracker", "blocklists"}, top) &&
			base != "lock" && !strings.HasSuffix(base, ".lock") && !strings.HasSuffix(base, ".tmp")
	}
	pem, _ := path.Match("*.pem", name)
	return pem || slices.Contains([]string{StoreFile, "config.toml", "management-token", "site-seed"}, name)
}

// Node is whose backup it is.
type Node struct {
	Home    string // the directory
	Version string // of this program
	Clock   clock.Clock
	// Passphrase encrypts a backup, or opens one. None does not encrypt.
	Passphrase string

	cost int // of a guess at it; 0 is archive.Cost
}

// Saved says what was written.
type Saved struct {
	archive.Manifest
	// Left are files that have names no backup can have.
	Left []string
}

// Save writes a backup to w.
func (n Node) Save(ctx context.Context, w io.Writer) (s Saved, err error) {
	dir, err := vfs.OpenDir(n.Home)
	if errors.Is(err, fs.ErrNotExist) {
		return s, fmt.Errorf("back up %s: %w", n.Home, ErrNothing)
	}
	if err != nil {
		return s, fmt.Errorf("back up %s: %w", n.Home, err)
	}
	defer func() { err = errors.Join(err, dir.Close()) }()
	if err := home.PutInPlace(dir); err != nil {
		return s, err
	}
	lock, err := home.WaitLock(ctx, dir, lockFile)
	if err != nil {
		return s, fmt.Errorf("back up %s: %w", n.Home, err)
	}
	defer func() { err = errors.Join(err, lock.Close()) }()
	sealed, err := archive.Seal(w, n.Passphrase, cmp.Or(n.cost, archive.Cost))
	if err != nil {
		return s, err
	}
	to := archive.NewWriter(sealed, n.Version, n.Clock.Now())
	if s.Left, err = n.addAll(ctx, dir, to); err != nil {
		return s, fmt.Errorf("back up %s: %w", n.Home, err)
	}
	if s.Manifest, err = to.Close(); err == nil {
		err = sealed.Close()
	}
	if err == nil && len(s.Files) == 0 {
		err = ErrNothing
	}
	if err != nil {
		return s, fmt.Errorf("back up %s: %w", n.Home, err)
	}
	return s, nil
}

func (n Node) addAll(ctx context.Context, dir vfs.FS, to *archive.Writer) (left []string, err error) {
	names, err := list(dir)
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		switch {
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case !archive.Plain(name):
			left = append(left, name)
			continue
		case name == StoreFile:
			err = n.addStore(ctx, dir, to)
		default:
			var b []byte
			if b, err = vfs.ReadFile(dir, name); err == nil {
				err = to.Add(name, int64(len(b)), bytes.NewReader(b))
			} else if errors.Is(err, fs.ErrNotExist) {
				err = nil // it was of the moment after all
			}
		}
		if err != nil {
			return nil, err
		}
	}
	return left, nil
}

// list returns the regular files to keep, and removes copies of the store that were
// left lying.
func list(dir vfs.FS) (names []string, err error) {
	err = vfs.WalkDir(dir, ".", func(name string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		if temp, _ := path.Match(".backup-*.tmp", name); temp {
			return dir.Remove(name)
		}
		if d.IsDir() && name != "." && !strings.Contains(name, "/") && !Kept(name+"/x") {
			return fs.SkipDir
		}
		if d.Type().IsRegular() && Kept(name) {
			names = append(names, name)
		}
		return nil
	})
	return names, err
}

// addStore adds the database as it is now.
func (n Node) addStore(ctx context.Context, dir vfs.FS, to *archive.Writer) (err error) {
	temp := ".backup-" + rand.Text()[:8] + ".tmp"
	defer func() {
		if gone := dir.Remove(temp); !errors.Is(gone, fs.ErrNotExist) {
			err = errors.Join(err, gone)
		}
	}()
	if err := store.Copy(ctx, filepath.Join(n.Home, StoreFile), filepath.Join(n.Home, temp)); err != nil {
		return err
	}
	f, err := dir.Open(temp)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	st, err := f.Stat()
	if err != nil {
		return err
	}
	return to.Add(StoreFile, st.Size(), io.NewSectionReader(f, 0, st.Size()))
}
