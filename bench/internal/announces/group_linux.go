package announces

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/warren-p2p/warren/bench/internal/process"
	"github.com/warren-p2p/warren/bench/internal/procfs"
	"github.com/warren-p2p/warren/bench/internal/report"
	"github.com/warren-p2p/warren/bench/internal/report/figure"
	"github.com/warren-p2p/warren/bench/internal/workspace"
)

// addr is where trackers listen.
const addr = "127.0.0.1:6969"

// How many announces a repetition makes, beside those that fill.
const (
	overUDP  = 2_000_000
	overHTTP = 150_000
)

// Runner measures in a work directory.
type Runner struct {
	Space   *workspace.Space
	Proc    procfs.FS
	Self    []string // the role that generates: what, address and number follow
	Warren  string   // its binary
	Chihaya string   // its binary, or "" to leave it out
	Timeout time.Duration
	Log     func(format string, args ...any)
}

// tracker is a program under test.
type tracker struct {
	name    string
	command process.Command
}

func (r *Runner) trackers() ([]tracker, error) {
	if err := r.Space.Write("trackers.list", List(), 0o644); err != nil {
		return nil, err
	}
	pinned := func(name string, args ...string) tracker {
		return tracker{name, process.Command{Args: append([]string{"taskset", "-c", "0"}, args...)}}
	}
	all := []tracker{
		pinned(figure.Opentracker, "opentracker", "-i", "127.0.0.1", "-p", "6969", "-P", "6969", "-d", "/", "-w", r.Space.Join("trackers.list"), "-u", "nobody"),
		pinned(figure.Warren, r.Warren, "tracker", "--home", r.Space.Join("tracker-home"), "--udp", addr, "--http", addr, "--rate", "0"),
	}
	if r.Chihaya != "" {
		if err := r.Space.Write("chihaya.yaml", chihaya, 0o644); err != nil {
			return nil, err
		}
		all = append(all, pinned(figure.Chihaya, r.Chihaya, "--config", r.Space.Join("chihaya.yaml")))
	}
	return all, nil
}

// chihaya is a configuration without hooks.
const chihaya = `chihaya:
  announce_interval: 30m
  min_announce_interval: 15m
  http: {addr: "127.0.0.1:6969", read_timeout: 5s, write_timeout: 5s, enable_keepalive: true, idle_timeout: 30s, announce_routes: ["/announce"], scrape_routes: ["/scrape"], allow_ip_spoofing: false, max_numwant: 100, default_numwant: 50, max_scrape_infohashes: 50}
  udp: {addr: "127.0.0.1:6969", max_clock_skew: 10s, private_key: "paste a random string here that will be used to hmac connection IDs", allow_ip_spoofing: false, max_numwant: 100, default_numwant: 50, max_scrape_infohashes: 50}
  storage: {name: memory, config: {gc_interval: 3m, peer_lifetime: 31m, shard_count: 1024, prometheus_reporting_interval: 1s}}
  prehooks: []
`

// Group measures the trackers by turns.
func (r *Runner) Group(ctx context.Context, reps int) (report.Group, error) {
	g := report.Group{Part: report.Tracker, Torrents: Torrents, Peers: Torrents * PeersOf}
	all, err := r.trackers()
	if err != nil {
		return g, err
	}
	for _, t := range all {
		for _, op := range []string{Fill, UDP, HTTP} {
			e := report.Entry{Client: t.name, Op: op}
			if op == Fill {
				line := strings.ReplaceAll(strings.Join(t.command.Args, " "), r.Space.Path, "$W")
				e.Commands = []report.Command{{Role: "tracker", Line: line}}
			}
			g.Entries = append(g.Entries, e)
		}
	}
	for range reps {
		for i, t := range all {
			if err := r.once(ctx, t, g.Entries[3*i:3*i+3]); err != nil {
				return g, err
			}
		}
	}
	return g, nil
}

// once runs a tracker and announces to it.
func (r *Runner) once(ctx context.Context, t tracker, entries []report.Entry) error {
	ctx, cancel := context.WithTimeout(ctx, r.Timeout)
	defer cancel()
	p, err := process.Start("", t.command, r.Proc)
	if err != nil {
		return err
	}
	defer p.Stop()
	select {
	case <-time.After(2 * time.Second): // they listen within a tenth of that
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	before, err := r.Proc.Memory(p.PID())
	if err != nil {
		return errors.Join(p.Failure("measure "+t.name), err)
	}
	for i, load := range []struct {
		what string
		n    int64
	}{{Fill, Torrents * PeersOf}, {UDP, overUDP}, {HTTP, overHTTP}} {
		run, err := r.generate(ctx, p, load.what, load.n)
		if err != nil {
			if ctx.Err() != nil && context.Cause(ctx) == context.Canceled {
				return err
			}
			entries[i].Error = err.Error()
			continue
		}
		if load.what == Fill {
			after, err := r.Proc.Memory(p.PID())
			if err != nil {
				return err
			}
			run.RSS = after.RSS - before.RSS
		}
		entries[i].Runs = append(entries[i].Runs, run)
		r.Log("tracker %s %s: %d announces in %.1f s, %.2f µs of the processor each", t.name, load.what, run.Announces, run.Seconds, run.CPUDown/float64(run.Announces)*1e6)
	}
	return nil
}

// generate runs the generator once.
func (r *Runner) generate(ctx context.Context, p *process.Process, what string, n int64) (report.Run, error) {
	began, err := p.CPU()
	if err != nil {
		return report.Run{}, err
	}
	args := append([]string{"taskset", "-c", "1"}, r.Self...)
	u, err := process.Run(ctx, process.Command{Args: append(args, what, addr, strconv.FormatInt(n, 10))}, r.Proc)
	if err != nil {
		return report.Run{}, err
	}
	ended, err := p.CPU()
	if err != nil {
		return report.Run{}, err
	}
	told, err := parse(u.Output)
	if err != nil {
		return report.Run{}, fmt.Errorf("what the generator says: %w", err)
	}
	if told.Announces < n*95/100 {
		return report.Run{}, fmt.Errorf("of %d announces %d were answered, %d refused and %d lost", n, told.Announces, told.Refused, told.Lost)
	}
	return report.Run{Announces: told.Announces, Seconds: told.Seconds, CPUDown: (ended - began).Seconds(), Lost: told.Lost + told.Refused}, nil
}
