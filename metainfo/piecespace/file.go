package piecespace

import (
	"path"
	"strings"

	"github.com/warren-p2p/warren/internal/merkle"
)

// File is one file of a torrent, or a symbolic link, or padding.
type File struct {
	Path       []string    // below the torrent's directory; just the name of a single file
	Length     int64       // bytes; 0 for links
	Offset     int64       // of the first byte in the piece space
	Pad        bool        // zero bytes that are neither transferred nor stored (BEP 47)
	Executable bool        // BEP 47
	Hidden     bool        // BEP 47
	Symlink    []string    // target below the torrent's directory; nil if not a link (BEP 47)
	PiecesRoot merkle.Hash // BEP 52; zero for version 1, empty files, links and padding

	name string
}

// Name returns the slash-separated path below the download folder: it begins
// with the torrent's name if that is a directory.
func (f *File) Name() string { return f.name }

// LinkTarget returns what a symbolic link at Name must contain: the
// slash-separated way from the directory of the link to its target.
func (f *File) LinkTarget() string {
	dir := f.Path[:len(f.Path)-1]
	shared := 0
	for shared < len(dir) && shared < len(f.Symlink)-1 && dir[shared] == f.Symlink[shared] {
		shared++
	}
	return strings.Repeat("../", len(dir)-shared) + path.Join(f.Symlink[shared:]...)
}
