package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/warren-p2p/warren/bench/internal/procfs"
	"github.com/warren-p2p/warren/bench/internal/report"
	"github.com/warren-p2p/warren/internal/vfs"
)

var errNeeds = errors.New("cannot measure")

// need is a program and the Debian package that brings it.
type need struct{ program, pack string }

func (o options) needs() []need {
	var n []need
	if o.transfers() {
		n = append(n, need{"ip", "iproute2"}, need{"opentracker", "opentracker"})
		if o.has("aria2") {
			n = append(n, need{"aria2c", "aria2"})
		}
		if o.has("transmission") {
			n = append(n, need{"transmission-daemon", "transmission-daemon"})
		}
	}
	if o.transfers() || o.wants(report.Hash) || o.wants(report.Torrents) {
		n = append(n, need{o.python, "python3-libtorrent"})
	}
	if o.wants(report.Tracker) {
		n = append(n, need{"taskset", "util-linux"})
		if !o.transfers() {
			n = append(n, need{"opentracker", "opentracker"})
		}
		if o.chihaya != "" {
			n = append(n, need{o.chihaya, ""})
		}
	}
	if o.wants(report.Hash) {
		n = append(n, need{"mktorrent", "mktorrent"}, need{"transmission-create", "transmission-cli"})
	}
	if o.has("warren") && (o.transfers() || o.wants(report.Hash) || o.wants(report.Torrents) || o.wants(report.Node) || o.wants(report.Idle) || o.wants(report.Handshake) || o.wants(report.Tracker)) {
		n = append(n, need{o.warren, ""})
	}
	return n
}

// ready checks everything before anything is measured.
func (o options) ready() error {
	if o.transfers() && os.Geteuid() != 0 {
		return fmt.Errorf("%w: transfers run in network namespaces, which only root may make: use sudo, or -only hash,limit", errNeeds)
	}
	var packages, missing []string
	for _, n := range o.needs() {
		if _, err := exec.LookPath(n.program); err == nil {
			continue
		}
		missing = append(missing, n.program)
		if n.pack != "" {
			packages = append(packages, n.pack)
		}
	}
	if len(packages) > 0 {
		return fmt.Errorf("%w: missing %s: apt-get install %s", errNeeds, strings.Join(missing, ", "), strings.Join(packages, " "))
	}
	if len(missing) > 0 {
		return fmt.Errorf("%w: missing %s: make build, or leave it out with -clients", errNeeds, strings.Join(missing, ", "))
	}
	if !slices.ContainsFunc(o.needs(), func(n need) bool { return n.program == o.python }) {
		return nil
	}
	if out, err := exec.Command(o.python, "-c", "import libtorrent").CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s has no libtorrent: apt-get install python3-libtorrent: %s", errNeeds, o.python, out)
	}
	fsys, name, err := vfs.OpenPath(o.node)
	if err == nil {
		_, err = fsys.Stat(name)
		err = errors.Join(err, fsys.Close())
	}
	if err != nil {
		return fmt.Errorf("%w: -node %s: %w", errNeeds, o.node, err)
	}
	return nil
}

// context says where and when, and with which versions.
func (o options) context(proc procfs.FS, now time.Time) (report.Context, error) {
	m, err := proc.Machine()
	if err != nil {
		return report.Context{}, err
	}
	c := report.Context{ID: now.UTC().Format("20060102T150405Z"), Date: now.UTC().Format(time.DateOnly), Options: o.String(),
		Machine: m, Go: runtime.Version(), Versions: map[string]string{}}
	for _, n := range o.needs() {
		switch n.pack {
		case "":
			if n.program == o.warren {
				c.Versions["warren"] = firstLine(n.program, "version")
			}
		case "iproute2", "util-linux":
		default:
			c.Versions[n.pack] = firstLine("dpkg-query", "-W", "-f", "${Version}", n.pack)
		}
	}
	return c, nil
}

func firstLine(name string, args ...string) string {
	out, err := exec.Command(name, args...).Output()
	line, _, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
	if err != nil || line == "" {
		return "of unknown version"
	}
	return strings.TrimPrefix(line, "warren ")
}
