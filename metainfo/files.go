package metainfo

import (
	"fmt"
	"slices"
	"strings"

	"github.com/warren-p2p/warren/internal/wire/bencode"
	"github.com/warren-p2p/warren/metainfo/internal/pathname"
)

// readFiles reads the files of either or both versions and places them in the
// piece space.
func (in *Info) readFiles(keys map[string]bencode.Value) error {
	var tree []File
	if in.v2 {
		var err error
		if tree, err = readTree(keys["file tree"]); err != nil {
			return err
		}
		in.MultiFile = len(tree) != 1 || len(tree[0].Path) != 1 || tree[0].Path[0] != in.Name
	}
	if !in.v1 {
		in.Files = tree
		return in.place()
	}
	single := !in.MultiFile
	if err := in.readFilesV1(keys); err != nil {
		return err
	}
	if err := in.place(); err != nil {
		return err
	}
	if in.v2 {
		if single == in.MultiFile {
			return badf("info.files", ErrHybrid, "only one of them has a directory")
		}
		return in.merge(tree)
	}
	return nil
}

func (in *Info) readFilesV1(keys map[string]bencode.Value) error {
	length, single := keys["length"]
	files, multi := keys["files"]
	switch {
	case single && multi:
		return badf("info.files", ErrHybrid, "info.length is there too")
	case single:
		n, err := integer(length, "info.length")
		if err != nil {
			return err
		}
		in.MultiFile = false
		in.Files = []File{{Path: []string{in.Name}, Length: n}}
		return readAttr(&in.Files[0], keys["attr"], bencode.Value{}, "info")
	case multi && files.Kind() != bencode.List:
		return bad("info.files", ErrType)
	case !multi:
		return bad("info.files", ErrMissing)
	}
	in.MultiFile = true
	for v := range files.All() {
		field := fmt.Sprintf("info.files[%d]", len(in.Files))
		f, err := readFileV1(v, field)
		if err != nil {
			return err
		}
		in.Files = append(in.Files, f)
	}
	return nil
}

func readFileV1(v bencode.Value, field string) (f File, err error) {
	if v.Kind() != bencode.Dict {
		return f, bad(field, ErrType)
	}
	if f.Length, err = integer(v.Get("length"), field+".length"); err != nil {
		return f, err
	}
	path, err := texts(v.Get("path"), field+".path")
	if err != nil {
		return f, err
	}
	f.Path = path
	err = pathname.CheckPath(path)
	if legacy := v.Get("path.utf-8"); err == pathname.ErrEncoding && legacy.Kind() == bencode.List {
		if f.Path, err = texts(legacy, field+".path.utf-8"); err != nil {
			return f, err
		}
		err = pathname.CheckPath(f.Path)
	}
	if err != nil {
		return f, bad(field+".path", err)
	}
	return f, readAttr(&f, v.Get("attr"), v.Get("symlink path"), field)
}

// readAttr reads the attributes of BEP 47; unknown letters mean nothing.
func readAttr(f *File, attr, target bencode.Value, field string) error {
	if attr.Kind() == bencode.Invalid {
		return nil
	}
	letters, err := text(attr, field+".attr")
	if err != nil {
		return err
	}
	f.Pad = strings.Contains(letters, "p")
	f.Executable = strings.Contains(letters, "x")
	f.Hidden = strings.Contains(letters, "h")
	if !strings.Contains(letters, "l") {
		return nil
	}
	if f.Pad {
		return badf(field+".attr", ErrPad, "it is a symbolic link too")
	}
	if f.Length != 0 {
		return badf(field+".length", ErrSymlink, "%d bytes", f.Length)
	}
	if f.Symlink, err = texts(target, field+".symlink path"); err != nil {
		return err
	}
	if err := pathname.CheckPath(f.Symlink); err != nil {
		return bad(field+".symlink path", fmt.Errorf("%w: %w", ErrSymlink, err))
	}
	return nil
}

// place gives each file its offset and its name.
func (in *Info) place() error {
	for i := range in.Files {
		f := &in.Files[i]
		if f.Length < 0 || f.Length > maxSpace {
			return badf(in.fileField(i)+".length", ErrRange, "%d", f.Length)
		}
		f.Offset = in.space
		if !in.v1 && f.Length > 0 {
			f.Offset = (in.space + in.PieceLength - 1) / in.PieceLength * in.PieceLength
		}
		in.space = f.Offset + f.Length
		if in.space > maxSpace {
			return badf(in.fileField(i)+".length", ErrRange, "all files together are too long")
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
			return badf(field, ErrHybrid, "%q is not in the file tree", f.name)
		}
		other := &tree[next]
		next++
		switch {
		case !slices.Equal(f.Path, other.Path):
			return badf(field+".path", ErrHybrid, "%q, file tree %q", f.Path, other.Path)
		case f.Length != other.Length:
			return badf(field+".length", ErrHybrid, "%d, file tree %d", f.Length, other.Length)
		case !slices.Equal(f.Symlink, other.Symlink):
			return badf(field+".symlink path", ErrHybrid, "%q, file tree %q", f.Symlink, other.Symlink)
		case f.Length > 0 && f.Offset%in.PieceLength != 0:
			return badf(field, ErrHybrid, "it does not start at a piece")
		}
		f.PiecesRoot = other.PiecesRoot
		f.Executable = f.Executable || other.Executable
		f.Hidden = f.Hidden || other.Hidden
	}
	if next < len(tree) {
		return badf(treeField(tree[next].Path), ErrHybrid, "it is not in info.files")
	}
	return nil
}

// fileField names a file in errors.
func (in *Info) fileField(i int) string {
	switch {
	case !in.v1:
		return treeField(in.Files[i].Path)
	case !in.MultiFile:
		return "info"
	}
	return fmt.Sprintf("info.files[%d]", i)
}
