// Package home is where a node, and a command that works in the foreground, keep
// their state.
//
//	HOME/config.toml            what the user has set
//	HOME/warren.db              what a node must not forget (package store)
//	HOME/lock                   held by the node that runs
//	HOME/node.json              how it is reached
//	HOME/management-token       the key to it
//	HOME/node/                  what its engine goes on from
//	HOME/peer-certificate.pem   the certificate of this install, for all of them
//	HOME/site-seed              what visitors see is made from it
//	HOME/acme-*.pem             account with an authority, certificates for names
//	HOME/foreground/KEY/        the state of one piece of work
//	HOME/membership/            see package membership
//	HOME/redeemed.json          what links of shares were redeemed for, for a day
//
// A piece of work is a set of torrents, each with the directory its content lies
// in; KEY is derived from it. So two commands work side by side in one home,
// whatever they do, unless it is the same work: then the second is refused.
// And what one command verified, the next one on the same content trusts.
package home

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/words"
)

// ErrNoHome reports that nothing says where state is to be kept.
var ErrNoHome = errors.New("neither --home, WARREN_HOME, XDG_DATA_HOME nor HOME is set")

// Home is an open home directory.
type Home struct {
	path string
	dir  vfs.FS
}

// Path returns where the home is: flag if given, else $WARREN_HOME, else warren
// in the XDG data directory.
func Path(flag string, getenv func(string) string) (string, error) {
	switch {
	case flag != "":
		return flag, nil
	case getenv("WARREN_HOME") != "":
		return getenv("WARREN_HOME"), nil
	case filepath.IsAbs(getenv("XDG_DATA_HOME")): // others are to be ignored
		return filepath.Join(getenv("XDG_DATA_HOME"), "warren"), nil
	case getenv("HOME") != "":
		return filepath.Join(getenv("HOME"), ".local", "share", "warren"), nil
	case getenv("LocalAppData") != "": // Windows
		return filepath.Join(getenv("LocalAppData"), "warren"), nil
	}
	return "", ErrNoHome
}

// Open opens the home at path, which is made if it is not there, for its owner
// alone.
func Open(path string) (*Home, error) {
	dir, err := OpenDir(path, 0o700)
	if err != nil {
		return nil, fmt.Errorf("open home %s: %w: choose another directory for state with --home", path, words.Cause(err))
	}
	if err := PutInPlace(dir); err != nil {
		return nil, errors.Join(err, dir.Close())
	}
	return &Home{path: path, dir: dir}, nil
}

// OpenDir opens a directory and makes it, with its parents, if it is not there.
func OpenDir(path string, perm fs.FileMode) (vfs.FS, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	dir, err := vfs.OpenDir(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return dir, err
	}
	parent, rest := filepath.Dir(path), filepath.Base(path)
	for {
		above, err := vfs.OpenDir(parent)
		if err == nil {
			err = errors.Join(above.MkdirAll(filepath.ToSlash(rest), perm), above.Close())
			if err != nil {
				return nil, err
			}
			return vfs.OpenDir(path)
		}
		if !errors.Is(err, fs.ErrNotExist) || parent == filepath.Dir(parent) {
			return nil, err
		}
		parent, rest = filepath.Dir(parent), filepath.Join(filepath.Base(parent), rest)
	}
}

// Folder opens a folder of the home, which is made if it is not there, for its owner
// alone.
func (h *Home) Folder(name string) (vfs.FS, error) {
	path := filepath.Join(h.path, filepath.FromSlash(name))
	dir, err := OpenDir(path, 0o700)
	if err != nil {
		return nil, fmt.Errorf("open state %s: %w: choose another directory for state with --home", path, words.Cause(err))
	}
	return dir, nil
}

// State is the directory of the home itself, for what belongs to the install.
func (h *Home) State() vfs.FS { return h.dir }

// Close lets go of the home.
func (h *Home) Close() error { return h.dir.Close() }

// Content is a torrent with the directory its content lies in.
type Content struct {
	InfoHash string // hexadecimal
	Dir      string
}

// Work is the state of a piece of work. It is locked until Close.
type Work struct {
	vfs.FS
	Path string
	lock io.Closer
}

// BusyError reports that another process does the same work.
type BusyError struct{ Home string }

func (e *BusyError) Error() string {
	return fmt.Sprintf("another warren is at work on the same torrent and directory, with home %s: "+
		"stop that one first, or use another directory (--dir) or home (--home)", e.Home)
}

// Unwrap makes the error match [vfs.ErrLocked].
func (e *BusyError) Unwrap() error { return vfs.ErrLocked }

// Work opens the state of a piece of work. The error is a [*BusyError] if
// another process has it.
func (h *Home) Work(contents ...Content) (*Work, error) {
	name, err := key(contents)
	if err != nil {
		return nil, fmt.Errorf("open state: %w", err)
	}
	path := filepath.Join(h.path, "foreground", name)
	dir, err := h.Folder("foreground/" + name)
	if err != nil {
		return nil, err
	}
	w := &Work{FS: dir, Path: path}
	if l, ok := dir.(vfs.Locker); ok {
		w.lock, err = l.Lock("lock")
	}
	if errors.Is(err, vfs.ErrLocked) {
		err = &BusyError{h.path}
	}
	if err != nil {
		return nil, errors.Join(err, dir.Close())
	}
	return w, nil
}

// Close gives the work back.
func (w *Work) Close() error {
	var err error
	if w.lock != nil {
		err = w.lock.Close()
	}
	return errors.Join(err, w.FS.Close())
}

func key(contents []Content) (string, error) {
	lines := make([]string, 0, len(contents))
	for _, c := range contents {
		dir, err := filepath.Abs(c.Dir)
		if err != nil {
			return "", err
		}
		lines = append(lines, c.InfoHash+" "+dir)
	}
	slices.Sort(lines)
	sum := sha256.Sum256([]byte(strings.Join(lines, "\n")))
	return hex.EncodeToString(sum[:8]), nil
}
