// Package script reads scenarios: who takes part in a simulated swarm, what
// happens to them, and what is expected of it.
//
// A scenario is lines of words. What follows a # is a comment.
//
//	content pieces=64 blocks=16     what is shared; a block is 16 KiB
//	until 10m                       when it ends at the latest
//	patience 3m                     how long a peer may get nothing
//	                                while a full copy is in its reach
//	limits conns=80 halfopen=16     of each node
//	tracker want=50 every=60s       what an announce returns, how often
//	group peers count=200 up=200K down=1M delay=10ms..60ms
//	split at=30s until=60s groups=peers,seed
//	expect p95 peers <= 1.3 ideal
//
// A group may further say loss=0.1%, nat=open (cone, closed), disk=5M,
// limit=100K (of the upload), slots=4, join=0s..30s, leave=60s..90s (after it
// has joined), back=20s (after it has left), quit=10s (after it has everything),
// and how its nodes behave: complete, lie=100%, hoard, freeride, stall=30s. Of a
// range each node draws its value. Rates are bytes per second; K and M are
// thousands and millions. A split parts the named groups from all others, or,
// with share=50%, that share of all nodes.
//
// What can be expected is of a group: done (the share of nodes that have
// everything), p50, p95, max (the time from joining to having everything), waste
// (the share of what came that was of no use), banned (the share that somebody
// has banned), served (what they sent divided by what they got). It is compared
// with a number, a duration, a share, or a multiple of the ideal or of the same
// measure of another group:
//
//	expect p50 riders >= 1.2 peers
package script

import (
	"bufio"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/warren-p2p/warren/swarm/sim/internal/network"
)

// ErrSyntax is wrapped by all errors about a scenario.
var ErrSyntax = errors.New("scenario is not understood")

// Span is a range of durations.
type Span struct{ From, To time.Duration }

// Group is nodes of one sort.
type Group struct {
	Name           string
	Count          int
	Up, Down, Disk float64 // bytes per second
	Delay          Span
	Loss           float64
	NAT            network.NAT
	Limit          int64
	Slots          int

	Join        Span
	Leave, Back Span // Leave.To is 0 for never
	Quit        time.Duration

	Complete, Hoard, FreeRide bool
	Lie                       float64
	Stall                     time.Duration
}

// Honest reports whether the nodes of the group behave.
func (g *Group) Honest() bool {
	return g.Lie == 0 && !g.Hoard && !g.FreeRide && g.Stall == 0
}

// Split is a partition.
type Split struct {
	At, Until time.Duration
	Groups    []string
	Share     float64
}

// Expect is what a scenario has to come to.
type Expect struct {
	Measure, Group string
	Op             string // <=, >= or =
	Value          float64
	Of             string // "", "ideal", or a group
	Text           string
}

// Scenario is a swarm and its fate.
type Scenario struct {
	Name            string
	Pieces, Blocks  int
	Until, Patience time.Duration
	Conns, HalfOpen int
	Want            int
	Every           time.Duration
	Groups          []*Group
	Splits          []Split
	Expects         []Expect
}

// The bounds of what a scenario may ask for.
const (
	maxPieces = 1 << 16
	maxBlocks = 1 << 10
	maxNodes  = 5000
	maxTime   = 24 * time.Hour
)

// Parse reads a scenario.
func Parse(name, text string) (*Scenario, error) {
	s := &Scenario{
		Name: name, Pieces: 64, Blocks: 16, Until: time.Hour, Patience: 3 * time.Minute,
		Conns: 80, HalfOpen: 16, Want: 50, Every: time.Minute,
	}
	lines := bufio.NewScanner(strings.NewReader(text))
	for n := 1; lines.Scan(); n++ {
		line, _, _ := strings.Cut(lines.Text(), "#")
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		if err := s.line(words); err != nil {
			return nil, fmt.Errorf("%w: %s, line %d: %w", ErrSyntax, name, n, err)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrSyntax, name, err)
	}
	if err := s.check(); err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrSyntax, name, err)
	}
	return s, nil
}

func (s *Scenario) line(words []string) error {
	args := words[1:]
	switch words[0] {
	case "content":
		return options(args, map[string]setter{"pieces": count(&s.Pieces, maxPieces), "blocks": count(&s.Blocks, maxBlocks)})
	case "limits":
		return options(args, map[string]setter{"conns": count(&s.Conns, maxNodes), "halfopen": count(&s.HalfOpen, maxNodes)})
	case "tracker":
		return options(args, map[string]setter{"want": count(&s.Want, maxNodes), "every": duration(&s.Every)})
	case "until":
		return single(args, duration(&s.Until))
	case "patience":
		return single(args, duration(&s.Patience))
	case "group":
		return s.group(args)
	case "split":
		return s.split(args)
	case "expect":
		return s.expect(args)
	}
	return fmt.Errorf("no such word: %q", words[0])
}

// Group returns the group of a name, nil if there is none.
func (s *Scenario) Group(name string) *Group {
	for _, g := range s.Groups {
		if g.Name == name {
			return g
		}
	}
	return nil
}

func (s *Scenario) check() error {
	nodes := 0
	for _, g := range s.Groups {
		nodes += g.Count
	}
	switch {
	case nodes == 0 || nodes > maxNodes:
		return fmt.Errorf("%d nodes, must be 1 to %d", nodes, maxNodes)
	case s.Until > maxTime || s.Until <= 0 || s.Every <= 0 || s.Patience <= 0:
		return fmt.Errorf("a time is not between 0 and %v", maxTime)
	case s.Pieces*s.Blocks > 1<<18:
		return errors.New("content is too large")
	}
	for _, sp := range s.Splits {
		for _, name := range sp.Groups {
			if s.Group(name) == nil {
				return fmt.Errorf("no group %q to split off", name)
			}
		}
	}
	for _, e := range s.Expects {
		if s.Group(e.Group) == nil || e.Of != "" && e.Of != "ideal" && s.Group(e.Of) == nil {
			return fmt.Errorf("expect %s: no such group", e.Text)
		}
	}
	return nil
}
