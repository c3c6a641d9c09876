package report

import (
	"strconv"
	"strings"

	"github.com/warren-p2p/warren/bench/internal/report/table"
)

// torrentRows is the table of processes with many torrents.
func (g Group) torrentRows() [][]string {
	rows := [][]string{{"what", "seconds to start", "runs", "RSS MB", "private MB", "goroutines", "open files"}}
	for _, e := range g.Entries {
		best, ok := e.Best()
		if !ok {
			continue
		}
		rows = append(rows, []string{
			e.Title(), table.Number(best.Seconds), e.each(func(r Run) float64 { return r.Seconds }),
			table.Number(e.value(Resident)), e.megabytes(func(r Run) int64 { return r.Private }),
			table.Number(best.Goroutines), strconv.Itoa(best.Descriptors),
		})
	}
	return rows
}

// idleRows is the table of what an idle peer costs.
func (g Group) idleRows() [][]string {
	rows := [][]string{{"what", "heap kB a peer", "runs", "stacks kB a peer", "goroutines a peer"}}
	for _, e := range g.Entries {
		if len(e.Runs) == 0 {
			continue
		}
		rows = append(rows, []string{
			e.Title(), table.Number(e.value(PeerHeap)), e.each(func(r Run) float64 { return r.Heap / kilo }),
			table.Number(e.worst(func(r Run) float64 { return r.Stacks }) / kilo), table.Number(e.value(PeerTasks)),
		})
	}
	return rows
}

func (e Entry) each(f func(Run) float64) string {
	var s []string
	for _, r := range e.Runs {
		s = append(s, table.Number(f(r)))
	}
	return strings.Join(s, " ")
}

// restBars are those of what does nothing.
func restBars() []Bar {
	own := Selector{Part: Torrents, Client: Warren, Metric: Start}
	other := Selector{Part: Torrents, Client: Libtorrent, Metric: Start}
	memory := Selector{Part: Torrents, Client: Warren, Metric: Resident}
	bars := []Bar{
		{Name: "start with 10,000 torrents", Num: own, Den: &other, AtMost: true, Bound: 1},
		{Name: "10,000 torrents after 60 s", Num: memory, AtMost: true, Bound: 100},
	}
	for _, want := range []struct {
		mode string
		heap float64
	}{{TLS, 20}, {Plain, 12}} {
		peer := Selector{Part: Idle, Client: Warren, Mode: want.mode}
		kept, tasks := peer, peer
		kept.Metric, tasks.Metric = PeerHeap, PeerTasks
		bars = append(bars,
			Bar{Name: "one more idle peer", Num: kept, AtMost: true, Bound: want.heap},
			Bar{Name: "one more idle peer", Num: tasks, AtMost: true, Bound: 2})
	}
	return bars
}
