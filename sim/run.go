package main

import (
	"embed"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"sync"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/warren-p2p/warren/swarm/sim"
)

//go:embed scenarios/*.txtar
var archives embed.FS

// scenarios reads all scenarios, in order.
func scenarios() ([]*sim.Scenario, error) {
	var all []*sim.Scenario
	names := map[string]bool{}
	files, err := fs.Glob(archives, "scenarios/*.txtar")
	if err != nil {
		return nil, err
	}
	for _, name := range files {
		data, err := archives.ReadFile(name)
		if err != nil {
			return nil, err
		}
		for _, f := range txtar.Parse(data).Files {
			sc, err := sim.Parse(f.Name, string(f.Data))
			if err != nil {
				return nil, err
			}
			if names[f.Name] {
				return nil, fmt.Errorf("two scenarios are named %s", f.Name)
			}
			names[f.Name] = true
			all = append(all, sc)
		}
	}
	return all, nil
}

// options are what the command line says.
type options struct {
	scenario string
	seed     uint64
	seeds    int
	parallel int
	verbose  bool
}

// job is one run.
type job struct {
	sc     *sim.Scenario
	seed   uint64
	result *sim.Result
	done   chan struct{}
}

// run makes the runs and reports whether all were as expected.
func (o *options) run(out io.Writer) (bool, error) {
	all, err := scenarios()
	if err != nil {
		return false, err
	}
	var jobs []*job
	for _, sc := range all {
		if o.scenario != "" && sc.Name != o.scenario {
			continue
		}
		for seed := range uint64(max(o.seeds, 1)) {
			if o.seed == 0 || seed == 0 {
				jobs = append(jobs, &job{sc: sc, seed: max(o.seed, seed+1), done: make(chan struct{})})
			}
		}
	}
	switch {
	case len(jobs) == 0:
		return false, fmt.Errorf("no scenario %q", o.scenario)
	case len(jobs) == 1:
		var trace io.Writer
		if o.verbose {
			trace = out
		}
		r := sim.Run(jobs[0].sc, jobs[0].seed, trace)
		r.Write(out)
		return r.Err == nil, nil
	}
	return o.many(out, jobs), nil
}

// many makes runs side by side and tells of them in order.
func (o *options) many(out io.Writer, jobs []*job) bool {
	var wg sync.WaitGroup
	queue := make(chan *job)
	for range max(o.parallel, 1) {
		wg.Go(func() {
			for j := range queue {
				j.result = sim.Run(j.sc, j.seed, nil)
				close(j.done)
			}
		})
	}
	wg.Go(func() {
		defer close(queue)
		for _, j := range jobs {
			queue <- j
		}
	})
	failed, events := 0, 0
	for _, j := range jobs {
		<-j.done
		events += j.result.Events
		if o.verbose {
			j.result.Write(out)
		}
		if j.result.Err != nil {
			failed++
			fmt.Fprintf(out, "FAILED: %v\n  %s\n", j.result.Err, replay(j))
		}
	}
	wg.Wait()
	fmt.Fprintf(out, "%d runs, %d events, %d failed\n", len(jobs), events, failed)
	return failed == 0
}

// replay is the command that repeats a run and tells what happens in it.
func replay(j *job) string {
	return strings.Join([]string{"go run ./sim -scenario", j.sc.Name, "-seed", fmt.Sprint(j.seed), "-v"}, " ")
}
