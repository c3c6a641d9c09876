package report

import (
	"strconv"
	"strings"

	"github.com/warren-p2p/warren/bench/internal/report/figure"
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
			table.Number(e.value(figure.Resident)), e.megabytes(func(r Run) int64 { return r.Private }),
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
			e.Title(), table.Number(e.value(figure.PeerHeap)), e.each(func(r Run) float64 { return r.Heap / kilo }),
			table.Number(e.worst(func(r Run) float64 { return r.Stacks }) / kilo), table.Number(e.value(figure.PeerTasks)),
		})
	}
	return rows
}

// handshakeRows is the table of what it takes to become a peer.
func (g Group) handshakeRows() [][]string {
	rows := [][]string{{"what", "CPU µs", "runs", "× raw", "µs until it stands", "× raw"}}
	for _, e := range g.Entries {
		if len(e.Runs) == 0 {
			continue
		}
		raw := figure.Selector{Client: figure.Raw, Variant: e.Variant, Mode: e.Mode, Op: e.Op, Metric: figure.MicrosCPU}
		slow := raw
		slow.Metric = figure.Micros
		rows = append(rows, []string{
			e.Title(), table.Number(e.value(figure.MicrosCPU)), e.each(func(r Run) float64 { return r.CPUDown * 1e6 }),
			table.Number(per(e.value(figure.MicrosCPU), g.find(raw))), table.Number(e.value(figure.Micros)),
			table.Number(per(e.value(figure.Micros), g.find(slow))),
		})
	}
	return rows
}

// trackerRows is the table of trackers. Rates of the whole machine tell who was slower.
func (g Group) trackerRows() [][]string {
	rows := [][]string{{"what", "announces/CPU-s", "runs", "× opentracker", "× chihaya", "announces/s", "µs of CPU", "lost", "RSS MB more"}}
	for _, e := range g.Entries {
		best, ok := e.Best()
		if !ok {
			continue
		}
		other := func(client string) string {
			return table.Number(per(e.value(figure.PerCPU), g.find(figure.Selector{Client: client, Op: e.Op, Metric: figure.PerCPU})))
		}
		rows = append(rows, []string{
			e.Title(), table.Number(e.value(figure.PerCPU)), e.each(func(r Run) float64 { return per(float64(r.Announces), r.CPUDown) }),
			other(figure.Opentracker), other(figure.Chihaya), table.Number(per(float64(best.Announces), best.Seconds)),
			table.Number(per(1e6, e.value(figure.PerCPU))), strconv.FormatInt(best.Lost, 10), table.Number(e.value(figure.Resident)),
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
