package picker

// maxHints is how many suggestions of a peer are remembered.
const maxHints = 64

// Suggest notes that peer would rather give us this piece than another (BEP 6):
// it may know what we do not, that others are fetching those.
func (p *Picker) Suggest(peer Peer, piece int) {
	hints := p.hints[peer]
	if len(hints) == maxHints {
		hints = append(hints[:0], hints[1:]...)
	}
	p.hints[peer] = append(hints, int32(piece))
}

// hinted returns a free piece that peer has suggested and that is wanted as much
// as piece and as rare, or piece itself.
func (p *Picker) hinted(peer Peer, has Set, piece int) int {
	hints := p.hints[peer]
	if piece < 0 || len(hints) == 0 {
		return piece
	}
	best := &p.pieces[piece]
	kept := hints[:0]
	found := -1
	for _, i := range hints {
		pc := &p.pieces[i]
		if pc.state == Verified {
			continue
		}
		kept = append(kept, i)
		if found < 0 && pc.slot != unlisted && pc.prio == best.prio && pc.avail == best.avail && has.Has(int(i)) {
			found = int(i)
		}
	}
	p.hints[peer] = kept
	if found >= 0 {
		return found
	}
	return piece
}
