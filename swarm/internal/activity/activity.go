// Package activity names what a torrent can be doing, and what can follow what.
package activity

// State is what a torrent is doing.
type State uint8

// The states.
const (
	Starting    State = iota // not decided yet
	Checking                 // content on disk is being hashed
	Downloading              // something wanted is missing
	Seeding                  // nothing wanted is missing
	Paused                   // stopped by the user
	Waiting                  // the volume is full or does not take data; goes on by itself
	Failed                   // needs the user
	Metadata                 // nothing but info-hashes is known: peers are asked for the rest
	Queued                   // stopped until it is its turn; told to users, for what runs it is Paused
)

// String returns the state as people read it.
func (s State) String() string {
	return [...]string{"starting", "checking", "downloading", "seeding", "paused", "waiting", "failed", "fetching metadata", "queued"}[s]
}

// Set is a set of states.
type Set uint16

// Has reports whether a state is in the set.
func (s Set) Has(one State) bool { return s&(1<<one) != 0 }

// The sets from which a torrent changes its state. No other changes exist:
//
//	Resting, except while something has it alone → starting        Start
//	starting, paused (after an Add or for Recheck) → checking
//	checking → starting, or paused if the user said so meanwhile
//	starting ↔ fetching metadata                                   the loop
//	Going → downloading, seeding, waiting                          the loop
//	Active → failed
//	any → paused                                   Stop, Recheck, Move
//
// Peers are served in those of Serving.
const (
	Serving Set = 1<<Downloading | 1<<Seeding | 1<<Waiting | 1<<Metadata
	Going       = Serving | 1<<Starting
	Active      = Going | 1<<Checking
	Resting Set = 1<<Paused | 1<<Failed
	Any         = Active | Resting
)
