package report

import "strings"

// transferRows has a ratio column for each anchor that is in the group.
func (g Group) transferRows() [][]string {
	aria, lt := g.anchor(Aria2, Plain), g.anchor(Libtorrent, Plain)
	rows := [][]string{{"client", "MB/s", "runs", "MB/s from spawn", "CPU-s/GiB seed + down = both", "of the whole machine", "of both lives",
		"peak RSS seed / down MB", "private seed / down MB", "× aria2", "× libtorrent", "CPU × aria2", "CPU × libtorrent"}}
	for _, e := range g.Entries {
		best, ok := e.Best()
		if !ok {
			continue
		}
		rows = append(rows, []string{
			e.Title(), number(best.rate()), e.rates(), number(e.value(SpawnRate)),
			number(best.perGiB(best.CPUSeed)) + " + " + number(best.perGiB(best.CPUDown)) + " = " + number(e.value(CPU)),
			number(best.perGiB(best.CPUMachine)), number(e.value(LifeCPU)),
			e.megabytes(func(r Run) int64 { return r.PeakSeed }) + " / " + e.megabytes(func(r Run) int64 { return r.PeakDown }),
			e.megabytes(func(r Run) int64 { return r.PrivateSeed }) + " / " + e.megabytes(func(r Run) int64 { return r.PrivateDown }),
			number(per(best.rate(), aria(Rate))), number(per(best.rate(), lt(Rate))),
			number(per(e.value(CPU), aria(CPU))), number(per(e.value(CPU), lt(CPU))),
		})
	}
	return rows
}

// workRows is the table for work without a swarm.
func (g Group) workRows() [][]string {
	find := func(client, op string) float64 {
		return g.find(Selector{Client: client, Op: op, Metric: Rate})
	}
	mk, lt, raw := find(Mktorrent, "create"), find(Libtorrent, "create"), find(Raw, "hash")
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
			e.Title(), number(best.Seconds), number(best.rate()), e.rates(), number(e.value(CPU)),
			e.megabytes(func(r Run) int64 { return max(r.PeakSeed, r.PeakDown) }), number(e.value(Private)),
			number(per(best.rate(), mk)), number(per(best.rate(), lt)), number(per(best.rate(), raw)),
		}
		rows = append(rows, row[:len(rows[0])])
	}
	return rows
}

// anchor returns the figures of a client of this group, 0 where it has none.
func (g Group) anchor(client, mode string) func(Metric) float64 {
	return func(m Metric) float64 { return g.find(Selector{Client: client, Mode: mode, Metric: m}) }
}

func (g Group) find(s Selector) float64 {
	s.Part, s.Kind, s.Case = g.Part, g.Kind, g.Case
	return Results{Groups: []Group{g}}.Find(s).Value
}

func (e Entry) value(m Metric) float64 {
	v, _ := e.Value(m)
	return v
}

func (e Entry) rates() string {
	var s []string
	for _, r := range e.Runs {
		s = append(s, number(r.rate()))
	}
	return strings.Join(s, " ")
}

func (e Entry) megabytes(f func(Run) int64) string { return number(float64(e.most(f)) / mega) }
