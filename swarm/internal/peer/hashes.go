package peer

import (
	"errors"

	"github.com/warren-p2p/warren/internal/merkle"
	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/swarm/internal/hashtree"
	"github.com/warren-p2p/warren/swarm/internal/seek"
)

var errHashes = errors.New("peer sent hashes that do not belong to the torrent")

// onHashMessage handles the three messages of BEP 52 about hash trees.
func (p *Peer) onHashMessage(id peerwire.ID, payload []byte) error {
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
		if !p.known.Load() {
			p.cfg.Seeker.Hashes(p.early.ID(), h)
			return nil
		}
		return p.onHashes(h)
	case peerwire.IDHashReject:
		r, err := peerwire.ParseHashRequest(payload)
		if err != nil {
			return err
		}
		if !p.known.Load() {
			p.cfg.Seeker.HashReject(p.early.ID(), r)
			return nil
		}
		p.takeAsked(r)
	}
	return nil
}

// answerHashes serves piece layers, and the leaves of one piece at a time.
func (p *Peer) answerHashes(r peerwire.HashRequest) {
	var list []byte
	ok := p.known.Load()
	if ok {
		list, ok = hashtree.Reply(p.cfg.Content.Meta, r, p.leaves)
	}
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
func (p *Peer) leaves(piece int) ([]merkle.Hash, bool) {
	p.mu.Lock()
	ok := p.cfg.Content.Has(piece) && p.hashServed < maxHashServed
	if ok {
		p.hashServed++
	}
	p.mu.Unlock()
	if !ok {
		return nil, false
	}
	return p.cfg.Content.Leaves(piece)
}

// maxHashAsked is how many answers about hashes we wait for at a time.
const maxHashAsked = 16

// AskHashes asks for the leaf hashes of a piece, unless the peer cannot know
// them or has been asked for much already.
func (p *Peer) AskHashes(r peerwire.HashRequest, piece int) (asked bool) {
	if !p.known.Load() {
		return false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if !seek.SpeaksV2(p.cfg.Content.Meta.Hashes(), p.Theirs) || len(p.hashAsked) >= maxHashAsked || !p.dl.Knows(piece) {
		return false
	}
	if p.hashAsked == nil {
		p.hashAsked = make(map[peerwire.HashRequest]int)
	}
	p.hashAsked[r] = piece
	p.link.Send(func(b []byte) []byte { return peerwire.AppendHashRequest(b, r) })
	return true
}

// takeAsked ends a request for hashes, and returns the piece that it was about.
func (p *Peer) takeAsked(r peerwire.HashRequest) (piece int, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	piece, ok = p.hashAsked[r]
	delete(p.hashAsked, r)
	return piece, ok
}

// onHashes uses leaf hashes that we asked for.
func (p *Peer) onHashes(h peerwire.Hashes) error {
	piece, ok := p.takeAsked(h.HashRequest)
	if !ok {
		return nil
	}
	root, ok := p.cfg.Content.Meta.PieceRoot(piece)
	if !ok {
		return nil // a hybrid whose piece layers nobody had
	}
	leaves, ok := hashtree.PieceLeaves(h, root)
	if !ok {
		return errHashes
	}
	p.cfg.Fetch.Accuse(piece, leaves)
	return nil
}
