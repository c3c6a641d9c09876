package bench

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/warren-p2p/warren/internal/cli/console"
)

// process is a warren started by this one.
type process struct {
	cmd    *exec.Cmd
	out    io.Reader
	errs   strings.Builder
	cancel context.CancelFunc
}

// usage is what a process used in its whole life.
type usage struct {
	cpu  time.Duration
	peak int64 // bytes resident, 0 where the system does not tell
}

// killAfter is how long a process has to end when it is told to.
const killAfter = 10 * time.Second

// spawn starts this program with other arguments. It ends with ctx, or by stop.
func spawn(ctx context.Context, args ...string) (*process, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find this program: %w", err)
	}
	ctx, cancel := context.WithCancel(ctx)
	p := &process{cmd: exec.CommandContext(ctx, self, args...), cancel: cancel}
	p.cmd.Stderr = &p.errs
	p.cmd.Cancel = func() error { return p.cmd.Process.Signal(os.Interrupt) }
	p.cmd.WaitDelay = killAfter
	if p.out, err = p.cmd.StdoutPipe(); err == nil {
		err = p.cmd.Start()
	}
	if err != nil {
		cancel()
		return nil, fmt.Errorf("start %s %s: %w", self, args[0], err)
	}
	return p, nil
}

// await reads events until one of a kind comes.
func (p *process) await(kind string) (console.Event, error) {
	lines := bufio.NewScanner(p.out)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var e console.Event
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			return e, fmt.Errorf("read %q: %w", lines.Text(), err)
		}
		switch e.Event {
		case kind:
			return e, nil
		case console.Failed:
			return e, errors.New(e.Error)
		}
	}
	_ = p.cmd.Wait() // the message tells more than the exit code
	return console.Event{}, fmt.Errorf("warren %s ended early: %s", p.cmd.Args[1], strings.TrimSpace(p.errs.String()))
}

// wait waits for the end of the process.
func (p *process) wait() (usage, error) {
	_, _ = io.Copy(io.Discard, p.out)
	err := p.cmd.Wait()
	p.cancel()
	s := p.cmd.ProcessState
	if s == nil {
		return usage{}, err
	}
	return usage{cpu: s.UserTime() + s.SystemTime(), peak: peakOf(s.SysUsage())}, err
}

// stop ends the process, which is expected to say that it was interrupted.
func (p *process) stop() (usage, error) {
	p.cancel()
	u, err := p.wait()
	const interrupted = 130
	var exit *exec.ExitError
	if errors.Is(err, context.Canceled) || errors.As(err, &exit) && exit.ExitCode() == interrupted {
		err = nil
	}
	return u, err
}
