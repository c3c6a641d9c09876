package queue

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

var epoch = time.Unix(1e9, 0)

// TestScripts runs testdata/*.script: lines of "command arguments -> result".
//
//	limits DOWNLOADS SEEDS TOTAL
//	add NAMES…              at the end of the line
//	is NAME KIND [RATE]     none, download or seed; forced- before it forces
//	move NAME POSITION      and line, which prints it
//	at SECONDS              decides, and does what was decided
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

// scene is a line, and what the torrents do.
type scene struct {
	t     *testing.T
	q     *Queue[string]
	looks map[string]*Look
}

func replay(t *testing.T, script string) string {
	s := &scene{t: t}
	var out strings.Builder
	for line := range strings.Lines(script) {
		command, _, _ := strings.Cut(strings.TrimRight(line, "\n"), " ->")
		out.WriteString(command)
		if args := strings.Fields(command); len(args) > 0 && args[0] != "#" {
			if result := s.do(args); result != "" {
				out.WriteString(" -> " + result)
			}
		}
		out.WriteString("\n")
	}
	return out.String()
}

func (s *scene) do(args []string) string {
	switch args[0] {
	case "new":
		s.q, s.looks = New[string](Limits{}), map[string]*Look{}
	case "limits":
		s.q.SetLimits(Limits{s.int(args[1]), s.int(args[2]), s.int(args[3])})
	case "add":
		for _, name := range args[1:] {
			s.q.Add(name)
			s.looks[name] = &Look{Kind: Download, Active: true, Rate: 1 << 20}
		}
	case "is":
		l := s.looks[args[1]]
		kind, forced := strings.CutPrefix(args[2], "forced-")
		l.Kind, l.Forced, l.Rate = map[string]Kind{"none": None, "download": Download, "seed": Seed}[kind], forced, 1<<20
		if len(args) > 3 {
			l.Rate = int64(s.int(args[3]))
		}
	case "remove":
		s.q.Remove(args[1])
	case "move":
		s.q.Move(args[1], s.int(args[2]))
	case "line":
		var names []string
		for _, p := range s.q.line {
			names = append(names, p.id)
		}
		return strings.Join(names, " ")
	case "at":
		return s.decide(epoch.Add(time.Duration(s.int(args[1])) * time.Second))
	default:
		s.t.Fatalf("unknown command %q", args[0])
	}
	return ""
}

func (s *scene) decide(now time.Time) string {
	var said []string
	for _, v := range s.q.Decide(now, func(id string) Look { return *s.looks[id] }) {
		s.looks[v.ID].Active = !v.Hold
		if text := v.ID + " goes on"; v.Hold {
			said = append(said, fmt.Sprintf("%s waits (%d, overall %v)", v.ID, v.Why.Limit, v.Why.Overall))
		} else {
			said = append(said, text)
		}
	}
	if len(said) == 0 {
		return "nothing"
	}
	return strings.Join(said, ", ")
}

func (s *scene) int(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		s.t.Fatal(err)
	}
	return n
}

// Whatever torrents do, no limit is passed, forced ones run, a place is not left
// empty while somebody waits for it, and a second look changes nothing.
func TestProperties(t *testing.T) {
	for seed := range uint64(200) {
		rng := rand.New(rand.NewPCG(seed, 1))
		q := New[int](Limits{rng.IntN(4), rng.IntN(4), rng.IntN(6)})
		looks := map[int]*Look{}
		for i := range 10 {
			q.Add(i)
			looks[i] = &Look{Active: true}
		}
		for step := range 60 {
			l := looks[rng.IntN(10)]
			l.Kind, l.Forced, l.Rate = Kind(rng.IntN(3)), rng.IntN(8) == 0, int64(rng.IntN(2))*4096
			who, to := rng.IntN(10), rng.IntN(12)-1
			q.Move(who, to)
			if at := q.Position(who); at != min(max(to, 0), 9) {
				t.Fatalf("seed %d: moved to %d, it stands at %d", seed, to, at)
			}
			if rng.IntN(8) == 0 {
				q.Remove(who)
				q.Add(who)
			}
			now := epoch.Add(time.Duration(step) * 10 * time.Second)
			look := func(i int) Look { return *looks[i] }
			for _, v := range q.Decide(now, look) {
				looks[v.ID].Active = !v.Hold
			}
			check(t, q, looks)
			if again := q.Decide(now, look); len(again) > 0 {
				t.Fatalf("seed %d: a second look changes %+v", seed, again)
			}
		}
	}
}

func check(t *testing.T, q *Queue[int], looks map[int]*Look) {
	t.Helper()
	var used taken
	for i, p := range q.line {
		if q.Position(p.id) != i {
			t.Fatalf("%d stands at %d, not at %d", p.id, i, q.Position(p.id))
		}
		if l := looks[p.id]; l.Active && !l.Forced && l.Kind != None {
			used.total++
			if !p.slow {
				used.kinds[l.Kind]++
			}
		}
	}
	limits := [...]int{Download: q.limits.Downloads, Seed: q.limits.Seeds}
	full := func(k Kind) bool {
		return limits[k] > 0 && used.kinds[k] >= limits[k] || q.limits.Total > 0 && used.total >= q.limits.Total
	}
	for k := Download; k <= Seed; k++ {
		if limits[k] > 0 && used.kinds[k] > limits[k] {
			t.Fatalf("%d of kind %d, at most %d", used.kinds[k], k, limits[k])
		}
	}
	if q.limits.Total > 0 && used.total > q.limits.Total {
		t.Fatalf("%d in all, at most %d", used.total, q.limits.Total)
	}
	for id, l := range looks {
		if !l.Active && (l.Forced || l.Kind == None || !full(l.Kind)) {
			t.Fatalf("%d waits for nothing: %+v", id, *l)
		}
	}
}
