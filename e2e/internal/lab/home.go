//go:build linux

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

// Home is a machine with a private address and one of IPv6, the router it is behind,
// which translates the former and lets nobody in, and one more machine on the
// Internet.
type Home struct {
	Inside, Router, Outside *Side
	// Public is the address of the router on the Internet; its Host is that inside.
	Public string
	// Inside6 is an address of the machine that nobody translates, behind the
	// router's firewall.
	Inside6 string
}

// Interfaces of the router.
const (
	LAN = "lan"
	WAN = "wan"
)

// NewHome builds the three. What was built is removed if a step fails.
func NewHome(ctx context.Context) (*Home, error) {
	if os.Geteuid() != 0 {
		return nil, fmt.Errorf("build a home: %w: only root may", ErrRefused)
	}
	name := "home-" + strings.ToLower(rand.Text()[:8])
	h := &Home{
		Inside:  &Side{space: name + "-i", Host: "192.168.77.5"},
		Router:  &Side{space: name + "-r", Host: "192.168.77.1"},
		Outside: &Side{space: name + "-o", Host: "11.77.0.2"},
		Public:  "11.77.0.1", Inside6: "2a01:77::5",
	}
	var steps []string
	for _, s := range h.sides() {
		steps = append(steps, "netns add "+s.space, "-n "+s.space+" link set lo up")
	}
	for _, cable := range []struct {
		name      string
		near, far *Side
		addr      string // of the router
	}{{LAN, h.Inside, h.Router, h.Router.Host}, {WAN, h.Outside, h.Router, h.Public}} {
		steps = append(steps,
			fmt.Sprintf("link add %s netns %s type veth peer name %s netns %s", cable.name, cable.near.space, cable.name, cable.far.space),
			fmt.Sprintf("-n %s addr add %s/24 dev %s", cable.near.space, cable.near.Host, cable.name),
			fmt.Sprintf("-n %s addr add %s/24 dev %s", cable.far.space, cable.addr, cable.name),
			fmt.Sprintf("-n %s link set %s up", cable.near.space, cable.name),
			fmt.Sprintf("-n %s link set %s up", cable.far.space, cable.name))
	}
	steps = append(steps, "-n "+h.Inside.space+" route add default via "+h.Router.Host)
	for _, a := range []struct {
		s          *Side
		addr, link string
	}{
		{h.Inside, h.Inside6, LAN}, {h.Router, "2a01:77::1", LAN}, {h.Router, "fe80::1", LAN},
		{h.Router, "2a01:78::1", WAN}, {h.Outside, "2a01:78::2", WAN},
	} {
		steps = append(steps, fmt.Sprintf("-n %s addr add %s/64 dev %s nodad", a.s.space, a.addr, a.link))
	}
	steps = append(steps,
		"-n "+h.Inside.space+" route add default via fe80::1 dev "+LAN,
		"-n "+h.Outside.space+" route add default via 2a01:78::1")
	for _, step := range steps {
		if err := ip(ctx, step); err != nil {
			return nil, errors.Join(fmt.Errorf("build a home: %w", err), h.Close())
		}
	}
	if err := h.translate(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("build a home: %w", err), h.Close())
	}
	return h, nil
}

func (h *Home) sides() []*Side { return []*Side{h.Inside, h.Router, h.Outside} }

// translate makes the router one: it lets nobody in but by chains named miniupnpd,
// and hides who goes out behind its address.
func (h *Home) translate(ctx context.Context) error {
	const rules = `table inet filter {
	chain forward { type filter hook forward priority 0; policy drop; ct state established,related accept; iifname "` + LAN + `" accept; jump miniupnpd; }
	chain prerouting { type nat hook prerouting priority -100; jump prerouting_miniupnpd; }
	chain postrouting { type nat hook postrouting priority 100; jump postrouting_miniupnpd; meta nfproto ipv4 oifname "` + WAN + `" masquerade; }
	chain miniupnpd { }
	chain prerouting_miniupnpd { }
	chain postrouting_miniupnpd { }
}`
	for _, args := range [][]string{{"sh", "-c", "echo 1 | tee /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv6/conf/all/forwarding"}, {"nft", rules}} {
		inside := h.Router.Command(args...)
		if out, err := exec.CommandContext(ctx, inside[0], inside[1:]...).CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %w: %w: %s", args[0], ErrRefused, err, strings.TrimSpace(string(out)))
		}
	}
	return nil
}

// Forwarded returns what the router passes on, and lets in, as nft writes it.
func (h *Home) Forwarded(ctx context.Context) (string, error) {
	var rules strings.Builder
	for _, chain := range []string{"miniupnpd", "prerouting_miniupnpd"} {
		inside := h.Router.Command("nft", "list", "chain", "inet", "filter", chain)
		out, err := exec.CommandContext(ctx, inside[0], inside[1:]...).CombinedOutput()
		if err != nil {
			return "", fmt.Errorf("look at the router: %w: %s", err, strings.TrimSpace(string(out)))
		}
		rules.Write(out)
	}
	return rules.String(), nil
}

// Close removes all three with everything in them.
func (h *Home) Close() error {
	var errs []error
	for _, s := range h.sides() {
		errs = append(errs, s.remove())
	}
	return errors.Join(errs...)
}

// remove removes the namespace, if it was made.
func (s *Side) remove() error {
	err := ip(context.Background(), "netns del "+s.space)
	if err != nil && !strings.Contains(err.Error(), "No such file") {
		return err
	}
	return nil
}
