package infodict

import (
	"slices"
	"strings"

	"github.com/warren-p2p/warren/internal/merkle"
	"github.com/warren-p2p/warren/internal/wire/bencode"
	"github.com/warren-p2p/warren/metainfo/internal/check"
	"github.com/warren-p2p/warren/metainfo/internal/pathname"
	"github.com/warren-p2p/warren/metainfo/piecespace"
)

// readTree reads the file tree of BEP 52.
func (d *Dict) readTree(k keys) error {
	if !d.V2 {
		return nil
	}
	v := k["file tree"]
	if v.Kind() != bencode.Dict {
		return check.Bad("info.file tree", check.Absent(v))
	}
	return walkTree(v, nil, func(path []string, v bencode.Value) error {
		f, err := readTreeFile(path, v)
		d.Tree = append(d.Tree, f)
		return err
	})
}

// walkTree calls visit with the properties of each file below dir. Its depth
// is bounded by the depth bencode accepts.
func walkTree(dir bencode.Value, path []string, visit func([]string, bencode.Value) error) error {
	n := 0
	for key, v := range dir.Dict() {
		n++
		if v.Kind() != bencode.Dict {
			return check.Bad(check.TreeField(append(path, key)), check.ErrType)
		}
		if key == "" { // the properties of path itself: it is a file
			if len(path) == 0 {
				return check.Bad("info.file tree", pathname.ErrEmpty)
			}
			if dir.Len() > 1 {
				return check.Bad(check.TreeField(path), pathname.ErrOverlap)
			}
			return visit(path, v)
		}
		if err := pathname.Check(key); err != nil {
			return check.Bad(check.TreeField(append(path, key)), err)
		}
		if err := walkTree(v, append(path, key), visit); err != nil {
			return err
		}
	}
	if n == 0 {
		return check.Bad(check.TreeField(path), check.ErrEmpty)
	}
	return nil
}

func readTreeFile(path []string, v bencode.Value) (f piecespace.File, err error) {
	field := check.TreeField(path)
	f.Path = slices.Clone(path)
	if err := pathname.CheckPath(path); err != nil {
		return f, check.Bad(field, err)
	}
	attr, length := v.Get("attr"), v.Get("length")
	isLink := false
	if letters, ok := attr.Text(); ok {
		isLink = strings.Contains(letters, "l")
	}
	if length.Kind() != bencode.Invalid || !isLink {
		if f.Length, err = check.Int(length, field+".length"); err != nil {
			return f, err
		}
	}
	if err := readAttr(&f, attr, v.Get("symlink path"), field); err != nil {
		return f, err
	}
	if f.Pad {
		return f, check.Badf(field+".attr", check.ErrPad, "a file tree has no padding")
	}
	if f.Length < 0 || f.Length > piecespace.MaxLength {
		return f, check.Badf(field+".length", check.ErrRange, "%d", f.Length)
	}
	if f.Length == 0 {
		return f, nil
	}
	root, err := check.Bytes(v.Get("pieces root"), field+".pieces root")
	if err != nil {
		return f, err
	}
	if len(root) != len(f.PiecesRoot) {
		return f, check.Badf(field+".pieces root", check.ErrRange, "%d bytes", len(root))
	}
	f.PiecesRoot = merkle.Hash(root)
	return f, nil
}
