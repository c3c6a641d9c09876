//go:build linux

package hashing

import (
	"context"
	"fmt"
	"math/bits"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/warren-p2p/warren/bench/internal/clients"
	"github.com/warren-p2p/warren/bench/internal/process"
	"github.com/warren-p2p/warren/bench/internal/procfs"
	"github.com/warren-p2p/warren/bench/internal/report"
	"github.com/warren-p2p/warren/bench/internal/report/figure"
	"github.com/warren-p2p/warren/bench/internal/transfer"
	"github.com/warren-p2p/warren/bench/internal/workspace"
)

// Runner measures in a work directory.
type Runner struct {
	Space      *workspace.Space
	Proc       procfs.FS
	Warren     *clients.Warren     // nil: left out
	Libtorrent *clients.Libtorrent // nil: left out
	Self       []string            // this program's own command for Raw: args kind, piece length and path follow
	Timeout    time.Duration
	Log        func(format string, args ...any)
}

// Subject is what is hashed.
type Subject struct {
	Case        string // "file" or "tree"
	Name        string // in the work directory
	Bytes       int64
	Files       int
	PieceLength int64
}

// outDir is where torrents are written, in the work directory.
const outDir = "out"

// tool is one row: a command, and the file it must be able to create.
type tool struct {
	entry   report.Entry
	command process.Command
	makes   string
}

// Group measures all tools that can make torrents of kind, by turns.
func (r *Runner) Group(ctx context.Context, s Subject, kind string, reps int) (report.Group, error) {
	g := report.Group{Part: report.Hash, Kind: kind, Case: s.Case, Bytes: s.Bytes, Files: s.Files, PieceLength: s.PieceLength}
	if err := r.Space.MkdirAll(outDir, 0o755); err != nil {
		return g, fmt.Errorf("prepare hashing: %w", err)
	}
	tools, err := r.tools(ctx, s, kind)
	if err != nil {
		return g, err
	}
	for _, t := range tools {
		words := append([]string{path.Base(t.command.Args[0])}, t.command.Args[1:]...)
		t.entry.Commands = []report.Command{{Role: t.entry.Op, Line: r.plain(strings.Join(words, " "))}}
		g.Entries = append(g.Entries, t.entry)
	}
	for _, order := range transfer.Turns(len(tools), reps) {
		for _, i := range order {
			e := &g.Entries[i]
			if e.Error != "" {
				continue
			}
			run, err := r.once(ctx, tools[i], s.Bytes)
			if ctx.Err() != nil {
				return g, context.Cause(ctx)
			}
			if err != nil {
				e.Error = r.plain(err.Error())
				r.Log("hash %s %s %s: %s", s.Case, kind, e.Title(), e.Error)
				continue
			}
			e.Runs = append(e.Runs, run)
			r.Log("hash %s %s %s: %.2f s", s.Case, kind, e.Title(), run.Seconds)
		}
	}
	return g, nil
}

func (r *Runner) once(ctx context.Context, t tool, size int64) (report.Run, error) {
	ctx, cancel := context.WithTimeout(ctx, r.Timeout)
	defer cancel()
	if t.makes != "" {
		if err := r.Space.Clear(t.makes); err != nil {
			return report.Run{}, err
		}
	}
	u, err := process.Run(ctx, t.command, r.Proc)
	if err != nil {
		return report.Run{}, err
	}
	if t.makes != "" {
		if _, err := r.Space.Stat(t.makes); err != nil {
			return report.Run{}, fmt.Errorf("%s made no torrent: %w", t.entry.Title(), err)
		}
	}
	return report.Run{Bytes: size, Seconds: u.Wall.Seconds(), CPUDown: u.CPU.Seconds(), PeakDown: u.Memory.PeakRSS, PrivateDown: u.Memory.Private}, nil
}

// tools lists the rows. What warren verifies was made by libtorrent.
func (r *Runner) tools(ctx context.Context, s Subject, kind string) ([]tool, error) {
	content := r.Space.Join(s.Name)
	piece := strconv.FormatInt(s.PieceLength, 10)
	var tools []tool
	add := func(client, op, makes string, c process.Command) {
		tools = append(tools, tool{report.Entry{Client: client, Op: op}, c, makes})
	}
	made := func(client string) (name, abs string) {
		name = path.Join(outDir, client+".torrent")
		return name, r.Space.Join(name)
	}
	if r.Warren != nil {
		name, abs := made(figure.Warren)
		add(figure.Warren, "create", name, r.Warren.Create(content, abs, piece, kind))
	}
	if r.Warren != nil && r.Libtorrent != nil {
		_, given := made("given")
		if _, err := process.Run(ctx, r.Libtorrent.Create(content, given, piece, kind, "", ""), r.Proc); err != nil {
			return nil, fmt.Errorf("make the torrent to verify: %w", err)
		}
		add(figure.Warren, "verify", "", r.Warren.Verify(given, r.Space.Path))
	}
	if r.Libtorrent != nil {
		name, abs := made(figure.Libtorrent)
		add(figure.Libtorrent, "create", name, r.Libtorrent.Create(content, abs, piece, kind, "", ""))
	}
	if kind == "v1" {
		name, abs := made(figure.Mktorrent)
		exponent := strconv.Itoa(bits.TrailingZeros64(uint64(s.PieceLength)))
		add(figure.Mktorrent, "create", name, process.Command{Args: []string{"mktorrent", "-t", "2", "-l", exponent, "-a", "http://t/", "-o", abs, content}})
		name, abs = made("transmission")
		kib := strconv.FormatInt(s.PieceLength>>10, 10)
		add("Transmission", "create", name, process.Command{Args: []string{"transmission-create", "-s", kib, "-o", abs, content}})
	}
	raw := append(append([]string{}, r.Self...), kind, piece, content)
	add(figure.Raw, "hash", "", process.Command{Args: raw})
	return tools, nil
}

func (r *Runner) plain(text string) string { return strings.ReplaceAll(text, r.Space.Path, "$W") }
