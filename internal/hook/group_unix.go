//go:build unix

package hook

import (
	"os/exec"
	"syscall"
)

// asGroup starts a program with a process group of its own, in which is all that it
// starts.
func asGroup(c *exec.Cmd) { c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// askToEnd asks the whole group to end.
func askToEnd(c *exec.Cmd) error { return syscall.Kill(-c.Process.Pid, syscall.SIGTERM) }

// endGroup ends what is left of the group.
func endGroup(c *exec.Cmd) {
	if c.Process != nil {
		_ = syscall.Kill(-c.Process.Pid, syscall.SIGKILL) // there may be nobody left
	}
}
