//go:build linux

package crowd

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/warren-p2p/warren/bench/internal/process"
	"github.com/warren-p2p/warren/bench/internal/procfs"
	"github.com/warren-p2p/warren/bench/internal/report"
	"github.com/warren-p2p/warren/bench/internal/report/figure"
	"github.com/warren-p2p/warren/bench/internal/transfer"
	"github.com/warren-p2p/warren/bench/internal/workspace"
)

// Runner measures in a work directory.
type Runner struct {
	Space   *workspace.Space
	Proc    procfs.FS
	Self    string   // this program, which has the roles
	Roles   Roles    // their names
	Python  []string // the script that runs libtorrent, nil to leave it out
	Settle  time.Duration
	Timeout time.Duration
	Log     func(format string, args ...any)
}

// Roles are the names of the functions of this package as processes.
type Roles struct{ Prepare, Serve, Node, Peers string }

// Dir is the crowd's directory in the work directory.
const Dir = "crowd"

// errSilent reports a process that did not say what it should.
var errSilent = errors.New("it has said nothing of it")

// contestant is a way to have all torrents.
type contestant struct {
	entry report.Entry
	args  []string
}

// Group measures a crowd of torrents with each program by turns.
func (r *Runner) Group(ctx context.Context, s Spec, reps int) (report.Group, error) {
	g := report.Group{Part: report.Torrents, Bytes: int64(s.Pieces) * s.PieceLength, PieceLength: s.PieceLength, Torrents: s.Torrents}
	line, err := r.prepare(ctx, s)
	if err != nil {
		return g, err
	}
	for _, c := range line {
		g.Entries = append(g.Entries, c.entry)
	}
	for _, order := range transfer.Turns(len(line), reps) {
		for _, i := range order {
			e := &g.Entries[i]
			if e.Error != "" {
				continue
			}
			run, err := r.serve(ctx, line[i].args)
			if ctx.Err() != nil {
				return g, context.Cause(ctx)
			}
			if err != nil {
				e.Error = strings.ReplaceAll(err.Error(), r.Space.Path, "$W")
				r.Log("torrents %s: %s", e.Title(), e.Error)
				continue
			}
			e.Runs = append(e.Runs, run)
			r.Log("torrents %s: %.2f s, %.1f MB", e.Title(), run.Seconds, float64(run.RSS)/1e6)
		}
	}
	return g, nil
}

// prepare makes the torrents, and has every program told that they are complete.
func (r *Runner) prepare(ctx context.Context, s Spec) ([]contestant, error) {
	r.Log("making %d torrents", s.Torrents)
	if err := Make(r.Space, Dir, s); err != nil {
		return nil, err
	}
	dir, n, settle := r.Space.Join(Dir), strconv.Itoa(s.Torrents), r.Settle
	all := []contestant{{report.Entry{Client: figure.Warren}, []string{r.Self, r.Roles.Serve, dir, n, settle.String()}}}
	ready := [][]string{{r.Self, r.Roles.Prepare, dir, n}}
	if r.Python != nil {
		ready = append(ready, append(slices.Clip(r.Python), "prepare", dir, n))
		for _, how := range []string{"resume", "seed-mode"} {
			args := append(slices.Clip(r.Python), "serve", dir, n, fmt.Sprint(settle.Seconds()), how)
			all = append(all, contestant{report.Entry{Client: figure.Libtorrent, Variant: how}, args})
		}
	}
	for _, args := range ready {
		r.Log("preparing %s", path.Base(args[0]))
		if _, err := process.Run(ctx, process.Command{Args: args}, r.Proc); err != nil {
			return nil, err
		}
	}
	for i := range all {
		words := append([]string{path.Base(all[i].args[0])}, all[i].args[1:]...)
		line := strings.ReplaceAll(strings.Join(words, " "), r.Space.Path, "$W")
		all[i].entry.Commands = []report.Command{{Role: "session", Line: line}}
	}
	return all, nil
}

// serve runs a session and looks at it when it has settled.
func (r *Runner) serve(ctx context.Context, args []string) (report.Run, error) {
	p, err := r.start(args)
	if err != nil {
		return report.Run{}, err
	}
	defer p.Stop()
	ctx, cancel := context.WithTimeout(ctx, r.Timeout+r.Settle)
	defer cancel()
	ready, err := p.await(ctx, Ready)
	if err != nil {
		return report.Run{}, err
	}
	settled, err := p.await(ctx, Settled)
	if err != nil {
		return report.Run{}, err
	}
	m, err1 := r.Proc.Memory(p.PID())
	files, err2 := r.Proc.Descriptors(p.PID())
	return report.Run{
		Seconds: ready.Seconds, RSS: m.RSS, Private: m.Private, Descriptors: files,
		Goroutines: float64(settled.Goroutines), Heap: float64(settled.Heap), Stacks: float64(settled.Stacks),
	}, errors.Join(err1, err2)
}

// speaking is a process that tells what it does.
type speaking struct {
	*process.Process
	mu   sync.Mutex
	told map[string]Told
}

func (r *Runner) start(args []string) (*speaking, error) {
	s := &speaking{told: make(map[string]Told)}
	p, err := process.Start("", process.Command{Args: args, Said: s.said}, r.Proc)
	s.Process = p
	return s, err
}

func (s *speaking) said(line string) string {
	var t Told
	if json.Unmarshal([]byte(line), &t) != nil {
		return ""
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.told[t.Event] = t
	return t.Event
}

func (s *speaking) await(ctx context.Context, event string) (Told, error) {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		s.mu.Lock()
		t, ok := s.told[event]
		s.mu.Unlock()
		if ok {
			return t, nil
		}
		select {
		case <-s.Exited():
			return Told{}, s.Failure("wait until it is " + event)
		case <-ctx.Done():
			return Told{}, fmt.Errorf("wait until it is %s: %w: %w", event, errSilent, context.Cause(ctx))
		case <-tick.C:
		}
	}
}
