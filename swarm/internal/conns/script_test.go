package conns

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/warren-p2p/warren/swarm/internal/conns/targets"
	"github.com/warren-p2p/warren/swarm/internal/conns/verdict"
)

var update = flag.Bool("update", false, "rewrite the expected results in testdata")

var epoch = time.Unix(1_700_000_000, 0)

var (
	sourceNames  = []string{"manual", "resume", "tracker", "lsd", "incoming", "discovery", "dht", "pex"}
	outcomeNames = []string{"connected", "notthiskind", "refused", "timedout", "wrongtorrent", "self", "duplicate", "abandoned"}
	policyNames  = []string{"prefer", "off", "require"}
)

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
			s := &scripted{t: t}
			got := s.replay(string(want))
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

// scripted is a manager driven by a script. Time moves with "at" and "wait".
type scripted struct {
	t        *testing.T
	m        *Manager
	cfg      Config
	verdicts *Verdicts
	targets  *targets.Book
	now      time.Time
	pending  []Attempt
}

func (s *scripted) replay(script string) string {
	var out strings.Builder
	for line := range strings.Lines(script) {
		command, _, _ := strings.Cut(strings.TrimRight(line, "\n"), " ->")
		out.WriteString(command)
		if args := strings.Fields(command); len(args) > 0 && args[0] != "#" {
			if result := s.execute(args[0], args[1:]); result != "" {
				out.WriteString(" -> " + result)
			}
		}
		out.WriteString("\n")
	}
	return out.String()
}

func (s *scripted) execute(command string, args []string) string {
	switch command {
	case "new", "torrent":
		s.create(command, args)
	case "wait":
		d, err := time.ParseDuration(args[0])
		if err != nil {
			s.t.Fatal(err)
		}
		s.now = s.now.Add(d)
	case "add":
		return strconv.Itoa(s.m.Add(Source(s.name(sourceNames, args[0])), addrs(args[1:])...))
	case "hear":
		h := Hint{Addr: addr(args[1]), TLS: slices.Contains(args, "tls")}
		if pin, ok := strings.CutPrefix(args[len(args)-1], "pin="); ok {
			h.Pin[0] = pin[0]
		}
		return strconv.Itoa(s.m.Hear(Source(s.name(sourceNames, args[0])), h))
	case "next":
		return s.next()
	case "due":
		// Jitter adds up to a quarter: only the delay before it is stable.
		at, ok := s.m.NextTime()
		if !ok {
			return "never"
		}
		return "in " + base(at.Sub(s.now)).String()
	case "result":
		return s.result(args)
	case "listens":
		h := Hint{Addr: addr(args[1]), TLS: len(args) > 2}
		if h.TLS {
			h.Pin[0] = args[2][0]
		}
		s.m.Listens(addr(args[0]), h, s.now)
	case "closed":
		s.m.Closed(addr(args[0]), s.now)
	case "shun":
		s.m.Shun(s.now, addrs(args)...)
	case "part":
		s.m.Part(s.now, addrs(args)...)
	case "want":
		s.m.SetWants(true, s.now)
	case "accept":
		return s.accept(addr(args[0]))
	case "stats":
		return fmt.Sprintf("%+v", s.m.Stats())
	case "candidates":
		return fmt.Sprint(s.m.Candidates())
	default:
		return s.settings(command, args)
	}
	return ""
}

func (s *scripted) settings(command string, args []string) string {
	switch command {
	case "self":
		s.m.SetSelf(addrs(args)...)
	case "ban":
		return fmt.Sprint(s.m.Ban(netip.MustParseAddr(args[0])))
	case "unban":
		s.m.Unban(netip.MustParseAddr(args[0]))
	case "policy":
		s.m.SetPolicy(Policy(s.name(policyNames, args[0])))
	case "seen":
		s.verdicts.NoteTLS(addr(args[0]), s.cfg.InfoHash, s.now)
	case "told":
		s.verdicts.NoteFace(addr(args[0]), s.cfg.InfoHash, verdict.Face{Pin: verdict.Pin{args[1][0]}}, s.now)
	default:
		s.t.Fatalf("unknown command %q", command)
	}
	return ""
}

// create makes a manager; "torrent" keeps what is known of peers.
func (s *scripted) create(command string, args []string) {
	s.pending = nil
	if command == "new" {
		s.now, s.verdicts, s.targets = epoch, NewVerdicts(100), targets.New()
	}
	s.cfg = Config{
		Verdicts: s.verdicts,
		Rand:     rand.New(rand.NewPCG(1, 2)),
		Blocked:  func(ip netip.Addr) bool { return ip == netip.MustParseAddr("6.6.6.6") },
	}
	for _, arg := range args {
		key, value, _ := strings.Cut(arg, "=")
		n, _ := strconv.Atoi(value)
		switch key {
		case "hash":
			s.cfg.InfoHash[0] = byte(n)
		case "policy":
			s.cfg.Policy = Policy(s.name(policyNames, value))
		case "targets":
			s.cfg.Targets = s.targets
		case "plainfirst":
			s.cfg.PlainFirst = true
		case "max":
			s.cfg.MaxConns = n
		case "halfopen":
			s.cfg.HalfOpen = n
		case "perhost":
			s.cfg.PerHost = n
		case "caps":
			s.cfg.Caps = NewCaps(n, n)
		case "perip":
			s.cfg.PerIP = n
		default:
			s.cfg.Quotas = map[Source]int{Source(s.name(sourceNames, key)): n}
		}
	}
	s.m = New(s.cfg)
}

func (s *scripted) next() string {
	a, ok := s.m.Next(s.now)
	if !ok {
		return "none"
	}
	s.pending = append(s.pending, a)
	pin := ""
	if a.Face.Pin != (verdict.Pin{}) {
		pin = fmt.Sprintf(" pin %c", a.Face.Pin[0])
	}
	return fmt.Sprintf("%v %v %v%s", a.Addr, a.Kind, a.Timeout, pin)
}

// result answers the attempt named, else the latest.
func (s *scripted) result(args []string) string {
	at := len(s.pending) - 1
	if len(args) > 1 {
		at = slices.IndexFunc(s.pending, func(a Attempt) bool { return a.Addr == addr(args[1]) })
	}
	a := s.pending[at]
	s.pending = slices.Delete(s.pending, at, at+1)
	if s.m.Result(a, Outcome(s.name(outcomeNames, args[0])), s.now) {
		return "keep"
	}
	return ""
}

func (s *scripted) accept(a netip.AddrPort) string {
	evicted, ok := s.m.Accept(a, s.now)
	switch {
	case !ok:
		return "refused"
	case evicted.IsValid():
		return "accepted for " + evicted.String()
	}
	return "accepted"
}

func (s *scripted) name(names []string, name string) int {
	i := slices.Index(names, name)
	if i < 0 {
		s.t.Fatalf("unknown name %q", name)
	}
	return i
}

func addr(s string) netip.AddrPort { return netip.MustParseAddrPort(s) }

func addrs(args []string) []netip.AddrPort {
	list := make([]netip.AddrPort, len(args))
	for i, a := range args {
		list[i] = addr(a)
	}
	return list
}

// base returns the delay that jitter was added to, among those there are.
func base(d time.Duration) time.Duration {
	for _, from := range []time.Duration{refusedBackoff, timeoutBackoff, shunBackoff} {
		for b := from; ; b = min(2*b, maxBackoff) {
			if d >= b && d < b+b/4 {
				return b
			}
			if b == maxBackoff {
				break
			}
		}
	}
	return d
}
