//go:build linux

package crowd

import (
	"context"
	"path"
	"strconv"
	"strings"

	"github.com/warren-p2p/warren/bench/internal/report"
	"github.com/warren-p2p/warren/bench/internal/report/figure"
)

// Idle measures what each of n peers costs that want nothing, in either mode.
func (r *Runner) Idle(ctx context.Context, s Spec, n, reps int) (report.Group, error) {
	g := report.Group{Part: report.Idle, Bytes: int64(s.Pieces) * s.PieceLength, PieceLength: s.PieceLength, Peers: n}
	s.Torrents = 1
	if err := Make(r.Space, Dir, s); err != nil {
		return g, err
	}
	for _, mode := range []string{figure.TLS, figure.Plain} {
		e := report.Entry{Client: figure.Warren, Mode: mode, Commands: []report.Command{
			{Role: "node", Line: strings.Join([]string{path.Base(r.Self), r.Roles.Node, "$W/" + Dir, strconv.Itoa(n), mode}, " ")},
			{Role: "peers", Line: strings.Join([]string{path.Base(r.Self), r.Roles.Peers, "ADDR", strconv.Itoa(n), mode, "$W/" + Dir + "/" + first}, " ")},
		}}
		for range reps {
			run, err := r.idle(ctx, n, mode)
			if ctx.Err() != nil {
				return g, context.Cause(ctx)
			}
			if err != nil {
				e.Error = strings.ReplaceAll(err.Error(), r.Space.Path, "$W")
				r.Log("idle %s: %s", mode, e.Error)
				break
			}
			e.Runs = append(e.Runs, run)
			r.Log("idle %s: %.1f kB of heap, %.1f kB of stacks", mode, run.Heap/1e3, run.Stacks/1e3)
		}
		g.Entries = append(g.Entries, e)
	}
	return g, nil
}

var first = path.Join(TorrentsDir, TorrentName(0))

// idle runs a node and its peers.
func (r *Runner) idle(ctx context.Context, n int, mode string) (report.Run, error) {
	ctx, cancel := context.WithTimeout(ctx, r.Timeout)
	defer cancel()
	many := strconv.Itoa(n)
	node, err := r.start([]string{r.Self, r.Roles.Node, r.Space.Join(Dir), many, mode})
	if err != nil {
		return report.Run{}, err
	}
	defer node.Stop()
	alone, err := node.await(ctx, Listening)
	if err != nil {
		return report.Run{}, err
	}
	peers, err := r.start([]string{r.Self, r.Roles.Peers, alone.Addr, many, mode, r.Space.Join(path.Join(Dir, first))})
	if err != nil {
		return report.Run{}, err
	}
	defer peers.Stop()
	if _, err := peers.await(ctx, Ready); err != nil {
		return report.Run{}, err
	}
	full, err := node.await(ctx, Full)
	each := func(before, after int64) float64 { return float64(after-before) / float64(n) }
	return report.Run{
		Goroutines: each(int64(alone.Goroutines), int64(full.Goroutines)),
		Heap:       each(alone.Heap, full.Heap), Stacks: each(alone.Stacks, full.Stacks),
	}, err
}
