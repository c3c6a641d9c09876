// Package report keeps what the bench measured and turns it into the table on
// the terminal and into docs/benchmarks.md.
//
// The raw figures live in a JSON file beside the document. A partial run
// replaces the groups it measured and leaves the others, each group with the
// machine, the date and the versions it was measured with. The document is a
// function of that file alone.
package report

import (
	"cmp"
	"slices"

	"github.com/warren-p2p/warren/bench/internal/procfs"
	"github.com/warren-p2p/warren/bench/internal/report/figure"
	"github.com/warren-p2p/warren/bench/internal/report/part"
)

// Parts of the bench. A group belongs to one.
const (
	Transfer = part.Transfer
	MTU      = part.MTU
	Many     = part.Many
	Slow     = part.Slow
	Swarm    = part.Swarm
	Hash     = part.Hash
	Limit    = part.Limit
	Torrents = part.Torrents
	Idle     = part.Idle
	Node     = part.Node

	Handshake = part.Handshake
	Levels    = part.Levels
	Tracker   = part.Tracker
)

// Parts lists them in the order of the document.
func Parts() []string { return part.All() }

// Results is the content of the JSON file.
type Results struct {
	Groups []Group `json:"groups"`
}

// Group is a set of entries measured by turns in one run, so that their ratios
// mean something.
type Group struct {
	Part        string  `json:"part"`
	Kind        string  `json:"kind,omitempty"` // v1, v2, hybrid
	Case        string  `json:"case,omitempty"` // hash: "file" or "tree"; node: how many torrents
	MTU         int     `json:"mtu,omitempty"`
	Downloaders int     `json:"downloaders,omitempty"`
	Bytes       int64   `json:"bytes"` // content, once
	Files       int     `json:"files,omitempty"`
	Torrents    int     `json:"torrents,omitempty"`
	Peers       int     `json:"peers,omitempty"`
	PieceLength int64   `json:"piece_length"`
	Run         Context `json:"run"`
	Entries     []Entry `json:"entries"`
}

// Context is where and when a group was measured.
type Context struct {
	ID       string            `json:"id"`   // unique per start of the bench
	Date     string            `json:"date"` // YYYY-MM-DD
	Options  string            `json:"options"`
	Machine  procfs.Machine    `json:"machine"`
	Go       string            `json:"go"`
	Versions map[string]string `json:"versions"`
}

// Entry is one client in one mode.
type Entry struct {
	Client   string    `json:"client"`
	Variant  string    `json:"variant,omitempty"` // settings: "default", "tuned"
	Mode     string    `json:"mode,omitempty"`    // "plain", "TLS"
	Op       string    `json:"op,omitempty"`      // hash: "create", "verify", "raw"
	Torrent  string    `json:"torrent,omitempty"` // kind used, if it is not the group's
	Runs     []Run     `json:"runs"`
	Error    string    `json:"error,omitempty"` // why repetitions are missing
	Commands []Command `json:"commands,omitempty"`
}

// Command is a line a person can type, with $W for the work directory.
type Command struct {
	Role string `json:"role"`
	Line string `json:"line"`
}

// Run is one repetition. Times are in seconds, processor times in seconds of
// user and system together, memory in bytes. Down covers all downloaders for
// processor time, and the largest one for memory.
type Run struct {
	Bytes        int64   `json:"bytes"` // delivered or hashed
	Seconds      float64 `json:"seconds"`
	SpawnSeconds float64 `json:"spawn_seconds,omitempty"`
	CPUSeed      float64 `json:"cpu_seed,omitempty"` // while data moved
	CPUDown      float64 `json:"cpu_down"`
	LifeSeed     float64 `json:"cpu_life_seed,omitempty"` // whole life of the process
	LifeDown     float64 `json:"cpu_life_down,omitempty"`
	CPUMachine   float64 `json:"cpu_machine,omitempty"` // everything that ran meanwhile
	PeakSeed     int64   `json:"peak_rss_seed,omitempty"`
	PeakDown     int64   `json:"peak_rss_down,omitempty"`
	PrivateSeed  int64   `json:"private_seed,omitempty"`
	PrivateDown  int64   `json:"private_down,omitempty"`
	Compared     bool    `json:"compared,omitempty"` // byte for byte with the source

	// Of a process that does nothing: what it holds.
	RSS         int64 `json:"rss,omitempty"`
	Private     int64 `json:"private,omitempty"`
	Descriptors int   `json:"descriptors,omitempty"`
	// Of a Go program as well; for idle peers what each of them adds.
	Goroutines float64 `json:"goroutines,omitempty"`
	Heap       float64 `json:"heap,omitempty"`
	Stacks     float64 `json:"stacks,omitempty"`
	// Of a tracker; its memory is what it grew by.
	Announces int64 `json:"announces,omitempty"` // answered
	Lost      int64 `json:"lost,omitempty"`      // and refused
}

// Title is the name of an entry in a table.
func (e Entry) Title() string {
	s := figure.Selector{Client: e.Client, Variant: e.Variant, Mode: e.Mode, Op: e.Op}
	if e.Torrent == "" {
		return s.String()
	}
	return s.String() + " (" + e.Torrent + ")"
}

// Merge replaces the groups of old that fresh measured again and keeps the
// rest, in the order of the document.
func Merge(old, fresh Results) Results {
	key := func(g Group) [3]string { return [3]string{g.Part, g.Kind, g.Case} }
	measured := make(map[[3]string]bool)
	for _, g := range fresh.Groups {
		measured[key(g)] = true
	}
	out := Results{Groups: slices.Clone(fresh.Groups)}
	for _, g := range old.Groups {
		if !measured[key(g)] {
			out.Groups = append(out.Groups, g)
		}
	}
	kinds := []string{"v1", "v2", "hybrid"}
	slices.SortStableFunc(out.Groups, func(a, b Group) int {
		return cmp.Or(
			cmp.Compare(slices.Index(Parts(), a.Part), slices.Index(Parts(), b.Part)),
			cmp.Compare(a.Case, b.Case),
			cmp.Compare(slices.Index(kinds, a.Kind), slices.Index(kinds, b.Kind)),
		)
	})
	return out
}
