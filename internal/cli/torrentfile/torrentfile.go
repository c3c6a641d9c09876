// Package torrentfile reads and writes torrent files named on a command line.
package torrentfile

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/home"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/metainfo"
)

// maxSize bounds what is read: torrents of a million pieces stay below it.
const maxSize = 256 << 20

// given refuses an empty path: often a variable of a script that is not set, and
// never meant to be the directory one happens to be in.
func given(path string) error {
	if path == "" {
		return console.Usage("a path is empty: for the directory you are in, say .")
	}
	return nil
}

// Is reports whether path names a torrent rather than content: a regular file
// that ends in .torrent.
func Is(path string) (bool, error) {
	if path == "" { // nothing is named; whoever reads or makes it says so
		return false, nil
	}
	dir, name, err := vfs.OpenPath(path)
	if err != nil {
		return false, console.Cause(err)
	}
	defer dir.Close()
	info, err := dir.Stat(name)
	if err != nil {
		return false, console.Cause(err)
	}
	return info.Mode().IsRegular() && strings.EqualFold(filepath.Ext(path), ".torrent"), nil
}

// Read reads and checks a torrent.
func Read(path string) (*metainfo.Torrent, error) {
	if err := given(path); err != nil {
		return nil, err
	}
	b, err := read(path)
	if err != nil {
		return nil, fmt.Errorf("read torrent %s: %w", path, console.Cause(err))
	}
	t, err := metainfo.Parse(b)
	var field *metainfo.FieldError
	if err != nil && !errors.As(err, &field) {
		return nil, fmt.Errorf("read torrent %s: it is not a torrent file: %w", path, err)
	}
	if err != nil {
		return nil, fmt.Errorf("read torrent %s: it is not a torrent that can be used: %w", path, err)
	}
	return t, nil
}

// replaceable reports ErrNotReplaced for a file that is neither empty nor called
// nor in truth a torrent.
func replaceable(dir vfs.FS, name string) error {
	info, err := dir.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case info.IsDir():
		return errors.New("it is a directory")
	case info.Size() == 0 || strings.EqualFold(filepath.Ext(name), ".torrent"):
		return nil
	case info.Mode().IsRegular() && info.Size() <= maxSize:
		b, err := vfs.ReadFile(dir, name)
		if err != nil {
			return err
		}
		if _, err := metainfo.Parse(b); err == nil {
			return nil
		}
	}
	return ErrNotReplaced
}

func read(path string) (b []byte, err error) {
	dir, name, err := vfs.OpenPath(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, dir.Close()) }()
	info, err := dir.Stat(name)
	switch {
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, errors.New("it is a directory, not a torrent file")
	case info.Size() == 0:
		return nil, errors.New("it is empty")
	case !info.Mode().IsRegular():
		return nil, errors.New("it is not a regular file")
	case info.Size() > maxSize:
		return nil, fmt.Errorf("it has %d bytes, torrents have at most %d", info.Size(), maxSize)
	}
	return vfs.ReadFile(dir, name)
}

// ErrNotReplaced reports that something other than a torrent has the name.
var ErrNotReplaced = errors.New("there is a file that is not a torrent, which is not replaced")

// Write writes a torrent, whole or not at all. It replaces a torrent, but
// nothing else: a slip of the hand must not cost the content itself. One that lets in
// whoever reads it is for its owner alone.
func Write(path string, t *metainfo.Torrent) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("write torrent %s: %w", path, console.Cause(err))
		}
	}()
	parent, err := home.OpenDir(filepath.Dir(path), 0o777)
	if err != nil {
		return err
	}
	if err := parent.Close(); err != nil {
		return err
	}
	dir, name, err := vfs.OpenPath(path) // the target, should it be a link
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, dir.Close()) }()
	if err := replaceable(dir, name); err != nil {
		return err
	}
	perm := fs.FileMode(0o666)
	if t.TLS != nil && len(t.TLS.Secret)+len(t.TLS.Invite) > 0 {
		perm = 0o600
	}
	return vfs.WriteFileAtomic(dir, name, t.Bytes(), perm)
}
