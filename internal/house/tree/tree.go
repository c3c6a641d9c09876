// Package tree reads a repository for the rules of the house.
package tree

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// Tree is the repository as the rules see it.
type Tree struct {
	Fset  *token.FileSet
	Go    []*GoFile
	Texts map[string][]byte // every text file by its path, Go files included
	Other []string          // paths of the other files: pictures, samples
}

// GoFile is a file of the main module.
type GoFile struct {
	Path string // slash-separated, from the root
	Dir  string // the package's path below the module, "." for the root
	Test bool
	AST  *ast.File
}

// Load reads a tree. It leaves out what is not of the repository (bin, hidden
// folders but .ci) and takes no code from testdata and from nested modules.
func Load(fsys fs.FS) (*Tree, error) {
	t := &Tree{Fset: token.NewFileSet(), Texts: map[string][]byte{}}
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (hidden(name) || name == "bin" || d.Name() == "node_modules"):
			return fs.SkipDir
		case !d.Type().IsRegular():
			return nil
		}
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		if bytes.ContainsRune(data, 0) {
			t.Other = append(t.Other, name)
		} else {
			t.Texts[name] = data
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("load tree: %w", err)
	}
	return t, t.parse()
}

func (t *Tree) parse() error {
	for _, name := range t.Paths() {
		if !strings.HasSuffix(name, ".go") || t.nested(name) || Within(name, "testdata") {
			continue
		}
		f, err := parser.ParseFile(t.Fset, name, t.Texts[name], parser.ParseComments)
		if err != nil {
			return fmt.Errorf("load tree: %w", err)
		}
		t.Go = append(t.Go, &GoFile{
			Path: name, Dir: path.Dir(name), AST: f, Test: strings.HasSuffix(name, "_test.go"),
		})
	}
	return nil
}

// Paths returns the paths of all text files in order.
func (t *Tree) Paths() []string {
	var list []string
	for name := range t.Texts {
		list = append(list, name)
	}
	slices.Sort(list)
	return list
}

// nested reports whether a file belongs to a module of its own.
func (t *Tree) nested(name string) bool {
	for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
		if _, ok := t.Texts[dir+"/go.mod"]; ok {
			return true
		}
	}
	return false
}

// hidden reports whether a folder is somebody's own: git's, an editor's.
func hidden(dir string) bool {
	base := path.Base(dir)
	return base != "." && base != ".ci" && (base[0] == '.' || base[0] == '_')
}

// Within reports whether one of the folders that lead to name is called dir.
func Within(name, dir string) bool {
	return slices.Contains(strings.Split(path.Dir(name), "/"), dir)
}

// Below reports whether dir is root or lies below it.
func Below(dir, root string) bool { return dir == root || strings.HasPrefix(dir, root+"/") }

// At formats the place of a node.
func (t *Tree) At(n ast.Node) string {
	p := t.Fset.Position(n.Pos())
	return fmt.Sprintf("%s:%d", p.Filename, p.Line)
}

// Lines returns how many lines a node takes.
func (t *Tree) Lines(n ast.Node) int {
	return t.Fset.Position(n.End()).Line - t.Fset.Position(n.Pos()).Line + 1
}
