package completion_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"github.com/warren-p2p/warren/internal/cli/completion"
	"github.com/warren-p2p/warren/internal/cli/console"
)

// grammar is a command line with everything completion distinguishes.
type grammar struct {
	Top   bool `help:"It's for all."`
	Fetch struct {
		Mode  string `enum:"fast,slow" default:"fast" short:"m" help:"How."`
		Where string `help:"A path."`
		What  string `arg:""`
	} `cmd:"" help:"Fetch it."`
	Group struct {
		One struct{ Deep bool } `cmd:"" help:"The one."`
		Two struct{}            `cmd:"" help:"The other."`
	} `cmd:"" help:"Several."`
	Kind struct {
		Name string `arg:"" enum:"a,b"`
	} `cmd:""`
	Secret struct{} `cmd:"" hidden:""`
}

func script(t *testing.T, shell string) string {
	t.Helper()
	parser, err := kong.New(&grammar{}, kong.Name("warren"))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	cmd := &completion.Command{Shell: shell}
	if err := cmd.Run(&console.Console{Out: &out}, parser.Model); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestBash completes in a real shell.
func TestBash(t *testing.T) {
	file := filepath.Join(t.TempDir(), "warren.bash")
	if err := os.WriteFile(file, []byte(script(t, "bash")), 0o600); err != nil {
		t.Fatal(err)
	}
	for line, want := range map[string]string{
		"":                    "fetch group kind",
		"fe":                  "fetch",
		"--":                  "--help --top",
		"group ":              "one two",
		"group one --d":       "--deep",
		"group --top one --d": "--deep",
		"fetch -":             "--help -h --top --mode -m --where",
		"fetch --mode ":       "fast slow",
		"fetch --mode s":      "slow",
		"fetch --where ":      "", // files, by the shell itself
		"fetch x":             "",
		"kind ":               "a b",
		"sec":                 "",
	} {
		words := "warren"
		for w := range strings.SplitSeq(line, " ") {
			words += " '" + w + "'"
		}
		prog := "source '" + file + "'; COMP_WORDS=(" + words + "); COMP_CWORD=$((${#COMP_WORDS[@]}-1)); _warren; echo \"${COMPREPLY[*]}\""
		out, err := exec.Command("bash", "--norc", "-c", prog).CombinedOutput()
		if got := strings.TrimSpace(string(out)); err != nil || !sameWords(got, want) {
			t.Errorf("%q: %q, %v, want %q", line, got, err, want)
		}
	}
}

// sameWords compares without regard to order.
func sameWords(a, b string) bool {
	count := map[string]int{}
	for w := range strings.FieldsSeq(a) {
		count[w]++
	}
	for w := range strings.FieldsSeq(b) {
		count[w]--
	}
	for _, n := range count {
		if n != 0 {
			return false
		}
	}
	return true
}

func TestFish(t *testing.T) {
	text := script(t, "fish")
	for _, want := range []string{
		`complete -c warren -f -n '__fish_use_subcommand' -a fetch -d 'Fetch it.'`,
		`complete -c warren -f -n '__fish_seen_subcommand_from group; and not __fish_seen_subcommand_from one two' -a two -d 'The other.'`,
		`complete -c warren -n '__fish_seen_subcommand_from fetch' -l mode -s m -x -a 'fast slow' -d 'How.'`,
		`complete -c warren -n '__fish_seen_subcommand_from fetch' -l where -r -d 'A path.'`,
		`complete -c warren -n '__fish_seen_subcommand_from group; and __fish_seen_subcommand_from one' -l top -d 'It\'s for all.'`,
		`complete -c warren -f -n '__fish_seen_subcommand_from kind' -a b`,
	} {
		if !strings.Contains(text, want+"\n") {
			t.Errorf("missing: %s\nin\n%s", want, text)
		}
	}
	if strings.Contains(text, "secret") {
		t.Error("a hidden command is offered")
	}
}

func TestZsh(t *testing.T) {
	first, rest, _ := strings.Cut(script(t, "zsh"), "\n")
	if !strings.Contains(first, "bashcompinit") || rest != script(t, "bash") {
		t.Errorf("zsh does not use bash's script: %q", first)
	}
}
