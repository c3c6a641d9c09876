//go:build linux

// Package process starts the programs under test, watches what they say and
// what they use, and ends them: only those it started, by their own id.
package process

import (
	"fmt"
	"os"
	"os/exec"
	"path"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/warren-p2p/warren/bench/internal/procfs"
	"github.com/warren-p2p/warren/internal/clock"
)

// Command is what to start.
type Command struct {
	Args []string
	Env  []string                 // added to the environment
	Dir  string                   // working directory, "" for the current one
	Said func(line string) string // event a line of output stands for, or ""; nil listens for nothing
}

// Process is a running program.
type Process struct {
	cmd     *exec.Cmd
	name    string // of the program, for messages
	out     *output
	proc    procfs.FS
	exited  chan struct{} // closed when it has ended; it stays readable in /proc until Stop
	Spawned time.Time
	peak    procfs.Memory
	reaped  bool // waited for: its id may belong to somebody else now
}

// Start starts a command in the network namespace ns, or in the current one if
// ns is "". The program ends with its parent at the latest.
func Start(ns string, c Command, proc procfs.FS) (*Process, error) {
	args := c.Args
	if ns != "" {
		args = append([]string{"ip", "netns", "exec", ns}, args...)
	}
	p := &Process{
		cmd:    exec.Command(args[0], args[1:]...),
		name:   path.Base(c.Args[0]),
		out:    &output{said: c.Said, clock: clock.System{}, events: map[string]time.Time{}},
		proc:   proc,
		exited: make(chan struct{}),
	}
	p.cmd.Stdout, p.cmd.Stderr = p.out, p.out
	p.cmd.Dir = c.Dir
	p.cmd.Env = append(os.Environ(), c.Env...)
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	p.cmd.WaitDelay = time.Second
	p.Spawned = clock.System{}.Now()
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", p.name, err)
	}
	go func() {
		defer close(p.exited)
		for unix.Waitid(unix.P_PID, p.PID(), nil, unix.WEXITED|unix.WNOWAIT, nil) == unix.EINTR {
		}
	}()
	return p, nil
}

// PID is the process id.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Exited is closed when the program has ended by itself.
func (p *Process) Exited() <-chan struct{} { return p.exited }

// Event returns when the program first said an event.
func (p *Process) Event(name string) (time.Time, bool) { return p.out.event(name) }

// Output is the end of what the program has printed so far.
func (p *Process) Output() string { return p.out.tail() }

// CPU returns the processor time used so far, also after the end.
func (p *Process) CPU() (time.Duration, error) {
	s, err := p.proc.Stat(p.PID())
	return s.CPU, err
}

// SampleMemory reads the memory in use; Peak keeps the most of all samples.
func (p *Process) SampleMemory() {
	m, err := p.proc.Memory(p.PID())
	if err != nil {
		return // it ended between two samples
	}
	p.peak.PeakRSS = max(p.peak.PeakRSS, m.PeakRSS)
	p.peak.Private = max(p.peak.Private, m.Private)
}

// Peak returns the most memory seen by SampleMemory.
func (p *Process) Peak() procfs.Memory { return p.peak }

// Failure describes an end that should not have been: its status and the last
// output.
func (p *Process) Failure(attempt string) error {
	return fmt.Errorf("%s: %s ended early, last words: %q", attempt, p.name, p.out.tail())
}

// Stop ends the program and whatever it started itself, waits for it, and
// returns the processor time of its whole life.
func (p *Process) Stop() time.Duration {
	if !p.reaped {
		_ = unix.Kill(-p.PID(), unix.SIGKILL) // the group is its own: Setpgid
		<-p.exited
		_ = p.cmd.Wait() // a killed program has no better status to tell
		p.reaped = true
	}
	s := p.cmd.ProcessState
	return s.UserTime() + s.SystemTime()
}

// Succeeded waits up to d for the program to end by itself and checks its exit
// status.
func (p *Process) Succeeded(d time.Duration) error {
	select {
	case <-p.exited:
	case <-time.After(d):
		return fmt.Errorf("wait for %s to exit: %w", p.name, os.ErrDeadlineExceeded)
	}
	p.reaped = true
	if err := p.cmd.Wait(); err != nil {
		return fmt.Errorf("%s: %w, last words: %q", p.name, err, p.out.tail())
	}
	return nil
}
