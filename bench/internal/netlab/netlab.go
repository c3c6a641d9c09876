//go:build linux

// Package netlab builds the little networks transfers run in: a namespace for
// the seeder, one for each downloader, joined by veth pairs, or by a bridge in
// the seeder's namespace where there are several downloaders. It needs root.
package netlab

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os/exec"
	"strconv"
	"strings"
)

// Interface is the name of each downloader's only network interface: what it
// has received can be read there.
const Interface = "vl"

// SeederHost is the seeder's address.
const SeederHost = "10.99.0.1"

// ErrIP reports that the ip command refused a step.
var ErrIP = errors.New("ip refused")

// Lab is one network.
type Lab struct {
	Seeder      string   // namespace
	Downloaders []string // namespaces
	wire        *wire    // nil unless this process carries the packets
}

// DownloaderHost is the address of downloader i.
func DownloaderHost(i int) string { return "10.99.0." + strconv.Itoa(10+i) }

// New builds a network for one seeder and n downloaders with the given MTU.
// Names are unique to this call. What was built is removed if a step fails.
func New(ctx context.Context, n, mtu int) (*Lab, error) {
	l := named(n)
	for _, step := range l.steps(mtu) {
		if err := ip(ctx, step); err != nil {
			return nil, errors.Join(fmt.Errorf("build network: %w", err), l.Close())
		}
	}
	return l, nil
}

// named returns a network that is not built yet. Its names are unique.
func named(n int) *Lab {
	prefix := "bench-" + strings.ToLower(rand.Text()[:8])
	l := &Lab{Seeder: prefix + "-s"}
	for i := range n {
		l.Downloaders = append(l.Downloaders, fmt.Sprintf("%s-%d", prefix, i))
	}
	return l
}

// steps are the arguments of ip, in order.
func (l *Lab) steps(mtu int) []string {
	var s []string
	for _, ns := range append([]string{l.Seeder}, l.Downloaders...) {
		s = append(s, "netns add "+ns, "-n "+ns+" link set lo up")
	}
	device := "vs0"
	if len(l.Downloaders) > 1 {
		device = "br0"
		s = append(s, "-n "+l.Seeder+" link add br0 type bridge")
	}
	for i, ns := range l.Downloaders {
		s = append(s,
			fmt.Sprintf("link add vs%d netns %s mtu %d type veth peer name %s netns %s mtu %d", i, l.Seeder, mtu, Interface, ns, mtu),
			fmt.Sprintf("-n %s addr add %s/24 dev %s", ns, DownloaderHost(i), Interface),
			fmt.Sprintf("-n %s link set %s up", ns, Interface),
			fmt.Sprintf("-n %s link set vs%d up", l.Seeder, i))
		if device == "br0" {
			s = append(s, fmt.Sprintf("-n %s link set vs%d master br0", l.Seeder, i))
		}
	}
	return append(s,
		fmt.Sprintf("-n %s addr add %s/24 dev %s", l.Seeder, SeederHost, device),
		fmt.Sprintf("-n %s link set %s mtu %d up", l.Seeder, device, mtu))
}

// Close removes the namespaces, and with them everything in them. It is not
// tied to a context, because it must also happen after an interrupt.
func (l *Lab) Close() error {
	var errs []error
	if l.wire != nil {
		errs = append(errs, l.wire.close())
		l.wire = nil
	}
	for _, ns := range append([]string{l.Seeder}, l.Downloaders...) {
		err := ip(context.Background(), "netns del "+ns)
		if err != nil && !strings.Contains(err.Error(), "No such file") {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

func ip(ctx context.Context, args string) error {
	out, err := exec.CommandContext(ctx, "ip", strings.Fields(args)...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("ip %s: %w: %w: %s", args, ErrIP, err, strings.TrimSpace(string(out)))
	}
	return nil
}
