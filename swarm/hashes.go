package swarm

import (
	"github.com/warren-p2p/warren/internal/merkle"
	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/swarm/internal/hashtree"
)

// onHashMessage handles the three messages of BEP 52 about hash trees.
func (p *peer) onHashMessage(id peerwire.ID, payload []byte) error {
	switch id {
	case peerwire.IDHashRequest:
		r, err := peerwire.ParseHashRequest(payload)
		if err != nil {
			return err
		}
		p.answerHashes(r)
	case peerwire.IDHashes:
		h, err := peerwire.ParseHashes(payload)
		if err != nil {
			return err
		}
		return p.onHashes(h)
	case peerwire.IDHashReject:
		r, err := peerwire.ParseHashRequest(payload)
		if err != nil {
			return err
		}
		p.t.mu.Lock()
		delete(p.hashAsked, r)
		p.t.mu.Unlock()
	}
	return nil
}

// answerHashes serves piece layers, and the leaves of one piece at a time.
func (p *peer) answerHashes(r peerwire.HashRequest) {
	list, ok := hashtree.Reply(p.t.meta, r, p.leaves)
	p.link.Send(func(b []byte) []byte {
		if !ok {
			return peerwire.AppendHashReject(b, r)
		}
		return peerwire.AppendHashes(b, peerwire.Hashes{HashRequest: r, List: list})
	})
}

// maxHashServed is how many pieces are read and hashed for a peer in ten
// seconds: it costs the peer 49 bytes to ask for one.
const maxHashServed = 32

// leaves implements hashtree.Leaves.
func (p *peer) leaves(piece int) ([]merkle.Hash, bool) {
	t := p.t
	t.mu.Lock()
	ok := t.content.Has(piece) && p.hashServed < maxHashServed
	if ok {
		p.hashServed++
	}
	t.mu.Unlock()
	if !ok {
		return nil, false
	}
	return t.content.Leaves(piece)
}

// askLeaves asks peers for the leaf hashes of a piece that failed its check
// with several senders, to learn which blocks were wrong.
func (t *Torrent) askLeaves(piece int) {
	r, ok := hashtree.PieceRequest(&t.meta.Info, piece)
	if !ok {
		return // one block: its sender is known; too many: the second attempt tells
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	asked := 0
	for p := range t.peers {
		if asked < 3 && p.remote.Reserved.Has(peerwire.CapV2) && len(p.hashAsked) < 16 && p.dl.Knows(piece) {
			if p.hashAsked == nil {
				p.hashAsked = make(map[peerwire.HashRequest]int)
			}
			p.hashAsked[r] = piece
			p.link.Send(func(b []byte) []byte { return peerwire.AppendHashRequest(b, r) })
			asked++
		}
	}
}

// onHashes uses leaf hashes that we asked for.
func (p *peer) onHashes(h peerwire.Hashes) error {
	t := p.t
	t.mu.Lock()
	piece, ok := p.hashAsked[h.HashRequest]
	delete(p.hashAsked, h.HashRequest)
	t.mu.Unlock()
	if !ok {
		return nil
	}
	root, ok := t.meta.PieceRoot(piece)
	if !ok {
		return errHashes
	}
	leaves, ok := hashtree.PieceLeaves(h, root)
	if !ok {
		return errHashes
	}
	t.fetch.Accuse(piece, leaves)
	return nil
}
