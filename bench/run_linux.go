package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/warren-p2p/warren/bench/internal/procfs"
	"github.com/warren-p2p/warren/bench/internal/report"
	"github.com/warren-p2p/warren/bench/internal/workspace"
	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/vfs"
)

// bench is one run.
type bench struct {
	options
	self  string // this program's path
	space *workspace.Space
	proc  procfs.FS
	docs  vfs.FS
	run   report.Context
	start time.Time
	all   report.Results
}

func run(args []string) (err error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if is, err := role(ctx, args); is {
		return err
	}
	b := bench{start: clock.System{}.Now()}
	if b.options, err = parse(args); err != nil {
		return err
	}
	if b.self, err = os.Executable(); err != nil {
		return fmt.Errorf("find own program: %w", err)
	}
	if err := b.ready(); err != nil {
		return err
	}
	if b.docs, err = vfs.OpenDir(b.options.docs); err != nil {
		return fmt.Errorf("open the documentation directory: %w", err)
	}
	defer b.docs.Close()
	if b.all, err = report.Load(b.docs); err != nil {
		return err
	}
	if b.wants(onlyReport) {
		return report.Save(b.docs, b.all)
	}
	if err := b.measure(ctx); err != nil {
		return err
	}
	fmt.Printf("\n%s", b.all.Verdicts())
	return nil
}

// measure works through the parts, in a work directory that is always removed.
func (b *bench) measure(ctx context.Context) (err error) {
	if b.proc, err = procfs.Open(); err != nil {
		return err
	}
	defer b.proc.Close()
	if b.run, err = b.context(b.proc, b.start); err != nil {
		return err
	}
	if b.space, err = workspace.New(b.shm); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.space.Close()) }()
	if err := b.warmUp(ctx); err != nil {
		return err
	}
	for _, part := range []struct {
		wanted bool
		do     func(context.Context) error
	}{
		{b.transfers(), b.transferParts},
		{b.wants(report.Slow), b.slowPart},
		{b.wants(report.Swarm), b.swarmPart},
		{b.wants(report.Hash), b.hashPart},
		{b.wants(report.Limit), b.limitPart},
		{b.wants(report.Torrents), b.torrentsPart},
		{b.wants(report.Node), b.nodePart},
		{b.wants(report.Idle), b.idlePart},
		{b.wants(report.Handshake), b.handshakePart},
		{b.wants(report.Tracker), b.trackerPart},
	} {
		if !part.wanted {
			continue
		}
		if err := part.do(ctx); err != nil {
			return err
		}
	}
	return nil
}

// mostTouched is more memory than any part needs at once.
const mostTouched = 14 << 10

// warmUp touches the memory that content will lie in.
func (b *bench) warmUp(ctx context.Context) error {
	mib := b.touch
	if mib < 0 {
		free, err := b.proc.Available()
		if err != nil {
			return err
		}
		mib = min(mostTouched, free>>20*6/10)
	}
	b.log("touching %d MiB of memory", mib)
	return b.space.Touch(ctx, mib<<20)
}

// kept keeps a group if it is one.
func (b *bench) kept(g report.Group, err error) error {
	if err != nil {
		return err
	}
	return b.keep(g)
}

// keep prints a finished group and saves it with everything else.
func (b *bench) keep(g report.Group) error {
	g.Run = b.run
	fmt.Printf("\n%s\n", g.Markdown())
	b.all = report.Merge(b.all, report.Results{Groups: []report.Group{g}})
	return report.Save(b.docs, b.all)
}

func (b *bench) log(format string, args ...any) {
	since := clock.System{}.Now().Sub(b.start).Round(time.Second)
	fmt.Fprintf(os.Stderr, "%6s  %s\n", since, fmt.Sprintf(format, args...))
}
