//go:build !unix

package hook

import "os/exec"

// There are no process groups here: the program itself is ended, and nothing that it
// has started.
func asGroup(*exec.Cmd) {}

func askToEnd(c *exec.Cmd) error { return c.Process.Kill() }

func endGroup(*exec.Cmd) {}
