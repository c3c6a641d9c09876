package table

import (
	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/swarm/internal/piece"
)

// Gain adds piece i to what a peer has, and to what the picker knows of it.
func (t *Table) Gain(has *piece.Set, i int) {
	if !has.Has(i) {
		has.Add(i)
		t.Pick.Gain(i)
	}
}

// Lose undoes Gain.
func (t *Table) Lose(has *piece.Set, i int) {
	if !has.Has(i) {
		return
	}
	if has.All() {
		t.Pick.LoseAll()
		has.Spell()
		t.Pick.GainSet(has)
	}
	has.Remove(i)
	t.Pick.Lose(i)
}

// Replace sets what a peer has; nil means everything. The bitfield is kept.
func (t *Table) Replace(has *piece.Set, bits peerwire.Bitfield) {
	t.LoseSet(has)
	*has = piece.SetOf(t.Pick.Len(), bits)
	if has.All() {
		t.Pick.GainAll()
	} else {
		t.Pick.GainSet(has)
	}
}

// LoseSet takes all that a peer has out of what the picker knows.
func (t *Table) LoseSet(has *piece.Set) {
	if has.All() {
		t.Pick.LoseAll()
	} else {
		t.Pick.LoseSet(has)
	}
}
