package picker

// Leave says that peer stops working on piece. If nobody else works on it, it is
// missing again; partial says that blocks of it are held, so that it is the first
// to be started again. Once partial, a piece stays so until it is verified or has
// failed. Leave does nothing if peer is not on the piece.
func (p *Picker) Leave(peer Peer, piece int, partial bool) {
	if !p.removeWorker(piece, peer) {
		return
	}
	pc := &p.pieces[piece]
	pc.partial = pc.partial || partial
	if len(p.jobs[pc.job].workers) == 0 {
		p.endJob(piece)
		pc.state = Missing
		p.list(piece)
	}
}

// LeaveAll makes peer leave every piece it works on, as one that is partial, and
// takes a mark of slowness away. It returns those pieces in the order they were
// begun.
func (p *Picker) LeaveAll(peer Peer) []int {
	delete(p.slow, peer)
	delete(p.hints, peer)
	delete(p.pace, peer)
	own := p.byPeer[peer]
	left := make([]int, len(own))
	for k, i := range own {
		left[k] = int(i)
	}
	for _, i := range left {
		p.Leave(peer, i, true)
	}
	return left
}

// Working appends to buf the pieces peer works on, in the order they were begun.
func (p *Picker) Working(peer Peer, buf []int) []int {
	for _, i := range p.byPeer[peer] {
		buf = append(buf, int(i))
	}
	return buf
}

// Workers appends to buf the peers that work on piece, its owner first.
func (p *Picker) Workers(piece int, buf []Peer) []Peer {
	if j := p.pieces[piece].job; j >= 0 {
		buf = append(buf, p.jobs[j].workers...)
	}
	return buf
}

// Writing says that piece is complete in memory and waits for its hash and its
// write: nobody may start or join it, and nobody works on it any more.
func (p *Picker) Writing(piece int) { p.move(piece, Writing) }

// Verified says that piece has passed its hash and is stored.
func (p *Picker) Verified(piece int) {
	p.move(piece, Verified)
	p.ClearDeadline(piece)
}

// Failed makes piece missing again with nothing of it held, whatever it was: its
// hash was wrong, or its data is lost.
func (p *Picker) Failed(piece int) { p.move(piece, Missing) }

// SetHave is Verified, for what is found on disk.
func (p *Picker) SetHave(piece int) { p.Verified(piece) }

// SetMissing is Failed, for what is found wrong on disk.
func (p *Picker) SetMissing(piece int) { p.Failed(piece) }

func (p *Picker) move(i int, to State) {
	p.unlist(i)
	p.endJob(i)
	p.pieces[i].state = to
	p.pieces[i].partial = false
	p.list(i)
	p.updateWanted(i)
}
