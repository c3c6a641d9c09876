//go:build linux

package lab

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"strings"
)

// Fork is a machine with two ways to another one: by the interface Home, which its
// routes prefer, and by the interface VPN.
type Fork struct {
	Near, Far *Side // Far.Host is reached by both ways
	// Tunnel is the address of the near machine on VPN, and Gate that of the far one.
	Tunnel, Gate string
}

// Interfaces of a fork, on both machines.
const (
	HomeLink = "home"
	VPN      = "vpn"
)

// NewFork builds both machines. What was built is removed if a step fails.
func NewFork(ctx context.Context) (*Fork, error) {
	if os.Geteuid() != 0 {
		return nil, fmt.Errorf("build a fork: %w: only root may", ErrRefused)
	}
	name := "fork-" + strings.ToLower(rand.Text()[:8])
	f := &Fork{
		Near: &Side{space: name + "-n", Host: "11.77.0.1"}, Far: &Side{space: name + "-f", Host: "12.0.0.1"},
		Tunnel: "10.8.0.2", Gate: "10.8.0.1",
	}
	n, r := f.Near.space, f.Far.space
	steps := []string{
		"netns add " + n, "netns add " + r, "-n " + n + " link set lo up", "-n " + r + " link set lo up",
		"-n " + r + " addr add " + f.Far.Host + "/32 dev lo", "-n " + r + " addr add 2a01:12::1/128 dev lo",
	}
	for _, link := range []struct{ name, near, far, near6, far6 string }{
		{HomeLink, f.Near.Host, "11.77.0.2", "2a01:77::1", "2a01:77::2"}, {VPN, f.Tunnel, f.Gate, "2a01:78::1", "2a01:78::2"},
	} {
		steps = append(steps, fmt.Sprintf("link add %s netns %s type veth peer name %s netns %s", link.name, n, link.name, r))
		for _, end := range [][3]string{{n, link.near, link.near6}, {r, link.far, link.far6}} {
			steps = append(steps,
				fmt.Sprintf("-n %s addr add %s/24 dev %s", end[0], end[1], link.name),
				fmt.Sprintf("-n %s link set %s up", end[0], link.name),
				fmt.Sprintf("-n %s addr add %s/64 dev %s nodad", end[0], end[2], link.name))
		}
	}
	steps = append(steps, "-n "+n+" route add default via 11.77.0.2", "-n "+n+" route add default via 2a01:77::2")
	err := runAll(ctx, append(steps, f.routes()...))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("build a fork: %w", err), f.Close())
	}
	return f, nil
}

// routes are those by the VPN, which the others are preferred to.
func (f *Fork) routes() []string {
	return []string{
		"-n " + f.Near.space + " route add default via " + f.Gate + " metric 2000",
		"-n " + f.Near.space + " route add default via 2a01:78::2 metric 2000",
	}
}

// Cut takes the VPN down, as when it loses its server.
func (f *Fork) Cut(ctx context.Context) error {
	return runAll(ctx, []string{"-n " + f.Near.space + " link set " + VPN + " down"})
}

// Mend brings it up again.
func (f *Fork) Mend(ctx context.Context) error {
	return runAll(ctx, append([]string{
		"-n " + f.Near.space + " link set " + VPN + " up",
		"-n " + f.Near.space + " addr add 2a01:78::1/64 dev " + VPN + " nodad", // the kernel has taken it
	}, f.routes()...))
}

// Close removes both machines with everything in them.
func (f *Fork) Close() error { return errors.Join(f.Near.remove(), f.Far.remove()) }

func runAll(ctx context.Context, steps []string) error {
	for _, s := range steps {
		if err := ip(ctx, s); err != nil {
			return err
		}
	}
	return nil
}
