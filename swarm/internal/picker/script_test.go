package picker

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the expected results in testdata")

var epoch = time.Unix(1_700_000_000, 0)

// pieceSet is a Set for tests.
type pieceSet map[int]bool

func (s pieceSet) Has(i int) bool { return s[i] }

// all is the Set of a seed.
type all struct{}

func (all) Has(int) bool { return true }

// TestScripts runs testdata/*.script: lines of "command arguments -> result".
func TestScripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.script")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := replay(t, string(want))
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if d := cmp.Diff(string(want), got); d != "" && !*update {
				t.Errorf("results differ (-want +got):\n%s", d)
			}
		})
	}
}

func replay(t *testing.T, script string) string {
	var p *Picker
	var out strings.Builder
	for line := range strings.Lines(script) {
		command, _, _ := strings.Cut(strings.TrimRight(line, "\n"), " ->")
		out.WriteString(command)
		if args := strings.Fields(command); len(args) > 0 && args[0] != "#" {
			if args[0] == "new" {
				p = New(atoi(t, args[1]), rand.New(rand.NewPCG(1, 2)))
			} else if result := execute(t, p, args); result != "" {
				out.WriteString(" -> " + result)
			}
			checkInvariants(t, p)
		}
		out.WriteString("\n")
	}
	return out.String()
}

func execute(t *testing.T, p *Picker, args []string) string {
	arg := func(i int) int { return atoi(t, args[i]) }
	switch args[0] {
	case "start", "join", "startdue", "joinlate":
		pick := map[string]func(Peer, Set, time.Time) (int, bool){
			"start": p.Start, "join": p.Join, "startdue": p.StartDue, "joinlate": p.JoinLate,
		}[args[0]]
		now := epoch
		if len(args) > 3 {
			now = at(t, args[3])
		}
		if i, ok := pick(Peer(arg(1)), parseSet(t, args[2]), now); ok {
			return strconv.Itoa(i)
		}
		return "none"
	case "leave":
		p.Leave(Peer(arg(1)), arg(2), len(args) > 3 && args[3] == "partial")
	case "leaveall":
		return fmt.Sprint(p.LeaveAll(Peer(arg(1))))
	case "slow":
		p.Slow(Peer(arg(1)), args[2] == "on")
	case "interested":
		return strconv.FormatBool(p.Interested(parseSet(t, args[1])))
	case "endgame":
		return strconv.FormatBool(p.Endgame())
	case "left":
		return strconv.Itoa(p.Left())
	case "workers":
		return fmt.Sprint(p.Workers(arg(1), nil))
	case "working":
		return fmt.Sprint(p.Working(Peer(arg(1)), nil))
	case "piece":
		return fmt.Sprintf("%+v", p.Snapshot()[arg(1)])
	default:
		configure(t, p, args)
	}
	return ""
}

func configure(t *testing.T, p *Picker, args []string) {
	arg := func(i int) int { return atoi(t, args[i]) }
	switch args[0] {
	case "gain":
		p.GainSet(parseSet(t, args[1]))
	case "lose":
		p.LoseSet(parseSet(t, args[1]))
	case "seed":
		p.GainAll()
	case "unseed":
		p.LoseAll()
	case "priority":
		names := map[string]Priority{"skip": Skip, "low": Low, "normal": Normal, "high": High}
		p.SetPriority(arg(1), names[args[2]])
	case "sequential":
		p.SetSequential(args[1] == "on")
	case "deadline":
		p.SetDeadline(arg(1), at(t, args[2]))
	case "cleardeadlines":
		p.ClearDeadlines()
	case "cleardeadline":
		p.ClearDeadline(arg(1))
	case "pace":
		p.SetPace(Peer(arg(1)), float64(arg(2)))
	case "writing":
		p.Writing(arg(1))
	case "verified":
		p.Verified(arg(1))
	case "failed":
		p.Failed(arg(1))
	default:
		t.Fatalf("unknown command %q", args[0])
	}
}

func atoi(t *testing.T, s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func at(t *testing.T, s string) time.Time {
	d, err := time.ParseDuration(s)
	if err != nil {
		t.Fatal(err)
	}
	return epoch.Add(d)
}

// parseSet reads "*" for a seed, or "0,2,5-8".
func parseSet(t *testing.T, s string) Set {
	if s == "*" {
		return all{}
	}
	set := pieceSet{}
	for part := range strings.SplitSeq(s, ",") {
		from, to, ranged := strings.Cut(part, "-")
		if !ranged {
			to = from
		}
		for i := atoi(t, from); i <= atoi(t, to); i++ {
			set[i] = true
		}
	}
	return set
}
