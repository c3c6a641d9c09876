// Package walk goes through what is to be shared.
package walk

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io/fs"
	"path"
	"strings"

	"github.com/warren-p2p/warren/internal/share/draft/caution"
	"github.com/warren-p2p/warren/internal/vfs"
)

// Walk goes through files. All but FS, Root and File may be missing.
type Walk struct {
	FS   vfs.FS
	Root string          // name in FS
	Skip map[string]bool // names in FS that are passed over
	// File is told of what is to be shared, Named of every name before.
	File  func(name string, info fs.FileInfo) error
	Named func(name string)
	// Aside is told of what is neither file nor folder, and of symbolic links that lead
	// out; Link of those that lead to something in here.
	Aside func(name string, kind caution.Kind) error
	Link  func(name, to string) error
}

// Run goes through all of them, in an order that depends on their names alone.
func (w *Walk) Run(ctx context.Context) error {
	return vfs.WalkDir(w.FS, w.Root, func(name string, e fs.DirEntry, err error) error {
		if err := errors.Join(err, ctx.Err()); err != nil {
			return err
		}
		if w.Skip[name] && e.IsDir() {
			return fs.SkipDir
		}
		if w.Skip[name] {
			return nil
		}
		if w.Named != nil {
			w.Named(name)
		}
		switch mode := e.Type(); {
		case mode.IsDir():
			return nil
		case mode&fs.ModeSymlink != 0 && name != w.Root:
			to, err := w.FS.Readlink(name)
			switch {
			case err != nil:
			case w.inside(name, to) && w.Link != nil:
				err = w.Link(name, to)
			case !w.inside(name, to) && w.Aside != nil:
				err = w.Aside(name, caution.Link)
			}
			return err
		case !mode.IsRegular():
			if w.Aside != nil {
				return w.Aside(name, caution.Special)
			}
			return nil
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		return w.File(name, info)
	})
}

// inside reports whether a link leads to something below the root, as a torrent can say.
func (w *Walk) inside(name, to string) bool {
	if path.IsAbs(to) || to == "" {
		return false
	}
	return strings.HasPrefix(path.Join(path.Dir(name), to), w.Root+"/")
}

// Below returns a name as it is shown: from what is shared on.
func (w *Walk) Below(name string) string { return strings.TrimPrefix(name, path.Dir(w.Root)+"/") }

// Sum is which files there are, how large they are and when they were written last.
type Sum [sha256.Size]byte

// Summer makes a Sum of what [Walk.File] is told.
type Summer struct{ h hash.Hash }

// NewSummer returns one that was told of nothing.
func NewSummer() Summer { return Summer{sha256.New()} }

// Add tells of a file.
func (s Summer) Add(name string, info fs.FileInfo) {
	fmt.Fprintf(s.h, "%q %d %d\n", name, info.Size(), info.ModTime().UnixNano())
}

// Sum returns that of all files.
func (s Summer) Sum() Sum { return Sum(s.h.Sum(nil)) }

// SumOf goes through what is to be shared for its Sum.
func SumOf(ctx context.Context, fsys vfs.FS, root string, skip map[string]bool) (Sum, error) {
	s := NewSummer()
	w := Walk{FS: fsys, Root: root, Skip: skip, File: func(name string, info fs.FileInfo) error {
		s.Add(name, info)
		return nil
	}}
	err := w.Run(ctx)
	return s.Sum(), err
}
