//go:build linux

package limit

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/warren-p2p/warren/bench/internal/process"
	"github.com/warren-p2p/warren/bench/internal/procfs"
	"github.com/warren-p2p/warren/bench/internal/report"
	"github.com/warren-p2p/warren/bench/internal/report/figure"
	"github.com/warren-p2p/warren/bench/internal/transfer"
	"github.com/warren-p2p/warren/bench/internal/workspace"
)

// Runner measures in a work directory.
type Runner struct {
	Space     *workspace.Space
	Proc      procfs.FS
	Sender    []string // this program's own command for Send: args bytes and piece length follow
	Receiver  []string // for Receive: args bytes, piece length, address and file follow
	Reference string   // shell command of a program that prints "N MB/s", "" for none
	Timeout   time.Duration
	Log       func(format string, args ...any)
}

// Told is what a receiver prints when it is done, as JSON.
type Told struct {
	Seconds float64 `json:"seconds"`
}

// Announce starts the line with which a sender tells its address.
const Announce = "listening on "

// Group measures the pipeline, and the reference by turns with it.
func (r *Runner) Group(ctx context.Context, s Spec, reps int) (report.Group, error) {
	g := report.Group{Part: report.Limit, Bytes: s.Bytes, PieceLength: s.PieceLength, Entries: []report.Entry{
		{Client: figure.Raw, Mode: figure.TLS, Commands: []report.Command{
			{Role: "sender", Line: r.plain(r.Sender, s)}, {Role: "receiver", Line: r.plain(r.Receiver, s) + " ADDR $W/received"},
		}},
	}}
	once := []func(context.Context, Spec) (report.Run, error){r.once}
	if r.Reference != "" {
		g.Entries = append(g.Entries, report.Entry{Client: "reference"})
		once = append(once, r.reference)
	}
	for _, order := range transfer.Turns(len(once), reps) {
		for _, i := range order {
			e := &g.Entries[i]
			if e.Error != "" {
				continue
			}
			limited, cancel := context.WithTimeout(ctx, r.Timeout)
			run, err := once[i](limited, s)
			cancel()
			if ctx.Err() != nil {
				return g, context.Cause(ctx)
			}
			if err != nil {
				e.Error = strings.ReplaceAll(err.Error(), r.Space.Path, "$W")
				r.Log("limit %s: %s", e.Title(), e.Error)
				continue
			}
			e.Runs = append(e.Runs, run)
			r.Log("limit %s: %.2f s", e.Title(), run.Seconds)
		}
	}
	return g, nil
}

// once runs a sender and a receiver.
func (r *Runner) once(ctx context.Context, s Spec) (run report.Run, err error) {
	const out = "received"
	defer func() { err = errors.Join(err, r.Space.Clear(out)) }()
	sender, err := process.Start("", process.Command{Args: words(r.Sender, s), Said: func(line string) string {
		if strings.HasPrefix(line, Announce) {
			return Announce
		}
		return ""
	}}, r.Proc)
	if err != nil {
		return run, err
	}
	defer sender.Stop()
	addr, err := r.address(ctx, sender)
	if err != nil {
		return run, err
	}
	u, err := process.Run(ctx, process.Command{Args: append(words(r.Receiver, s), addr, r.Space.Join(out))}, r.Proc)
	if err != nil {
		return run, err
	}
	var told Told
	if err := json.Unmarshal([]byte(u.Output), &told); err != nil {
		return run, fmt.Errorf("read the receiver's result %q: %w", u.Output, err)
	}
	return report.Run{Bytes: s.Bytes, Seconds: told.Seconds, CPUSeed: sender.Stop().Seconds(), CPUDown: u.CPU.Seconds(),
		PeakDown: u.Memory.PeakRSS, PrivateDown: u.Memory.Private}, nil
}

func (r *Runner) address(ctx context.Context, sender *process.Process) (string, error) {
	for {
		if _, ok := sender.Event(Announce); ok {
			return strings.TrimPrefix(sender.Output(), Announce), nil
		}
		select {
		case <-sender.Exited():
			return "", sender.Failure("wait for the sender")
		case <-ctx.Done():
			return "", fmt.Errorf("wait for the sender: %w", context.Cause(ctx))
		case <-time.After(time.Millisecond):
		}
	}
}

var rate = regexp.MustCompile(`([0-9]+(?:\.[0-9]+)?)\s*MB/s`)

// reference runs another program and takes the last rate it prints.
func (r *Runner) reference(ctx context.Context, s Spec) (report.Run, error) {
	u, err := process.Run(ctx, process.Command{Args: []string{"sh", "-c", r.Reference}}, r.Proc)
	var v float64
	if err == nil {
		v, err = lastRate(u.Output)
	}
	if err != nil { // its words are about another machine's files: not for the document
		r.Log("limit reference: %v", err)
		return report.Run{}, errReference
	}
	return report.Run{Bytes: s.Bytes, Seconds: float64(s.Bytes) / 1e6 / v}, nil
}

func lastRate(text string) (float64, error) {
	all := rate.FindAllStringSubmatch(text, -1)
	if len(all) == 0 {
		return 0, fmt.Errorf("find a rate in %q: %w", text, errNoRate)
	}
	v, err := strconv.ParseFloat(all[len(all)-1][1], 64)
	if err != nil || v <= 0 {
		return 0, fmt.Errorf("find a rate in %q: %w", text, errNoRate)
	}
	return v, nil
}

var (
	errNoRate    = errors.New(`no "N MB/s"`)
	errReference = errors.New("the reference failed or printed no rate")
)

func words(command []string, s Spec) []string {
	return append(append([]string{}, command...), strconv.FormatInt(s.Bytes, 10), strconv.FormatInt(s.PieceLength, 10))
}

func (r *Runner) plain(command []string, s Spec) string {
	w := words(command, s)
	w[0] = path.Base(w[0])
	return strings.Join(w, " ")
}
