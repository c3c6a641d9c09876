package house

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/warren-p2p/warren/internal/house/tree"
)

// Links checks that the links of Markdown files lead somewhere: to a file or
// folder of the tree, and to a heading in it. Links to the web are not followed.
func Links(t *tree.Tree) []string {
	link := regexp.MustCompile(`\]\(([^)\s]+)\)|<img src="([^"]+)"`)
	var broken []string
	for _, name := range t.Paths() {
		if !strings.HasSuffix(name, ".md") || tree.Within(name, "testdata") {
			continue
		}
		for _, m := range link.FindAllStringSubmatch(tree.Prose(t.Texts[name]), -1) {
			target := m[1] + m[2]
			if why := follow(t, name, target); why != "" {
				broken = append(broken, fmt.Sprintf("%s: link to %s: %s", name, target, why))
			}
		}
	}
	return broken
}

// follow says why a link in file from leads nowhere.
func follow(t *tree.Tree, from, target string) string {
	if strings.Contains(target, "://") || strings.HasPrefix(target, "mailto:") {
		return ""
	}
	file, anchor, _ := strings.Cut(target, "#")
	to := from
	if file != "" {
		to = path.Join(path.Dir(from), file)
	}
	if !exists(t, to) {
		return "no such file"
	}
	if anchor != "" && strings.HasSuffix(to, ".md") && !tree.Anchors(t.Texts[to])[anchor] {
		return "no such heading"
	}
	return ""
}

// exists reports whether name is a file or the folder of one.
func exists(t *tree.Tree, name string) bool {
	for file := range t.Texts {
		if tree.Below(file, name) || name == "." {
			return true
		}
	}
	return slices.Contains(t.Other, name)
}

// Commands checks that a document of the root names only targets the Makefile
// has.
func Commands(t *tree.Tree) []string {
	targets := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^([a-z][a-z0-9-]*):`).FindAllSubmatch(t.Texts["Makefile"], -1) {
		targets[string(m[1])] = true
	}
	var broken []string
	for _, name := range t.Paths() {
		if !strings.HasSuffix(name, ".md") || strings.Contains(name, "/") {
			continue
		}
		for _, m := range regexp.MustCompile("(?m)(?:`|^)make ([a-z][a-z-]*)").FindAllSubmatch(t.Texts[name], -1) {
			if !targets[string(m[1])] {
				broken = append(broken, fmt.Sprintf("%s: make %s: the Makefile has no such target", name, m[1]))
			}
		}
	}
	return broken
}

// MachinePaths checks that no file speaks of the machine it was written on: of
// somebody's home, or of one of the folders given.
func MachinePaths(t *tree.Tree, folders ...string) []string {
	home := regexp.MustCompile(`(^|[\s"'=(])(/home/|/Users/|[A-Z]:\\Users\\|/` + `root/)[A-Za-z0-9._-]`)
	var broken []string
	for _, name := range t.Paths() {
		if tree.Below(name, "internal/house/testdata") {
			continue
		}
		for i, line := range strings.Split(string(t.Texts[name]), "\n") {
			found := home.FindString(line)
			for _, folder := range folders {
				if strings.Contains(line, folder) {
					found = folder
				}
			}
			if found != "" {
				broken = append(broken, fmt.Sprintf("%s:%d: %q: a path of one machine means nothing on another", name, i+1, found))
			}
		}
	}
	return broken
}
