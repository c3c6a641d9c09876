package report

import (
	"github.com/warren-p2p/warren/bench/internal/report/figure"
	"github.com/warren-p2p/warren/bench/internal/report/table"
)

// transferRows has a ratio column for each anchor that is in the group.
func (g Group) transferRows() [][]string {
	aria, lt := g.anchor(figure.Aria2, figure.Plain), g.anchor(figure.Libtorrent, figure.Plain)
	rows := [][]string{{"client", "MB/s", "runs", "MB/s from spawn", "CPU-s/GiB seed + down = both", "of the whole machine", "of both lives",
		"peak RSS seed / down MB", "private seed / down MB", "× aria2", "× libtorrent", "CPU × aria2", "CPU × libtorrent"}}
	for _, e := range g.Entries {
		best, ok := e.Best()
		if !ok {
			continue
		}
		rows = append(rows, []string{
			e.Title(), table.Number(best.rate()), e.each(Run.rate), table.Number(e.value(figure.SpawnRate)),
			table.Number(best.perGiB(best.CPUSeed)) + " + " + table.Number(best.perGiB(best.CPUDown)) + " = " + table.Number(e.value(figure.CPU)),
			table.Number(best.perGiB(best.CPUMachine)), table.Number(e.value(figure.LifeCPU)),
			e.megabytes(func(r Run) int64 { return r.PeakSeed }) + " / " + e.megabytes(func(r Run) int64 { return r.PeakDown }),
			e.megabytes(func(r Run) int64 { return r.PrivateSeed }) + " / " + e.megabytes(func(r Run) int64 { return r.PrivateDown }),
			table.Number(per(best.rate(), aria(figure.Rate))), table.Number(per(best.rate(), lt(figure.Rate))),
			table.Number(per(e.value(figure.CPU), aria(figure.CPU))), table.Number(per(e.value(figure.CPU), lt(figure.CPU))),
		})
	}
	return rows
}

// workRows is the table for work without a swarm.
func (g Group) workRows() [][]string {
	find := func(client, op string) float64 {
		return g.find(figure.Selector{Client: client, Op: op, Metric: figure.Rate})
	}
	mk, lt, raw := find(figure.Mktorrent, "create"), find(figure.Libtorrent, "create"), find(figure.Raw, "hash")
	rows := [][]string{{"what", "seconds", "MB/s", "runs", "CPU-s/GiB", "peak RSS MB", "private MB", "× mktorrent", "× libtorrent", "× raw"}}
	if g.Part == Limit {
		rows[0] = rows[0][:7]
	}
	for _, e := range g.Entries {
		best, ok := e.Best()
		if !ok {
			continue
		}
		row := []string{
			e.Title(), table.Number(best.Seconds), table.Number(best.rate()), e.each(Run.rate), table.Number(e.value(figure.CPU)),
			e.megabytes(func(r Run) int64 { return max(r.PeakSeed, r.PeakDown) }), table.Number(e.value(figure.Private)),
			table.Number(per(best.rate(), mk)), table.Number(per(best.rate(), lt)), table.Number(per(best.rate(), raw)),
		}
		rows = append(rows, row[:len(rows[0])])
	}
	return rows
}

// anchor returns the figures of a client of this group, 0 where it has none.
func (g Group) anchor(client, mode string) func(figure.Metric) float64 {
	return func(m figure.Metric) float64 { return g.find(figure.Selector{Client: client, Mode: mode, Metric: m}) }
}

func (g Group) find(s figure.Selector) float64 {
	s.Part, s.Kind, s.Case = g.Part, g.Kind, g.Case
	return Results{Groups: []Group{g}}.Find(s).Value
}

func (e Entry) value(m figure.Metric) float64 {
	v, _ := e.Value(m)
	return v
}

func (e Entry) megabytes(f func(Run) int64) string { return table.Number(float64(e.most(f)) / mega) }
