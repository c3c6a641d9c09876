// Package figure names what the bench measures: a metric of a client that does
// something in a certain way.
package figure

import "strings"

// Names of clients and modes.
const (
	Warren      = "warren"
	Aria2       = "aria2"
	Libtorrent  = "libtorrent"
	Mktorrent   = "mktorrent"
	Opentracker = "opentracker"
	Chihaya     = "chihaya"
	Raw         = "raw"
	Plain       = "plain"
	TLS         = "TLS"
	UTP         = "TLS over uTP"
	AsGo        = "as Go"       // what a client's hello looks like
	AsChromium  = "as Chromium" // likewise
)

// A Metric is one figure of an entry.
type Metric int

// The metrics. Rates and processor time are those of the fastest repetition,
// memory is the most any repetition used.
const (
	Rate      Metric = iota // MB/s (10^6 bytes) while data moved
	SpawnRate               // MB/s from the start of the downloader
	PerCPU                  // announces for each second of the tracker's processor time
	CPU                     // CPU-s per GiB, both ends, while data moved
	LifeCPU                 // CPU-s per GiB, both ends, whole life
	Private                 // MB (10^6 bytes) of private memory, larger of both ends
	Start                   // seconds, of the fastest repetition
	Resident                // MB (10^6 bytes) of a process that does nothing
	PeerHeap                // kB (10^3 bytes) of heap that one more idle peer takes
	PeerTasks               // goroutines of one more idle peer
	Micros                  // microseconds, of the fastest repetition
	MicrosCPU               // microseconds of the processor, of the cheapest repetition
)

func (m Metric) String() string {
	return [...]string{"MB/s", "MB/s from spawn", "announces/CPU-s", "CPU-s/GiB", "CPU-s/GiB of whole life", "private MB",
		"seconds", "RSS MB", "heap kB", "goroutines", "µs", "CPU µs"}[m]
}

// SmallerIsBetter tells which of two variants is the harder anchor.
func (m Metric) SmallerIsBetter() bool { return m >= CPU }

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
	return strings.Join(strings.Fields(strings.Join([]string{s.Client, s.Variant, s.Mode, s.Op}, " ")), " ")
}

// Reading is a value that was looked up.
type Reading struct {
	Value  float64
	Run    string // which run it was measured in
	Found  bool
	Failed bool // a repetition failed
	Small  bool // the content was too small for a verdict
}
