// Command sim runs simulated swarms: every scenario beside it with many seeds, or
// one with one seed, step by step.
//
//	go run ./sim                               all scenarios, 20 seeds each
//	go run ./sim -seeds 1000                   the same with more
//	go run ./sim -scenario crowd -seed 7 -v    one run, told as it happens
//
// A run that fails prints the command that repeats it. Package swarm/sim says
// what a scenario is.
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
)

func main() {
	var o options
	flag.StringVar(&o.scenario, "scenario", "", "run this scenario alone")
	flag.Uint64Var(&o.seed, "seed", 0, "run with this seed alone")
	flag.IntVar(&o.seeds, "seeds", 20, "run with so many seeds, from 1 on")
	flag.IntVar(&o.parallel, "parallel", runtime.GOMAXPROCS(0), "runs at a time")
	flag.BoolVar(&o.verbose, "v", false, "tell what happens, or with many runs what came of each")
	flag.Parse()
	debug.SetGCPercent(400) // runs are short, and their garbage small
	ok, err := o.run(os.Stdout)
	if err != nil {
		fmt.Fprintln(os.Stderr, "sim:", err)
		os.Exit(2)
	}
	if !ok {
		os.Exit(1)
	}
}
