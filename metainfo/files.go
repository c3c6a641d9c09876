package metainfo

import (
	"fmt"
	"slices"
	"strings"

	"github.com/warren-p2p/warren/metainfo/internal/check"
	"github.com/warren-p2p/warren/metainfo/internal/infodict"
)

// setFiles takes the files of either or both versions and places them in the
// piece space.
func (in *Info) setFiles(d *infodict.Dict) error {
	tree := newFiles(d.Tree)
	inDir := len(tree) != 1 || len(tree[0].Path) != 1 || tree[0].Path[0] != in.Name
	if !in.v1 {
		in.Files, in.MultiFile = tree, inDir
		return in.place()
	}
	in.Files, in.MultiFile = newFiles(d.Files), d.MultiFile
	if err := in.place(); err != nil {
		return err
	}
	if !in.v2 {
		return nil
	}
	if in.MultiFile != inDir {
		return check.Badf("info.files", ErrHybrid, "only one of them has a directory")
	}
	return in.merge(tree)
}

func newFiles(read []infodict.File) []File {
	files := make([]File, len(read))
	for i := range read {
		f := &read[i]
		files[i] = File{
			Path: f.Path, Length: f.Length, Pad: f.Pad, Executable: f.Executable, Hidden: f.Hidden,
			Symlink: f.Symlink, PiecesRoot: f.PiecesRoot,
		}
	}
	return files
}

// place gives each file its offset and its name.
func (in *Info) place() error {
	for i := range in.Files {
		f := &in.Files[i]
		if f.Length < 0 || f.Length > infodict.MaxLength {
			return check.Badf(in.fileField(i)+".length", ErrRange, "%d", f.Length)
		}
		f.Offset = in.space
		if !in.v1 && f.Length > 0 {
			f.Offset = (in.space + in.PieceLength - 1) / in.PieceLength * in.PieceLength
		}
		in.space = f.Offset + f.Length
		if in.space > infodict.MaxLength {
			return check.Badf(in.fileField(i)+".length", ErrRange, "all files together are too long")
		}
		if !f.Pad {
			in.content += f.Length
		}
		f.name = strings.Join(f.Path, "/")
		if in.MultiFile {
			f.name = in.Name + "/" + f.name
		}
	}
	return nil
}

// merge adds what the file tree says to the files of version 1 and refuses
// any difference: each version's peers would store other content (BEP 52).
func (in *Info) merge(tree []File) error {
	next := 0
	for i := range in.Files {
		f := &in.Files[i]
		if f.Pad {
			continue
		}
		field := in.fileField(i)
		if next == len(tree) {
			return check.Badf(field, ErrHybrid, "%q is not in the file tree", f.name)
		}
		other := &tree[next]
		next++
		switch {
		case !slices.Equal(f.Path, other.Path):
			return check.Badf(field+".path", ErrHybrid, "%q, file tree %q", f.Path, other.Path)
		case f.Length != other.Length:
			return check.Badf(field+".length", ErrHybrid, "%d, file tree %d", f.Length, other.Length)
		case !slices.Equal(f.Symlink, other.Symlink):
			return check.Badf(field+".symlink path", ErrHybrid, "%q, file tree %q", f.Symlink, other.Symlink)
		case f.Length > 0 && f.Offset%in.PieceLength != 0:
			return check.Badf(field, ErrHybrid, "it does not start at a piece")
		}
		f.PiecesRoot = other.PiecesRoot
		f.Executable = f.Executable || other.Executable
		f.Hidden = f.Hidden || other.Hidden
	}
	if next < len(tree) {
		return check.Badf(infodict.TreeField(tree[next].Path), ErrHybrid, "it is not in info.files")
	}
	return nil
}

// fileField names a file in errors.
func (in *Info) fileField(i int) string {
	switch {
	case !in.v1:
		return infodict.TreeField(in.Files[i].Path)
	case !in.MultiFile:
		return "info"
	}
	return fmt.Sprintf("info.files[%d]", i)
}
