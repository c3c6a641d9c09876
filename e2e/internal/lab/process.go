//go:build linux

package lab

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"time"
)

// Process is a program that runs on a side.
type Process struct {
	cmd  *exec.Cmd
	out  output
	done chan struct{}
}

// Command is a command line that runs another one on the side.
func (s *Side) Command(args ...string) []string {
	return append([]string{"ip", "netns", "exec", s.space}, args...)
}

// Start starts a program with variables added to the environment. It is ended
// by Stop, or with the one who started it.
func (s *Side) Start(env []string, args ...string) (*Process, error) {
	inside := s.Command(args...)
	p := &Process{cmd: exec.Command(inside[0], inside[1:]...), done: make(chan struct{})}
	p.cmd.Env = append(os.Environ(), env...)
	p.cmd.Stdout, p.cmd.Stderr = &p.out, &p.out
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	p.cmd.WaitDelay = time.Second
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", filepath.Base(args[0]), err)
	}
	go func() {
		defer close(p.done)
		_ = p.cmd.Wait()
	}()
	return p, nil
}

// Ended is closed when the program has ended.
func (p *Process) Ended() <-chan struct{} { return p.done }

// Output is what it has printed so far.
func (p *Process) Output() string { return p.out.String() }

// Stop ends the program and what it started itself.
func (p *Process) Stop() {
	select {
	case <-p.done:
	default:
		_ = syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL) // the group is its own: Setpgid
		<-p.done
	}
}

// output keeps what a program prints.
type output struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

// Write implements io.Writer.
func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.Write(b)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.String()
}
