package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/warren-p2p/warren/bench/internal/browsed"
	"github.com/warren-p2p/warren/bench/internal/crowd"
	"github.com/warren-p2p/warren/bench/internal/process"
	"github.com/warren-p2p/warren/bench/internal/procfs"
	"github.com/warren-p2p/warren/bench/internal/workspace"
	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/vfs"
)

// settle is how long a node has had its torrents before its page is opened: what was added
// stopped looks around for a minute.
const settle = 90 * time.Second

// pages is one run.
type pages struct {
	warren, script, npm, docs string

	few, many, reps int
	long            time.Duration

	space   *workspace.Space
	proc    procfs.FS
	modules string // node_modules
	node    string
	started []*process.Process
}

func run(args []string) (err error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	p, shm, err := parse(args)
	if err != nil {
		return err
	}
	if err := p.ready(ctx); err != nil {
		return err
	}
	if p.proc, err = procfs.Open(); err != nil {
		return err
	}
	defer p.proc.Close()
	if p.space, err = workspace.New(shm); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.space.Close()) }()
	defer p.stop()
	r, err := p.measure(ctx)
	if err != nil {
		return err
	}
	text := r.Document()
	fmt.Print(text)
	docs, err := vfs.OpenDir(p.docs)
	if err != nil {
		return fmt.Errorf("open the documentation directory: %w", err)
	}
	defer docs.Close()
	if err := vfs.WriteFileAtomic(docs, "pages.md", []byte(text), 0o644); err != nil {
		return fmt.Errorf("write pages.md: %w", err)
	}
	return r.Check()
}

func parse(args []string) (p *pages, shm string, err error) {
	p = &pages{}
	f := flag.NewFlagSet("pages", flag.ContinueOnError)
	f.StringVar(&p.warren, "warren", "bin/warren", "warren's binary")
	f.StringVar(&p.script, "script", "bench/pages/measure.mjs", "the script that drives Chromium")
	f.StringVar(&p.npm, "npm", ".ci/need-npm", "the program that installs Flood, playwright-core and axe-core")
	f.StringVar(&p.docs, "docs", "docs", "directory of pages.md")
	f.StringVar(&shm, "shm", workspace.Shm, "a tmpfs to work in")
	f.IntVar(&p.few, "few", 1000, "torrents of each program")
	f.IntVar(&p.many, "many", 20_000, "torrents of the node alone")
	f.IntVar(&p.reps, "reps", 3, "how often each page is opened")
	f.DurationVar(&p.long, "long", 10*time.Minute, "how long the page with many torrents is watched")
	return p, shm, f.Parse(args)
}

// ready names everything that is missing at once.
func (p *pages) ready(ctx context.Context) error {
	var missing []string
	for _, n := range [][2]string{{"npm", "npm"}, {"chromium", "chromium"}, {"transmission-daemon", "transmission-daemon"},
		{"qbittorrent-nox", "qbittorrent-nox"}, {p.warren, "make build"}} {
		if _, err := exec.LookPath(n[0]); err != nil {
			missing = append(missing, n[0]+" ("+n[1]+")")
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("cannot measure: missing %s", strings.Join(missing, ", "))
	}
	out, err := p.output(exec.CommandContext(ctx, p.npm))
	if err != nil {
		return err
	}
	into := strings.TrimSpace(string(out))
	p.modules, p.node = filepath.Join(into, "node_modules"), filepath.Join(into, "bin", "node")
	return nil
}

// output runs a program that says what is wrong on its standard error.
func (p *pages) output(cmd *exec.Cmd) ([]byte, error) {
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %s", filepath.Base(cmd.Path), err, stderr.Bytes())
	}
	return out, nil
}

func (p *pages) log(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "pages: "+format+"\n", args...)
}

func (p *pages) stop() {
	for _, one := range p.started {
		one.Stop()
	}
	p.started = nil
}

// drive has Chromium do what a plan says.
func (p *pages) drive(ctx context.Context, plan, result any) error {
	text, err := json.Marshal(plan)
	if err != nil {
		return err
	}
	out, err := p.output(exec.CommandContext(ctx, p.node, p.script, p.modules, string(text)))
	if err != nil {
		return err
	}
	return json.Unmarshal(out, result)
}

func (p *pages) measure(ctx context.Context) (r browsed.Results, err error) {
	p.log("making %d torrents", p.many)
	// Contents are too small to be seen in what the programs use.
	if err := crowd.Make(p.space, crowd.Dir, crowd.Spec{Torrents: max(p.few, p.many), Pieces: 4, PieceLength: 16 << 10}); err != nil {
		return r, err
	}
	r.Few, r.Many, r.Duration = p.few, p.many, p.long
	list, err := p.programs(ctx)
	if err != nil {
		return r, err
	}
	p.log("opening the pages of %d programs, %d times each", len(list), p.reps)
	if err := p.drive(ctx, map[string]any{"pages": list, "reps": p.reps}, &r.Pages); err != nil {
		return r, err
	}
	p.stop()
	crowded, err := p.node20k(ctx)
	if err != nil {
		return r, err
	}
	p.log("letting it come to rest")
	select {
	case <-time.After(settle):
	case <-ctx.Done():
		return r, ctx.Err()
	}
	p.log("watching a page with %d torrents for %v", p.many, p.long)
	busy, end := context.WithCancel(ctx)
	done := make(chan error, 1)
	go func() { done <- crowded.stir(busy) }()
	plan := map[string]any{"reps": 2*p.reps - 1, "long": map[string]any{"url": crowded.page, "enter": crowded.enter, "seconds": p.long.Seconds()}}
	err = p.drive(ctx, plan, &r.Long)
	end()
	if e := <-done; err == nil {
		err = e
	}
	r.Versions = versions(ctx, p)
	return r, err
}

// versions are those of what took part.
func versions(ctx context.Context, p *pages) (all []string) {
	for _, name := range []string{"chromium", "transmission-daemon", "qbittorrent-nox"} {
		v, err := exec.CommandContext(ctx, "dpkg-query", "-W", "-f", "${Package} ${Version}", name).Output()
		if err != nil {
			v = []byte(name + " of unknown version")
		}
		all = append(all, string(v))
	}
	for _, name := range []string{"flood", "axe-core"} {
		var pack struct{ Version string }
		text, err := os.ReadFile(filepath.Join(p.modules, name, "package.json"))
		if err == nil {
			err = json.Unmarshal(text, &pack)
		}
		if err != nil {
			pack.Version = "of unknown version"
		}
		all = append(all, name+" "+pack.Version)
	}
	return append(all, "made on "+clock.System{}.Now().UTC().Format(time.DateOnly))
}
