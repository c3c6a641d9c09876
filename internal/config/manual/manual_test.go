package manual_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/warren-p2p/warren/internal/config"
	"github.com/warren-p2p/warren/internal/config/manual"
)

var update = flag.Bool("update", false, "write what is generated")

func load(t *testing.T, file string) config.Config {
	t.Helper()
	c, err := config.Load(config.Sources{Path: "config.toml", File: []byte(file)})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestExample: the example is a file that changes nothing, with or without the
// comments.
func TestExample(t *testing.T) {
	text := manual.Example()
	for line := range strings.SplitSeq(text, "\n") {
		if len(line) > 84 {
			t.Errorf("a line of %d columns: %s", len(line), line)
		}
	}
	var open []string
	for line := range strings.SplitSeq(text, "\n") {
		if key, _, ok := strings.Cut(line, " = "); ok && !strings.Contains(strings.TrimPrefix(key, "# "), " ") {
			line = strings.TrimPrefix(line, "# ")
		}
		open = append(open, line)
	}
	plain := load(t, "")
	c := load(t, strings.Join(open, "\n"))
	for _, k := range config.Keys() {
		if c.Origin(k.Name) != config.File {
			t.Errorf("the example lacks %s", k.Name)
		}
		if diff := cmp.Diff(plain.Value(k.Name), c.Value(k.Name)); diff != "" {
			t.Errorf("%s: %s", k.Name, diff)
		}
		if k.Help == "" || !strings.HasSuffix(k.Help, ".") {
			t.Errorf("%s is not explained", k.Name)
		}
	}
	if load(t, text).Origin("listen") != config.Default {
		t.Error("the comments are none")
	}
}

// TestManual: the page is what the types say; -update writes it.
func TestManual(t *testing.T) {
	path := filepath.Join("..", "..", "..", "docs", "user", "configuration.md")
	if *update {
		if err := os.WriteFile(path, []byte(manual.Page()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(manual.Page(), string(got)); diff != "" {
		t.Errorf("docs/user/configuration.md is not what the types say: go test ./internal/config/manual -update\n%s", diff)
	}
}
