//go:build linux

// Package transfer moves the same content with each client by turns and
// measures it.
package transfer

import (
	"slices"

	"github.com/warren-p2p/warren/bench/internal/clients"
	"github.com/warren-p2p/warren/bench/internal/report"
)

// Contestant is a client in a group.
type Contestant struct {
	clients.Client
	Kind string // of the torrent it moves
	Reps int    // how often at most
}

// Line returns who takes part in a group of torrents of kind. A client that
// cannot handle the kind moves the v1 torrent of the same content if it is an
// anchor there, and stays away otherwise.
func Line(all []clients.Client, kind string, reps int, anchors, once []string) []Contestant {
	var out []Contestant
	for _, c := range all {
		k := Contestant{Client: c, Kind: kind, Reps: reps}
		if !c.Moves(kind) {
			if !slices.Contains(anchors, c.Name()) {
				continue
			}
			k.Kind = "v1"
		}
		if slices.Contains(once, c.Name()) {
			k.Reps = 1
		}
		out = append(out, k)
	}
	return out
}

// Turns returns the order of n contestants in each repetition: A B C, C B A,
// A B C, …, so that none always follows the same one.
func Turns(n, reps int) [][]int {
	out := make([][]int, reps)
	for rep := range out {
		for i := range n {
			if rep%2 == 1 {
				i = n - 1 - i
			}
			out[rep] = append(out[rep], i)
		}
	}
	return out
}

func (c Contestant) entry(groupKind string) report.Entry {
	e := report.Entry{Client: c.Name(), Variant: c.Variant(), Mode: c.Mode()}
	if c.Kind != groupKind {
		e.Torrent = c.Kind
	}
	return e
}
