package report

import "github.com/warren-p2p/warren/bench/internal/report/figure"

const (
	kilo = 1e3
	mega = 1e6
	gibi = 1 << 30
)

// Best returns the fastest repetition.
func (e Entry) Best() (Run, bool) {
	var best Run
	for i, r := range e.Runs {
		if i == 0 || r.rate() > best.rate() || r.Bytes == 0 && r.Seconds < best.Seconds {
			best = r
		}
	}
	return best, len(e.Runs) > 0
}

// Value returns a metric of an entry, and false if it was not measured.
func (e Entry) Value(m figure.Metric) (float64, bool) {
	best, ok := e.Best()
	if !ok {
		return 0, false
	}
	var v float64
	switch m {
	case figure.Rate:
		v = best.rate()
	case figure.SpawnRate:
		v = per(float64(best.Bytes)/mega, best.SpawnSeconds)
	case figure.PerCPU:
		v = e.worst(func(r Run) float64 { return per(float64(r.Announces), r.CPUDown) })
	case figure.CPU:
		v = best.perGiB(best.CPUSeed + best.CPUDown)
	case figure.LifeCPU:
		v = best.perGiB(best.LifeSeed + best.LifeDown)
	case figure.Private:
		v = float64(e.most(func(r Run) int64 { return max(r.PrivateSeed, r.PrivateDown) })) / mega
	case figure.Start:
		v = best.Seconds
	case figure.Micros:
		v = best.Seconds * 1e6
	case figure.MicrosCPU:
		v = e.least(func(r Run) float64 { return r.CPUDown }) * 1e6
	case figure.Resident:
		v = float64(e.most(func(r Run) int64 { return r.RSS })) / mega
	case figure.PeerHeap:
		v = e.worst(func(r Run) float64 { return r.Heap }) / kilo
	case figure.PeerTasks:
		v = e.worst(func(r Run) float64 { return r.Goroutines })
	}
	return v, v > 0
}

func (e Entry) least(f func(Run) float64) float64 {
	v := f(e.Runs[0])
	for _, r := range e.Runs {
		v = min(v, f(r))
	}
	return v
}

func (e Entry) worst(f func(Run) float64) (v float64) {
	for _, r := range e.Runs {
		v = max(v, f(r))
	}
	return v
}

func (e Entry) most(f func(Run) int64) (v int64) {
	for _, r := range e.Runs {
		v = max(v, f(r))
	}
	return v
}

func (r Run) rate() float64 { return per(float64(r.Bytes)/mega, r.Seconds) }

func (r Run) perGiB(seconds float64) float64 { return per(seconds, float64(r.Bytes)/gibi) }

// per divides, and is 0 where nothing was measured.
func per(a, b float64) float64 {
	if b <= 0 {
		return 0
	}
	return a / b
}

// Find looks a figure up.
func (r Results) Find(s figure.Selector) (f figure.Reading) {
	for _, g := range r.Groups {
		if g.Part != s.Part || g.Kind != s.Kind || g.Case != s.Case {
			continue
		}
		for _, e := range g.Entries {
			if !e.is(s) {
				continue
			}
			f.Failed = f.Failed || e.Error != ""
			v, ok := e.Value(s.Metric)
			if ok && (!f.Found || (v < f.Value) == s.Metric.SmallerIsBetter()) {
				f.Value, f.Run, f.Found, f.Small = v, g.Run.ID, true, g.small()
			}
		}
	}
	return f
}

// small tells whether a group moved or hashed less than the bars speak of: a
// GiB, or 20,000 files; or had less than 10,000 torrents, or 100 peers. Over slow
// links and from slow seeders less is enough.
func (g Group) small() bool {
	switch {
	case g.Part == Slow:
		return g.Bytes < gibi/2
	case g.Part == Swarm:
		return g.Bytes < gibi/8
	case g.Case == "tree":
		return g.Files < 20_000
	case g.Part == Torrents && g.Torrents < 10_000:
		return true
	case g.Part == Handshake && g.Torrents < 100_000:
		return true
	case g.Part == Handshake, g.Part == Node: // whose bars name how many
		return false
	case g.Part == Tracker:
		return g.Peers < 1_000_000
	case g.Part == Idle:
		return g.Peers < 100
	}
	return g.Bytes < gibi
}

// is tells whether a selector means an entry of its group.
func (e Entry) is(s figure.Selector) bool {
	return e.Client == s.Client && e.Mode == s.Mode && e.Op == s.Op && (s.Variant == "" || e.Variant == s.Variant)
}
