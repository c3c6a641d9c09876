package house

import (
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/warren-p2p/warren/internal/house/tree"
)

// TestRules runs each rule on the trees in testdata/<rule>.txtar. A tree is a
// txtar archive; its comment lists what the rule must find, one beginning of a
// finding a line.
func TestRules(t *testing.T) {
	for name, check := range map[string]func(*tree.Tree) []string{
		"layers":      Layers,
		"calls":       Calls,
		"state":       State,
		"packagedocs": PackageDocs,
		"exported":    Exported,
		"names":       Names,
		"unfinished":  Unfinished,
		"sizes": func(t *tree.Tree) []string {
			return sizes(t, map[string]string{"gone": "it was large once"})
		},
		"links":         Links,
		"commands":      Commands,
		"machine-paths": func(t *tree.Tree) []string { return MachinePaths(t, "/srv/checkout/") },
	} {
		t.Run(name, func(t *testing.T) {
			archive, err := txtar.ParseFile(filepath.Join("testdata", name+".txtar"))
			if err != nil {
				t.Fatal(err)
			}
			fsys := fstest.MapFS{}
			for _, f := range archive.Files {
				fsys[f.Name] = &fstest.MapFile{Data: grow(f.Data)}
			}
			repo, err := tree.Load(fsys)
			if err != nil {
				t.Fatal(err)
			}
			want := strings.Split(strings.TrimSpace(string(archive.Comment)), "\n")
			got := check(repo)
			for i := range got { // the rest of a line is its reason
				if i < len(want) && strings.HasPrefix(got[i], want[i]) {
					got[i] = want[i]
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// grow writes a line "// grow N" out as N lines of code.
func grow(data []byte) []byte {
	var b strings.Builder
	for line := range strings.Lines(string(data)) {
		text, ok := strings.CutPrefix(strings.TrimSpace(line), "// grow ")
		if n, err := strconv.Atoi(text); ok && err == nil {
			line = strings.Repeat("var _ = 0\n", n)
		}
		b.WriteString(line)
	}
	return []byte(b.String())
}
