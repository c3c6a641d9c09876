package script

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/warren-p2p/warren/swarm/sim/internal/network"
)

func (s *Scenario) group(args []string) error {
	if len(args) == 0 || strings.Contains(args[0], "=") || args[0] == "ideal" {
		return errors.New("a group needs a name")
	}
	g := &Group{
		Name: args[0], Count: 1, Up: 200e3, Down: 1e6,
		Delay: Span{10 * time.Millisecond, 40 * time.Millisecond},
	}
	if s.Group(g.Name) != nil {
		return fmt.Errorf("two groups %q", g.Name)
	}
	err := options(args[1:], map[string]setter{
		"count": count(&g.Count, maxNodes), "up": rate(&g.Up), "down": rate(&g.Down), "disk": rate(&g.Disk),
		"delay": span(&g.Delay), "loss": share(&g.Loss), "nat": g.nat,
		"limit": limit(&g.Limit), "slots": count(&g.Slots, maxNodes),
		"join": span(&g.Join), "leave": span(&g.Leave), "back": span(&g.Back), "quit": duration(&g.Quit),
		"complete": flag(&g.Complete), "hoard": flag(&g.Hoard), "freeride": flag(&g.FreeRide),
		"lie": share(&g.Lie), "stall": duration(&g.Stall),
	})
	if err == nil && (g.Delay.To < g.Delay.From || g.Delay.From <= 0 || g.Delay.To > time.Minute) {
		err = errors.New("a delay is between 0 and a minute")
	}
	s.Groups = append(s.Groups, g)
	return err
}

func (g *Group) nat(v string) error {
	kinds := map[string]network.NAT{"open": network.Open, "cone": network.Cone, "closed": network.Closed}
	nat, ok := kinds[v]
	if !ok {
		return fmt.Errorf("no kind of NAT: %q", v)
	}
	g.NAT = nat
	return nil
}

func (s *Scenario) split(args []string) error {
	var sp Split
	err := options(args, map[string]setter{
		"at": duration(&sp.At), "until": duration(&sp.Until), "share": share(&sp.Share),
		"groups": func(v string) error { sp.Groups = strings.Split(v, ","); return nil },
	})
	if err == nil && (sp.Until <= sp.At || len(sp.Groups) == 0 && sp.Share == 0) {
		err = errors.New("a split needs at, a later until, and groups or a share")
	}
	if n := len(s.Splits); err == nil && n > 0 && sp.At < s.Splits[n-1].Until {
		err = errors.New("splits must follow one another")
	}
	s.Splits = append(s.Splits, sp)
	return err
}

// The measures and comparisons that may be expected.
var (
	measures = []string{"done", "p50", "p95", "max", "waste", "banned", "served"}
	ops      = []string{"<=", ">=", "="}
)

func (s *Scenario) expect(args []string) error {
	if len(args) < 4 || len(args) > 5 {
		return errors.New("expect MEASURE GROUP <= VALUE [ideal or GROUP]")
	}
	e := Expect{Measure: args[0], Group: args[1], Op: args[2], Text: strings.Join(args, " ")}
	if !slices.Contains(measures, e.Measure) {
		return fmt.Errorf("no such measure: %q", e.Measure)
	}
	if !slices.Contains(ops, e.Op) {
		return fmt.Errorf("no such comparison: %q", e.Op)
	}
	if len(args) == 5 {
		e.Of = args[4]
	}
	var err error
	if e.Value, err = value(args[3]); err != nil {
		return err
	}
	s.Expects = append(s.Expects, e)
	return nil
}
