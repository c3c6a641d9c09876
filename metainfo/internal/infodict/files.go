package infodict

import (
	"fmt"
	"strings"

	"github.com/warren-p2p/warren/internal/wire/bencode"
	"github.com/warren-p2p/warren/metainfo/internal/check"
	"github.com/warren-p2p/warren/metainfo/internal/pathname"
	"github.com/warren-p2p/warren/metainfo/piecespace"
)

// readFiles reads the files of version 1.
func (d *Dict) readFiles(k keys) error {
	if !d.V1 {
		return nil
	}
	length, single := k["length"]
	files, multi := k["files"]
	switch {
	case single && multi:
		return check.Badf("info.files", check.ErrHybrid, "info.length is there too")
	case single:
		n, err := check.Int(length, "info.length")
		if err != nil {
			return err
		}
		d.Files = []piecespace.File{{Path: []string{d.Name}, Length: n}}
		return readAttr(&d.Files[0], k["attr"], bencode.Value{}, "info")
	case multi && files.Kind() != bencode.List:
		return check.Bad("info.files", check.ErrType)
	case !multi:
		return check.Bad("info.files", check.ErrMissing)
	}
	d.MultiFile = true
	for v := range files.All() {
		field := check.FileField(len(d.Files))
		f, err := readFileV1(v, field)
		if err != nil {
			return err
		}
		d.Files = append(d.Files, f)
	}
	return nil
}

func readFileV1(v bencode.Value, field string) (f piecespace.File, err error) {
	if v.Kind() != bencode.Dict {
		return f, check.Bad(field, check.ErrType)
	}
	if f.Length, err = check.Int(v.Get("length"), field+".length"); err != nil {
		return f, err
	}
	path, err := check.Texts(v.Get("path"), field+".path")
	if err != nil {
		return f, err
	}
	f.Path = path
	err = pathname.CheckPath(path)
	if legacy := v.Get("path.utf-8"); err == pathname.ErrEncoding && legacy.Kind() == bencode.List {
		if f.Path, err = check.Texts(legacy, field+".path.utf-8"); err != nil {
			return f, err
		}
		err = pathname.CheckPath(f.Path)
	}
	if err != nil {
		return f, check.Bad(field+".path", err)
	}
	return f, readAttr(&f, v.Get("attr"), v.Get("symlink path"), field)
}

// readAttr reads the attributes of BEP 47; unknown letters mean nothing.
func readAttr(f *piecespace.File, attr, target bencode.Value, field string) error {
	if attr.Kind() == bencode.Invalid {
		return nil
	}
	letters, err := check.Text(attr, field+".attr")
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
		return check.Badf(field+".attr", check.ErrPad, "it is a symbolic link too")
	}
	if f.Length != 0 {
		return check.Badf(field+".length", pathname.ErrSymlink, "%d bytes", f.Length)
	}
	if f.Symlink, err = check.Texts(target, field+".symlink path"); err != nil {
		return err
	}
	if err := pathname.CheckPath(f.Symlink); err != nil {
		return check.Bad(field+".symlink path", fmt.Errorf("%w: %w", pathname.ErrSymlink, err))
	}
	return nil
}
