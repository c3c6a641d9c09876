package house

import (
	"bytes"
	"fmt"
	"go/ast"
	"maps"
	"slices"
	"strings"

	"github.com/warren-p2p/warren/internal/house/tree"
)

// The sizes this code is written to: what fits a screen or a head. Tests may
// take longer; tables do.
const (
	maxFuncLines    = 60
	maxFileLines    = 250
	maxPackageLines = 700 // of code: neither blank nor comment alone
	minPackageLines = 150
)

// oversized lists what may be larger, and why. An entry that is no longer
// needed breaks the rule too.
var oversized = map[string]string{}

// Sizes checks files, functions and packages against their limits.
func Sizes(t *tree.Tree) []string { return sizes(t, oversized) }

func sizes(t *tree.Tree, oversized map[string]string) []string {
	var broken []string
	used := map[string]bool{}
	over := func(what string, lines, limit int, advice string) {
		if oversized[what] != "" {
			used[what] = true
			return
		}
		broken = append(broken, fmt.Sprintf("%s: %d lines, the limit is %d: %s", what, lines, limit, advice))
	}
	for _, f := range t.Go {
		if f.Test {
			continue
		}
		if n := bytes.Count(t.Texts[f.Path], []byte("\n")); n > maxFileLines {
			over(f.Path, n, maxFileLines, "give each concern its file")
		}
		for _, d := range f.AST.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && t.Lines(fn) > maxFuncLines {
				over(f.Path+" "+fn.Name.Name, t.Lines(fn), maxFuncLines, "name its parts")
			}
		}
	}
	for dir, n := range packageLines(t) {
		if n > maxPackageLines {
			over(dir, n, maxPackageLines, "find the package inside it")
		}
	}
	for _, what := range slices.Sorted(maps.Keys(oversized)) {
		if !used[what] {
			broken = append(broken, what+": listed as oversized but it is not, or not any more")
		}
	}
	slices.Sort(broken)
	return broken
}

// SizeReport tells how large everything is: packages by size, then the largest
// functions.
func SizeReport(t *tree.Tree) string {
	var b strings.Builder
	packages := packageLines(t)
	dirs := slices.SortedFunc(maps.Keys(packages), func(x, y string) int { return packages[y] - packages[x] })
	for _, dir := range dirs {
		note := ""
		if packages[dir] < minPackageLines {
			note = "  small"
		}
		fmt.Fprintf(&b, "%5d  %s%s\n", packages[dir], dir, note)
	}
	type function struct {
		name  string
		lines int
	}
	var functions []function
	for _, f := range t.Go {
		for _, d := range f.AST.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && !f.Test {
				functions = append(functions, function{f.Path + " " + fn.Name.Name, t.Lines(fn)})
			}
		}
	}
	slices.SortFunc(functions, func(x, y function) int { return y.lines - x.lines })
	for _, fn := range functions[:min(10, len(functions))] {
		fmt.Fprintf(&b, "%5d  %s\n", fn.lines, fn.name)
	}
	return b.String()
}

// packageLines counts the lines of code by package, tests left out.
func packageLines(t *tree.Tree) map[string]int {
	count := map[string]int{}
	for _, f := range t.Go {
		if f.Test {
			continue
		}
		for line := range bytes.Lines(t.Texts[f.Path]) {
			line = bytes.TrimSpace(line)
			if len(line) > 0 && !bytes.HasPrefix(line, []byte("//")) {
				count[f.Dir]++
			}
		}
	}
	return count
}
