//go:build linux

package transfer

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/warren-p2p/warren/bench/internal/procfs"
	"github.com/warren-p2p/warren/bench/internal/report"
	"github.com/warren-p2p/warren/bench/internal/workspace"
	"github.com/warren-p2p/warren/internal/netpolicy/impair"
)

// Runner measures in a work directory that holds the content below SeedDir.
type Runner struct {
	Space   *workspace.Space
	Proc    procfs.FS
	Self    []string      // this program's own command for AwaitSeeder: args host and info-hash follow
	Timeout time.Duration // for each repetition
	Log     func(format string, args ...any)
}

// Names inside the work directory.
const (
	SeedDir = "seed" // what the seeder offers
	Content = "data.bin"
	getDir  = "get"
	runDir  = "state"
)

// Torrent is the metainfo of the content.
type Torrent struct {
	Path     string // absolute, without a tracker
	Tracked  string // absolute, with one
	InfoHash string // hex, 20 bytes
}

// Scene is what a group has in common.
type Scene struct {
	Part        string
	Kind        string
	MTU         int
	Downloaders int
	Link        *impair.Link // nil for one as fast as it can be
	SeedLimit   int64        // bytes a second the seeder may send; 0 for no limit
	Size        int64        // of the content
	PieceLength int64
	Torrents    map[string]Torrent // by kind
}

// Group measures all contestants by turns. A contestant that fails gets no
// further turn; only a cancelled context ends the group.
func (r *Runner) Group(ctx context.Context, sc Scene, line []Contestant) (report.Group, error) {
	g := report.Group{Part: sc.Part, Kind: sc.Kind, MTU: sc.MTU, Downloaders: sc.Downloaders, Bytes: sc.Size, Files: 1, PieceLength: sc.PieceLength}
	reps := 0
	for _, c := range line {
		g.Entries = append(g.Entries, c.entry(sc.Kind))
		reps = max(reps, c.Reps)
	}
	for rep, order := range Turns(len(line), reps) {
		for _, i := range order {
			e := &g.Entries[i]
			if rep >= line[i].Reps || e.Error != "" {
				continue
			}
			run, commands, err := r.once(ctx, line[i], sc, rep == 0)
			if ctx.Err() != nil {
				return g, context.Cause(ctx)
			}
			if err != nil {
				e.Error = r.plain(fmt.Sprintf("repetition %d: %v", rep+1, err))
				r.Log("%s %s %s: %s", sc.Part, sc.Kind, e.Title(), e.Error)
				continue
			}
			e.Runs, e.Commands = append(e.Runs, run), commands
			r.Log("%s %s %s: %.2f s", sc.Part, sc.Kind, e.Title(), run.Seconds)
		}
	}
	return g, nil
}

// once is one repetition: network up, both sides run, network down.
func (r *Runner) once(ctx context.Context, c Contestant, sc Scene, compare bool) (run report.Run, commands []report.Command, err error) {
	ctx, cancel := context.WithTimeoutCause(ctx, r.Timeout, fmt.Errorf("%w after %v", errTooSlow, r.Timeout))
	defer cancel()
	if err := r.clean(); err != nil {
		return run, nil, err
	}
	s := &stage{Runner: r, contestant: c, scene: sc}
	defer func() {
		s.stop()
		err = errors.Join(err, s.close(), r.clean())
	}()
	if err := s.open(ctx); err != nil {
		return run, nil, err
	}
	if err := s.move(ctx); err != nil {
		return run, nil, err
	}
	run = s.figures()
	if compare {
		for _, d := range s.down {
			if err := r.Space.Compare(ctx, SeedDir+"/"+Content, d.content+"/"+Content); err != nil {
				return run, nil, err
			}
		}
		run.Compared = true
	}
	return run, s.commands(), nil
}

var errTooSlow = errors.New("no result")

// clean removes what a repetition leaves, so that its memory is free again.
func (r *Runner) clean() error {
	errs := []error{r.Space.Clear(getDir), r.Space.Clear(runDir)}
	entries, err := r.Space.ReadDir(SeedDir)
	for _, e := range entries {
		if e.Name() != Content { // some clients leave notes beside the content
			errs = append(errs, r.Space.Clear(SeedDir+"/"+e.Name()))
		}
	}
	return errors.Join(append(errs, err)...)
}
