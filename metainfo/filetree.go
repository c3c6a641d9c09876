package metainfo

import (
	"fmt"
	"slices"
	"strings"

	"github.com/warren-p2p/warren/internal/wire/bencode"
	"github.com/warren-p2p/warren/metainfo/internal/pathname"
)

// readTree reads the file tree of BEP 52 into a list, in its order.
func readTree(v bencode.Value) ([]File, error) {
	if v.Kind() != bencode.Dict {
		return nil, bad("info.file tree", absentOr(v))
	}
	var files []File
	err := walkTree(v, nil, func(path []string, v bencode.Value) error {
		f, err := readTreeFile(path, v)
		files = append(files, f)
		return err
	})
	return files, err
}

// walkTree calls visit with the properties of each file below dir. Its depth
// is bounded by the depth bencode accepts.
func walkTree(dir bencode.Value, path []string, visit func([]string, bencode.Value) error) error {
	n := 0
	for key, v := range dir.Dict() {
		n++
		if v.Kind() != bencode.Dict {
			return bad(treeField(append(path, key)), ErrType)
		}
		if key == "" { // the properties of path itself: it is a file
			if len(path) == 0 {
				return bad("info.file tree", ErrEmptyName)
			}
			if dir.Len() > 1 {
				return bad(treeField(path), ErrOverlap)
			}
			return visit(path, v)
		}
		if err := pathname.Check(key); err != nil {
			return bad(treeField(append(path, key)), err)
		}
		if err := walkTree(v, append(path, key), visit); err != nil {
			return err
		}
	}
	if n == 0 {
		return bad(treeField(path), ErrEmpty)
	}
	return nil
}

func readTreeFile(path []string, v bencode.Value) (f File, err error) {
	field := treeField(path)
	f.Path = slices.Clone(path)
	if err := pathname.CheckPath(path); err != nil {
		return f, bad(field, err)
	}
	attr, length := v.Get("attr"), v.Get("length")
	isLink := false
	if letters, ok := attr.Text(); ok {
		isLink = strings.Contains(letters, "l")
	}
	if length.Kind() != bencode.Invalid || !isLink {
		if f.Length, err = integer(length, field+".length"); err != nil {
			return f, err
		}
	}
	if err := readAttr(&f, attr, v.Get("symlink path"), field); err != nil {
		return f, err
	}
	if f.Pad {
		return f, badf(field+".attr", ErrPad, "a file tree has no padding")
	}
	if f.Length < 0 || f.Length > maxSpace {
		return f, badf(field+".length", ErrRange, "%d", f.Length)
	}
	if f.Length == 0 {
		return f, nil
	}
	root, err := bytesOf(v.Get("pieces root"), field+".pieces root")
	if err != nil {
		return f, err
	}
	if len(root) != len(f.PiecesRoot) {
		return f, badf(field+".pieces root", ErrRange, "%d bytes", len(root))
	}
	f.PiecesRoot = HashV2(root)
	return f, nil
}

func treeField(path []string) string {
	return fmt.Sprintf("info.file tree[%q]", strings.Join(path, "/"))
}
