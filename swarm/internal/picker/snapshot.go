package picker

import (
	"fmt"
	"slices"
)

// State is how far a piece is.
type State uint8

// The states of a piece.
const (
	Missing    State = iota // nobody works on it
	InProgress              // at least one peer works on it
	Writing                 // complete in memory, waits for hash and write
	Verified                // on disk with the right hash
)

// String returns the state in lower case.
func (s State) String() string {
	names := [...]string{"missing", "in progress", "writing", "verified"}
	if int(s) < len(names) {
		return names[s]
	}
	return fmt.Sprintf("state %d", s)
}

// A Status is what the picker knows of one piece.
type Status struct {
	State        State
	Priority     Priority
	Availability int    // connected peers that have it, seeds included
	Partial      bool   // blocks of it are held from earlier work
	Workers      []Peer // owner first; nil unless in progress
}

// Snapshot returns a copy of the status of every piece, for tests and piece maps.
func (p *Picker) Snapshot() []Status {
	all := make([]Status, len(p.pieces))
	for i := range p.pieces {
		pc := &p.pieces[i]
		all[i] = Status{
			State:        pc.state,
			Priority:     pc.prio,
			Availability: int(pc.avail + p.seeds),
			Partial:      pc.partial,
		}
		if pc.job >= 0 {
			all[i].Workers = slices.Clone(p.jobs[pc.job].workers)
		}
	}
	return all
}
