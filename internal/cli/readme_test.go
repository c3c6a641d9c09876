package cli_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/warren-p2p/warren/internal/cli"
)

// step is a command of a document with what it printed.
type step struct {
	args        []string
	printed     []string
	interrupted bool
}

// session reads the commands of a section of a Markdown file: what follows "$ "
// in its code blocks. Lines of the bar, which only terminals see, are left out.
func session(t *testing.T, file, heading string) (steps []step) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	_, text, found := bytes.Cut(text, []byte("\n"+heading+"\n"))
	if !found {
		t.Fatalf("%s has no %q", file, heading)
	}
	text, _, _ = bytes.Cut(text, []byte("\n## "))
	for i, block := range strings.Split(string(text), "```") {
		if i%2 == 0 {
			continue
		}
		for line := range strings.SplitSeq(strings.Trim(block, "\n"), "\n") {
			if command, ok := strings.CutPrefix(line, "$ bin/warren "); ok {
				steps = append(steps, step{args: strings.Fields(command)})
				continue
			}
			if len(steps) == 0 || strings.HasPrefix(line, "$") {
				t.Fatalf("%s: %q is not a command of warren, nor what one printed", file, line)
			}
			switch last := &steps[len(steps)-1]; {
			case line == "^C":
				last.interrupted = true
			case !strings.Contains(line, "░"):
				last.printed = append(last.printed, line)
			}
		}
	}
	return steps
}

// masks replace what differs from run to run and from machine to machine.
var masks = []struct {
	what *regexp.Regexp
	by   string
}{
	{regexp.MustCompile(`[0-9a-f]{40,}`), "HASH"},
	{regexp.MustCompile(`/management/[-_0-9A-Za-z]{43}`), "/management/TOKEN"},
	{regexp.MustCompile(`/private/[-_0-9A-Za-z]{22}#s=[-_0-9A-Za-z]{43}&c=[-_0-9A-Za-z]{43}`), "/private/LINK"},
	{regexp.MustCompile(`127\.0\.0\.1:[0-9]+`), "ADDRESS"},
	{regexp.MustCompile(`It lies in .*fetched`), "It lies in fetched"},
	{regexp.MustCompile(`[0-9][0-9,.]*( ([kMG]?B|ms|s)\b)?`), "N"},
}

func mask(line string) string {
	for _, m := range masks {
		line = m.what.ReplaceAllString(line, m.by)
	}
	return line
}

// compare expects the output of a command to begin as a document says. Lines of
// progress come by time and are left out.
func compare(t *testing.T, s step, said string) {
	t.Helper()
	var got []string
	for line := range strings.SplitSeq(strings.Trim(said, "\n"), "\n") {
		if !regexp.MustCompile(`^(seeding )?photos: `).MatchString(line) {
			got = append(got, line)
		}
	}
	for i, want := range s.printed {
		if i >= len(got) || mask(got[i]) != mask(want) {
			t.Fatalf("warren %s: line %d is not %q; it printed:\n%s", strings.Join(s.args, " "), i+1, want, said)
		}
	}
}

// TestREADME runs the first session of the README as it stands there, on another
// port, and compares what is printed.
func TestREADME(t *testing.T) {
	steps := session(t, filepath.Join("..", "..", "README.md"), "## A first session")
	if len(steps) < 4 || steps[0].args[0] != "share" || !steps[1].interrupted {
		t.Fatalf("the README shows another session than this test knows: %+v", steps)
	}
	photos(t)
	home, address := t.TempDir(), ""
	for _, s := range steps {
		for i, arg := range s.args {
			if arg == "127.0.0.1:6881" && address == "" {
				s.args[i] = "127.0.0.1:0" // may be taken on this machine
			} else if arg == "127.0.0.1:6881" {
				s.args[i] = address
			}
		}
		c := beginAt(home, s.args...)
		if s.args[0] == "share" {
			address = c.serving(t, s)
			defer c.end()
			continue
		}
		c.finish(t, s, func() { waitForContent("fetched") })
	}
}

// TestREADMENode runs the section on the node as it stands there, on other ports and
// away from other nodes.
func TestREADMENode(t *testing.T) {
	steps := session(t, filepath.Join("..", "..", "README.md"), "## A node that stays")
	if len(steps) < 4 || steps[0].args[0] != "run" || steps[1].args[0] != "share" {
		t.Fatalf("the README shows another session than this test knows: %+v", steps)
	}
	photos(t)
	home := t.TempDir()
	steps[0].args = append(steps[0].args, "--listen", "127.0.0.1:0", "--management", "127.0.0.1:0", "--no-dht", "--no-lsd", "--no-portmap")
	node := beginAt(home, steps[0].args...)
	node.serving(t, steps[0])
	defer node.end()
	for _, s := range steps[1:] {
		c := beginAt(home, s.args...)
		if s.interrupted {
			c.serving(t, s)
			c.end()
			continue
		}
		c.finish(t, s, nil)
	}
}

// photos makes what the README shares, and goes there.
func photos(t *testing.T) {
	t.Helper()
	t.Chdir(t.TempDir())
	for i := range 4 {
		b := make([]byte, 10<<20)
		_, _ = rand.NewChaCha8([32]byte{byte(i)}).Read(b)
		if err := os.MkdirAll("photos", 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(fmt.Sprintf("photos/%d.raw", i), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// end ends a command that runs until it is ended.
func (c *command) end() {
	c.cancel()
	<-c.code
}

// finish lets a command come to its end and compares what it printed. One that a
// document interrupts is interrupted once when returns.
func (c *command) finish(t *testing.T, s step, when func()) {
	t.Helper()
	want := cli.ExitDone
	if s.interrupted {
		want = cli.ExitInterrupted
		go func() {
			when()
			c.cancel()
		}()
	}
	said, err := io.ReadAll(c.out)
	if code := <-c.code; code != want || err != nil {
		t.Fatalf("warren %s: exit code %d, %v\n%s%s", strings.Join(s.args, " "), code, err, said, &c.errs)
	}
	compare(t, s, string(said))
}

// serving reads what a command prints until it serves, and returns its address.
func (c *command) serving(t *testing.T, s step) (address string) {
	t.Helper()
	var said strings.Builder
	lines := bufio.NewScanner(c.out)
	for lines.Scan() {
		fmt.Fprintln(&said, lines.Text())
		if at, ok := strings.CutPrefix(lines.Text(), "  listens  "); ok {
			address = at
		}
		if regexp.MustCompile(`^(Seeding|The node in .* seeds|It runs)\b`).MatchString(lines.Text()) {
			break
		}
	}
	go func() { _, _ = io.Copy(io.Discard, c.out) }()
	compare(t, s, said.String())
	return address
}

// waitForContent returns when a piece was written, which it is once verified, or
// when none comes.
func waitForContent(dir string) {
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(time.Millisecond) {
		parts, _ := filepath.Glob(filepath.Join(dir, "*", "*.part"))
		for _, name := range parts {
			b, _ := os.ReadFile(name) // it may have been renamed
			if len(bytes.Trim(b, "\x00")) > 0 {
				return
			}
		}
	}
}
