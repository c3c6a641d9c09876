package house

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/warren-p2p/warren/internal/house/tree"
)

// load reads the repository this test stands in.
func load(t *testing.T) (repo *tree.Tree, root string) {
	t.Helper()
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	if repo, err = tree.Load(os.DirFS(root)); err != nil {
		t.Fatal(err)
	}
	return repo, root
}

func TestRepository(t *testing.T) {
	repo, root := load(t)
	for _, rule := range []struct {
		name  string
		check func(*tree.Tree) []string
	}{
		{"layers", Layers},
		{"calls", Calls},
		{"state", State},
		{"package docs", PackageDocs},
		{"exported docs", Exported},
		{"names", Names},
		{"unfinished", Unfinished},
		{"sizes", Sizes},
		{"links", Links},
		{"commands", Commands},
		{"machine paths", func(t *tree.Tree) []string { return MachinePaths(t, machineFolders(root)...) }},
	} {
		t.Run(rule.name, func(t *testing.T) {
			for _, broken := range rule.check(repo) {
				t.Error(broken)
			}
		})
	}
	t.Logf("lines of code:\n%s", SizeReport(repo))
}

// machineFolders returns where this checkout lies, unless that is a place whose
// name says nothing about a machine.
func machineFolders(root string) []string {
	if strings.Count(root, string(filepath.Separator)) < 2 {
		return nil
	}
	return []string{root + string(filepath.Separator)}
}

// TestLoad checks that the repository was read at all: an empty tree keeps every
// rule.
func TestLoad(t *testing.T) {
	repo, _ := load(t)
	seen := map[string]bool{}
	for _, f := range repo.Go {
		seen[f.Dir] = true
	}
	for _, dir := range []string{"internal/house", "internal/vfs", "internal/vfs/sys", "metainfo", "swarm"} {
		if !seen[dir] {
			t.Errorf("package %s was not read", dir)
		}
	}
	for _, doc := range []string{"README.md", "ARCHITECTURE.md", "GOALS.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE", "Makefile", ".ci/run"} {
		if len(repo.Texts[doc]) == 0 {
			t.Errorf("%s is missing", doc)
		}
	}
	if seen["tools"] {
		t.Error("a nested module was read as part of this one")
	}
}
