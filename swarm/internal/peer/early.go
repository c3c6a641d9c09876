package peer

import (
	"errors"

	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/peerwire/extension"
	"github.com/warren-p2p/warren/swarm/internal/dialect"
	"github.com/warren-p2p/warren/swarm/internal/seek"
)

// ErrForgot ends a connection on which more was said than could be kept until
// the info dictionary was known. Another one will do.
var ErrForgot = errors.New("peer said too much before the info dictionary was known")

var errEarlyBlock = errors.New("peer sent a block that nobody can have asked for")

var _ seek.Peer = (*Peer)(nil)

// enterEarly introduces us without a word about pieces, which is what clients
// with a magnet link do.
func (p *Peer) enterEarly() {
	p.early.Enter(p.cfg.Seeker, p, p.Theirs)
	p.introduceExtended(false)
}

// hearEarly handles a message while nothing is known: what is about pieces is
// kept. done is false if it has become known.
func (p *Peer) hearEarly(id peerwire.ID, payload []byte) (done bool, err error) {
	switch id {
	case peerwire.IDExtended:
		return true, p.onExtended(payload)
	case peerwire.IDHashRequest, peerwire.IDHashes, peerwire.IDHashReject:
		return true, p.onHashMessage(id, payload)
	}
	if p.early.Keep(id, payload) {
		return true, nil
	}
	if !p.known.Load() {
		return true, ErrForgot
	}
	return false, nil
}

// Supply lets a peer that entered early take part, now that Content and Fetch of
// its Config are set. As with Enter, no piece may become verified meanwhile.
func (p *Peer) Supply() {
	err := p.early.End(func(said *seek.Said) error {
		if said.Lost() {
			return ErrForgot
		}
		p.join()
		p.introduce()
		err := said.Replay(p.message)
		p.known.Store(true)
		return err
	})
	if err != nil {
		p.link.Close(err)
		return
	}
	p.UpdateInterest()
}

// ReadVec implements link.Source.
func (p *Peer) ReadVec(piece, begin int, bufs [][]byte) error {
	return p.cfg.Content.ReadVec(piece, begin, bufs)
}

// infoBytes returns the info dictionary, nil if it is not known. The caller
// has seen that Content is set, or holds what keeps it from being set.
func (p *Peer) infoBytes() []byte {
	if p.cfg.Content == nil {
		return nil
	}
	return p.cfg.Content.Meta.InfoBytes
}

// AskMetadata implements seek.Peer.
func (p *Peer) AskMetadata(piece int) {
	p.sendMetadata(extension.Metadata{Type: extension.MetadataRequest, Piece: piece})
}

// AskLayer implements seek.Peer.
func (p *Peer) AskLayer(r peerwire.HashRequest) {
	p.link.Send(func(b []byte) []byte { return peerwire.AppendHashRequest(b, r) })
}

func (p *Peer) sendMetadata(m extension.Metadata) { p.tell(dialect.Metadata, m.Append(nil)) }

// onMetadata handles a message about the info dictionary (BEP 9).
func (p *Peer) onMetadata(msg []byte) error {
	m, err := extension.ParseMetadata(msg)
	switch {
	case err != nil:
		return err
	case m.Type == extension.MetadataRequest:
		var info []byte
		if p.known.Load() {
			info = p.infoBytes()
		}
		p.sendMetadata(p.quota.Answer(info, m.Piece, p.cfg.Clock.Now()))
	case !p.known.Load():
		p.cfg.Seeker.Metadata(p.early.ID(), m)
	}
	return nil
}
