package hook

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"
)

const (
	maxOutput = 4 << 10         // bytes of what a program says
	grace     = 2 * time.Second // between being asked to end and being ended
)

// program runs a program and returns the beginning of what it said.
func (r *Runner) program(j job) (string, error) {
	args, err := j.hook.arguments(j.event)
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(r.ctx, j.hook.Limit())
	defer cancel()
	c := exec.CommandContext(ctx, j.hook.Program, args...)
	c.Env = environment(r.cfg.Environ, j.event)
	var out head
	c.Stdout, c.Stderr = &out, &out
	asGroup(c)
	c.Cancel = func() error { return askToEnd(c) }
	c.WaitDelay = grace // also for what holds on to the output
	err = c.Run()
	switch {
	case r.ctx.Err() != nil:
		endGroup(c)
		return out.String(), errors.New("ended with the node")
	case ctx.Err() != nil:
		endGroup(c)
		return out.String(), fmt.Errorf("took more than %v", j.hook.Limit())
	case errors.Is(err, exec.ErrWaitDelay):
		err = nil // it has ended, and left something running
	}
	return out.String(), err
}

// head keeps the beginning of what is written to it. The pipe of a command has one
// writer at a time, and it is read when that has ended.
type head struct{ buf bytes.Buffer }

func (h *head) Write(b []byte) (int, error) {
	if room := maxOutput - h.buf.Len(); room > 0 {
		h.buf.Write(b[:min(room, len(b))])
	}
	return len(b), nil
}

// String returns the output as text.
func (h *head) String() string {
	return strings.TrimSpace(strings.ToValidUTF8(h.buf.String(), "\uFFFD"))
}
