//go:build linux

// Package lab puts two programs on machines of their own: two network namespaces
// joined by a cable. Some clients refuse peers on loopback or on a private
// network, so the addresses are public ones, which lead nowhere from in there.
// It needs root.
package lab

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// ErrRefused reports a namespace that could not be made.
var ErrRefused = errors.New("network namespaces may not be made here")

// Lab is two sides and what joins them.
type Lab struct {
	Near, Far *Side
}

// New builds the two sides. What was built is removed if a step fails.
func New(ctx context.Context) (*Lab, error) {
	if os.Geteuid() != 0 {
		return nil, fmt.Errorf("build a lab: %w: only root may", ErrRefused)
	}
	name := "lab-" + strings.ToLower(rand.Text()[:8])
	l := &Lab{
		Near: &Side{space: name + "-n", Host: "11.77.0.1", Between: "11.77.0.3"},
		Far:  &Side{space: name + "-f", Host: "11.77.0.2"},
	}
	steps := []string{
		"netns add " + l.Near.space,
		"netns add " + l.Far.space,
		fmt.Sprintf("link add cable netns %s type veth peer name cable netns %s", l.Near.space, l.Far.space),
	}
	for _, s := range []*Side{l.Near, l.Far} {
		steps = append(steps,
			"-n "+s.space+" link set lo up",
			"-n "+s.space+" addr add "+s.Host+"/24 dev cable",
			"-n "+s.space+" link set cable up",
			"-n "+s.space+" route add default dev cable")
	}
	steps = append(steps, "-n "+l.Near.space+" addr add "+l.Near.Between+"/24 dev cable")
	for _, step := range steps {
		if err := ip(ctx, step); err != nil {
			return nil, errors.Join(fmt.Errorf("build a lab: %w", err), l.Close())
		}
	}
	return l, nil
}

// Close removes both sides with everything in them.
func (l *Lab) Close() error {
	return errors.Join(l.Near.remove(), l.Far.remove())
}

func ip(ctx context.Context, args string) error {
	out, err := exec.CommandContext(ctx, "ip", strings.Fields(args)...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("ip %s: %w: %w: %s", args, ErrRefused, err, strings.TrimSpace(string(out)))
	}
	return nil
}
