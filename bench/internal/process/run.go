//go:build linux

package process

import (
	"context"
	"errors"
	"fmt"
	"path"
	"time"

	"github.com/warren-p2p/warren/bench/internal/procfs"
	"github.com/warren-p2p/warren/internal/clock"
)

// ErrStatus reports a program that ended with a failure.
var ErrStatus = errors.New("program failed")

// Usage is what a finished program used.
type Usage struct {
	Wall, CPU time.Duration
	Memory    procfs.Memory
	Output    string // the end of what it printed
}

// Run starts a command, waits for its end and returns how long it took and
// what it used. Memory is sampled meanwhile.
func Run(ctx context.Context, c Command, proc procfs.FS) (Usage, error) {
	p, err := Start("", c, proc)
	if err != nil {
		return Usage{}, err
	}
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			p.Stop()
			return Usage{}, fmt.Errorf("run %s: %w", path.Base(c.Args[0]), context.Cause(ctx))
		case <-tick.C:
			p.SampleMemory()
		case <-p.exited:
			u := Usage{Wall: clock.System{}.Now().Sub(p.Spawned), Memory: p.peak}
			u.CPU = p.Stop()
			u.Output = p.out.tail()
			if !p.cmd.ProcessState.Success() {
				return u, fmt.Errorf("run %s: %w: %s, last words: %q", path.Base(c.Args[0]), ErrStatus, p.cmd.ProcessState, u.Output)
			}
			return u, nil
		}
	}
}
