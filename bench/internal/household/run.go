//go:build linux

package household

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"time"

	"github.com/warren-p2p/warren/bench/internal/process"
	"github.com/warren-p2p/warren/bench/internal/procfs"
	"github.com/warren-p2p/warren/bench/internal/report"
	"github.com/warren-p2p/warren/bench/internal/report/figure"
	"github.com/warren-p2p/warren/internal/access"
	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/home"
)

// Runner measures with a directory that [Fill] has filled.
type Runner struct {
	Warren string // the program
	Dir    string
	Proc   procfs.FS
	Settle time.Duration // after which memory is looked at
	Log    func(format string, args ...any)
}

// patience is how long a node may take to say where it is.
const patience = time.Minute

// Group starts the node so many times.
func (r *Runner) Group(ctx context.Context, torrents, reps int) (report.Group, error) {
	args := []string{"run", "--json", "--home", filepath.Join(r.Dir, homeDir)}
	for key, value := range flags() {
		args = append(args, "--set", key+"="+value)
	}
	line := strings.ReplaceAll("warren "+strings.Join(args, " "), r.Dir, "$W")
	g := report.Group{
		Part: report.Node, Case: fmt.Sprint(torrents), Torrents: torrents,
		Entries: []report.Entry{{Client: figure.Warren, Commands: []report.Command{{Role: "node", Line: line}}}},
	}
	for range reps {
		run, err := r.once(ctx, append([]string{r.Warren}, args...), torrents)
		if ctx.Err() != nil {
			return g, context.Cause(ctx)
		}
		if err != nil {
			g.Entries[0].Error = strings.ReplaceAll(err.Error(), r.Dir, "$W")
			return g, nil
		}
		r.Log("node with %d torrents: %.2f s, %.1f MB", torrents, run.Seconds, float64(run.RSS)/1e6)
		g.Entries[0].Runs = append(g.Entries[0].Runs, run)
	}
	return g, nil
}

// once starts the node, asks for all torrents as soon as it answers, and looks at it
// when it has settled.
func (r *Runner) once(ctx context.Context, args []string, torrents int) (run report.Run, err error) {
	began := clock.System{}.Now()
	p, err := process.Start("", process.Command{Args: args}, r.Proc)
	if err != nil {
		return run, err
	}
	defer p.Stop()
	api, token, err := r.find(ctx, p)
	if err != nil {
		return run, err
	}
	if err := list(ctx, api, token, torrents); err != nil {
		return run, err
	}
	run.Seconds = clock.System{}.Now().Sub(began).Seconds()
	select {
	case <-ctx.Done():
		return run, context.Cause(ctx)
	case <-time.After(r.Settle):
	}
	m, err1 := r.Proc.Memory(p.PID())
	files, err2 := r.Proc.Descriptors(p.PID())
	run.RSS, run.Private, run.Descriptors = m.RSS, m.Private, files
	return run, errors.Join(err1, err2)
}

// find waits until the node has written down where it is.
func (r *Runner) find(ctx context.Context, p *process.Process) (api, token string, err error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	h, err := home.Open(filepath.Join(r.Dir, homeDir))
	if err != nil {
		return "", "", err
	}
	defer func() { err = errors.Join(err, h.Close()) }()
	for {
		if n, ok, err := h.Node(); err != nil {
			return "", "", err
		} else if ok && n.PID == p.PID() && n.API != "" {
			key, err := access.OpenKey(h.State())
			if err != nil {
				return "", "", err
			}
			return n.API, key.Text(), nil
		}
		select {
		case <-p.Exited():
			return "", "", p.Failure("start the node")
		case <-ctx.Done():
			return "", "", fmt.Errorf("wait for the node: %w", context.Cause(ctx))
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// list asks for all torrents, in pages, and counts them.
func list(ctx context.Context, api, token string, want int) error {
	for got := 0; got < want; {
		n, err := page(ctx, fmt.Sprintf("%s/api/v1/torrents?limit=1000&offset=%d", api, got), token)
		if err != nil {
			return err
		}
		if n == 0 {
			return fmt.Errorf("%d of %d torrents are listed", got, want)
		}
		got += n
	}
	return nil
}

func page(ctx context.Context, url, token string) (n int, err error) {
	q, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return 0, err
	}
	q.Header.Set("Authorization", "Bearer "+token)
	a, err := http.DefaultClient.Do(q)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, a.Body.Close()) }()
	b, err := io.ReadAll(a.Body)
	if err != nil {
		return 0, err
	}
	if a.StatusCode != http.StatusOK {
		return 0, fmt.Errorf("%s: %.200s", a.Status, b)
	}
	var list struct{ Torrents []json.RawMessage }
	if err := json.Unmarshal(b, &list); err != nil {
		return 0, err
	}
	return len(list.Torrents), nil
}
