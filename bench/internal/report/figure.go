package report

// A Metric is one figure of an entry.
type Metric int

// The metrics. Rates and processor time are those of the fastest repetition,
// memory is the most any repetition used.
const (
	Rate      Metric = iota // MB/s (10^6 bytes) while data moved
	SpawnRate               // MB/s from the start of the downloader
	CPU                     // CPU-s per GiB, both ends, while data moved
	LifeCPU                 // CPU-s per GiB, both ends, whole life
	Private                 // MB (10^6 bytes) of private memory, larger of both ends
	Start                   // seconds, of the fastest repetition
	Resident                // MB (10^6 bytes) of a process that does nothing
	PeerHeap                // kB (10^3 bytes) of heap that one more idle peer takes
	PeerTasks               // goroutines of one more idle peer
)

func (m Metric) String() string {
	return [...]string{"MB/s", "MB/s from spawn", "CPU-s/GiB", "CPU-s/GiB of whole life", "private MB",
		"seconds", "RSS MB", "heap kB", "goroutines"}[m]
}

// smallerIsBetter tells which of two variants is the harder anchor.
func (m Metric) smallerIsBetter() bool { return m >= CPU }

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
func (e Entry) Value(m Metric) (float64, bool) {
	best, ok := e.Best()
	if !ok {
		return 0, false
	}
	var v float64
	switch m {
	case Rate:
		v = best.rate()
	case SpawnRate:
		v = per(float64(best.Bytes)/mega, best.SpawnSeconds)
	case CPU:
		v = best.perGiB(best.CPUSeed + best.CPUDown)
	case LifeCPU:
		v = best.perGiB(best.LifeSeed + best.LifeDown)
	case Private:
		v = float64(e.most(func(r Run) int64 { return max(r.PrivateSeed, r.PrivateDown) })) / mega
	case Start:
		v = best.Seconds
	case Resident:
		v = float64(e.most(func(r Run) int64 { return r.RSS })) / mega
	case PeerHeap:
		v = e.worst(func(r Run) float64 { return r.Heap }) / kilo
	case PeerTasks:
		v = e.worst(func(r Run) float64 { return r.Goroutines })
	}
	return v, v > 0
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

// Selector names a figure. An empty Variant stands for the better of all
// variants, which is the harder one to beat.
type Selector struct {
	Part, Kind, Case      string
	Client, Variant, Mode string
	Op                    string
	Metric                Metric
}

// String is the figure's name in a formula.
func (s Selector) String() string {
	return Entry{Client: s.Client, Variant: s.Variant, Mode: s.Mode, Op: s.Op}.Title()
}

// Figure is a value that was looked up.
type Figure struct {
	Value  float64
	Run    string // Context.ID of the run it was measured in
	Found  bool
	Failed bool // a repetition of the entry failed
	Small  bool // the content was too small for a verdict
}

// Find looks a figure up.
func (r Results) Find(s Selector) (f Figure) {
	for _, g := range r.Groups {
		if g.Part != s.Part || g.Kind != s.Kind || g.Case != s.Case {
			continue
		}
		for _, e := range g.Entries {
			if !s.matches(e) {
				continue
			}
			f.Failed = f.Failed || e.Error != ""
			v, ok := e.Value(s.Metric)
			if ok && (!f.Found || (v < f.Value) == s.Metric.smallerIsBetter()) {
				f.Value, f.Run, f.Found, f.Small = v, g.Run.ID, true, g.small()
			}
		}
	}
	return f
}

// small tells whether a group moved or hashed less than the bars speak of: a
// GiB, or 20,000 files; or had less than 10,000 torrents, or 100 peers.
func (g Group) small() bool {
	switch {
	case g.Case == "tree":
		return g.Files < 20_000
	case g.Part == Torrents && g.Torrents < 10_000:
		return true
	case g.Part == Idle:
		return g.Peers < 100
	}
	return g.Bytes < gibi
}

func (s Selector) matches(e Entry) bool {
	return e.Client == s.Client && e.Mode == s.Mode && e.Op == s.Op && (s.Variant == "" || e.Variant == s.Variant)
}
