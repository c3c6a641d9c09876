package e2e

import (
	"encoding/hex"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/warren-p2p/warren/metainfo/magnet"
)

const beps = "../docs/beps"

// fenced returns the fenced blocks of a page.
func fenced(t *testing.T, page string) (blocks []string) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(beps, page))
	if err != nil {
		t.Fatal(err)
	}
	for i, part := range strings.Split(string(b), "```\n") {
		if i%2 == 1 {
			blocks = append(blocks, strings.TrimSpace(part))
		}
	}
	return blocks
}

// The commands of the page for other implementers do what it says, and the program
// that tries a peer prints about warren what stands there, at both levels.
func TestConformancePage(t *testing.T) {
	blocks := fenced(t, "submission/conformance.md")
	if len(blocks) != 3 {
		t.Fatalf("%d blocks", len(blocks))
	}
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Skip("no openssl: install it")
	}
	for _, level := range []string{"basic", "strict"} {
		t.Run(level, func(t *testing.T) {
			dir := t.TempDir()
			at := map[string]string{"127.0.0.1:6881": "127.0.0.1:0"}
			for _, name := range []string{"content", "content.torrent", "a", "b", "fetched"} {
				at[name] = filepath.Join(dir, name)
			}
			// as returns the arguments of a command of the page, in this test's places.
			as := func(line string) (args []string) {
				for _, word := range strings.Fields(line)[1:] {
					if place, ok := at[word]; ok {
						word = place
					}
					args = append(args, word)
				}
				return args
			}
			want := content(t, dir, "content", map[string]int{"one": 3 << 20, "two": 5})
			e := start(t, binary, append(as(blocks[0]), "--json", "--level", level)...).event(time.Minute, "ready")
			at["127.0.0.1:6882"] = e.Listen[0]
			run(t, binary, as(blocks[1])...)
			same(t, want, filepath.Join(dir, "fetched", "content"))

			link, err := magnet.Parse(e.Magnet)
			if err != nil {
				t.Fatal(err)
			}
			args := []string{filepath.Join(beps, "probe.py"), e.Listen[0], link.Hashes.V1.String()}
			if link.TLS != nil {
				args = append(args, hex.EncodeToString(link.TLS.Secret))
			}
			_, printed, _ := strings.Cut(blocks[2], "\n")
			if got := strings.TrimSpace(run(t, "python3", args...)); got != printed {
				t.Errorf("it printed\n%s", got)
			}
		})
	}
}
