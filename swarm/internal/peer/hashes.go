package peer

import (
	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/swarm/internal/seek"
)

// onHashMessage handles the three messages of BEP 52 about hash trees.
func (p *Peer) onHashMessage(id peerwire.ID, payload []byte) error {
	if !p.known.Load() {
		reply, err := p.early.Hashes(id, payload)
		p.send(reply)
		return err
	}
	news, err := p.hashes.Message(id, payload, p.cfg.Content.Meta, p.cfg.Content)
	if err != nil {
		return err
	}
	p.send(news.Reply)
	if news.Leaves != nil {
		p.cfg.Fetch.Accuse(news.Piece, news.Leaves)
	}
	return nil
}

// AskHashes asks for the leaf hashes of a piece, unless the peer cannot know
// them or has been asked for much already.
func (p *Peer) AskHashes(r peerwire.HashRequest, piece int) (asked bool) {
	if !p.known.Load() || !seek.SpeaksV2(p.cfg.Content.Meta.Hashes(), p.Theirs) || !p.dl.Knows(piece) || !p.hashes.Ask(r, piece) {
		return false
	}
	p.AskLayer(r)
	return true
}
