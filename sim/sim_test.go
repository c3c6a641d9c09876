package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/warren-p2p/warren/swarm/sim"
)

// TestSmallScenarios runs those of a few nodes, with one seed each; the command
// runs all with many.
func TestSmallScenarios(t *testing.T) {
	all, err := scenarios()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 60 {
		t.Errorf("%d scenarios", len(all))
	}
	ran := 0
	for _, sc := range all {
		nodes := 0
		for _, g := range sc.Groups {
			nodes += g.Count
		}
		if nodes > 12 {
			continue
		}
		ran++
		t.Run(sc.Name, func(t *testing.T) {
			t.Parallel()
			j := &job{sc: sc, seed: 1}
			if j.result = sim.Run(sc, j.seed, nil); j.result.Err != nil {
				t.Errorf("%v\n%s", j.result.Err, replay(j))
			}
		})
	}
	if ran < 15 {
		t.Errorf("%d scenarios are small", ran)
	}
}

// TestEveryScenarioExpects: a scenario that expects nothing shows little.
func TestEveryScenarioExpects(t *testing.T) {
	all, err := scenarios()
	if err != nil {
		t.Fatal(err)
	}
	for _, sc := range all {
		if len(sc.Expects) == 0 {
			t.Errorf("%s expects nothing", sc.Name)
		}
	}
}

func TestCommand(t *testing.T) {
	var out bytes.Buffer
	o := options{scenario: "pair", seeds: 3, parallel: 2, verbose: true}
	if ok, err := o.run(&out); !ok || err != nil {
		t.Errorf("%v, %v:\n%s", ok, err, &out)
	}
	if !strings.Contains(out.String(), "3 runs") || !strings.Contains(out.String(), "pair, seed 3") {
		t.Errorf("wrote\n%s", &out)
	}
	out.Reset()
	o = options{scenario: "pair", seed: 9, verbose: true}
	if ok, err := o.run(&out); !ok || err != nil || !strings.Contains(out.String(), "peer-1 has everything") {
		t.Errorf("%v, %v:\n%s", ok, err, &out)
	}
	o.scenario = "no such"
	if _, err := o.run(&out); err == nil {
		t.Error("ran a scenario that there is none of")
	}
}

// A run that fails says how to repeat it.
func TestFailureIsReplayable(t *testing.T) {
	sc, err := sim.Parse("doomed", "group seed complete hoard\ngroup peer\nuntil 1m\nexpect done peer = 100%")
	if err != nil {
		t.Fatal(err)
	}
	jobs := []*job{{sc: sc, seed: 5, done: make(chan struct{})}, {sc: sc, seed: 6, done: make(chan struct{})}}
	var out bytes.Buffer
	o := options{parallel: 1}
	if o.many(&out, jobs) {
		t.Error("the run was as expected")
	}
	if want := "go run ./sim -scenario doomed -seed 6 -v"; !strings.Contains(out.String(), want) {
		t.Errorf("no %q in\n%s", want, &out)
	}
}
