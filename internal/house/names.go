package house

import (
	"fmt"
	"go/ast"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/warren-p2p/warren/internal/house/tree"
)

// PackageDocs checks that every package says what it is: its comment is the
// next thing to read after the architecture page.
func PackageDocs(t *tree.Tree) []string {
	documented := map[string]bool{}
	for _, f := range t.Go {
		if f.Test && documented[f.Dir] {
			continue
		}
		text := f.AST.Doc.Text()
		want := "Package " + strings.TrimSuffix(f.AST.Name.Name, "_test") + " "
		if f.AST.Name.Name == "main" {
			want = "Command "
			if !strings.HasPrefix(text, want) {
				want = path.Base(f.Dir) + " "
			}
		}
		documented[f.Dir] = documented[f.Dir] || strings.HasPrefix(text, want)
	}
	var broken []string
	for _, dir := range slices.Sorted(maps.Keys(documented)) {
		if !documented[dir] {
			broken = append(broken, dir+`: no package comment ("Package x …", or "Command x …" for a main package)`)
		}
	}
	return broken
}

// Names checks that no package or file is called after nothing in particular:
// what has no subject grows without end.
func Names(t *tree.Tree) []string {
	vague := []string{"util", "utils", "common", "types", "helper", "helpers", "misc", "shared", "base"}
	var broken []string
	for _, f := range t.Go {
		file := strings.TrimSuffix(strings.TrimSuffix(path.Base(f.Path), ".go"), "_test")
		if slices.Contains(vague, file) || slices.Contains(vague, path.Base(f.Dir)) {
			broken = append(broken, f.Path+": name it after what it is about")
		}
	}
	return broken
}

// Unfinished checks that no comment puts work off: an open end is an issue or it
// is nothing.
func Unfinished(t *tree.Tree) []string {
	marks := regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME|X` + `XX|HA` + `CK)\b`)
	var broken []string
	for _, f := range t.Go {
		for _, group := range f.AST.Comments {
			for _, c := range group.List {
				if m := marks.FindString(c.Text); m != "" {
					broken = append(broken, fmt.Sprintf("%s: %s in a comment: finish it, or open an issue", t.At(c), m))
				}
			}
		}
	}
	return broken
}

// Exported checks that what other programs import is explained.
func Exported(t *tree.Tree) []string {
	public := []string{"permid", "metainfo", "peerwire", "btls", "swarm", "tracker"}
	var broken []string
	for _, f := range t.Go {
		if f.Test || !anyBelow(f.Dir, public) || tree.Within(f.Path+"/", "internal") {
			continue
		}
		for _, d := range f.AST.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Name.IsExported() && fn.Doc == nil && onExported(fn) && !ofError(fn) {
				broken = append(broken, fmt.Sprintf("%s: %s has no comment: shapes, units, errors, source", t.At(fn), fn.Name.Name))
			}
		}
	}
	return broken
}

// onExported reports whether fn is a function or the method of an exported type.
func onExported(fn *ast.FuncDecl) bool {
	if fn.Recv == nil || len(fn.Recv.List) == 0 {
		return true
	}
	id := root(fn.Recv.List[0].Type)
	return id != nil && id.IsExported()
}

// ofError reports whether fn only makes its type an error: the type's comment
// says it all.
func ofError(fn *ast.FuncDecl) bool {
	return fn.Recv != nil && slices.Contains([]string{"Error", "Unwrap", "Is", "As"}, fn.Name.Name)
}
