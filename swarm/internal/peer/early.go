package peer

import (
	"errors"
	"sync"

	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/peerwire/extension"
	"github.com/warren-p2p/warren/swarm/internal/metadata"
	"github.com/warren-p2p/warren/swarm/internal/seek"
)

// ErrForgot ends a connection on which more was said than could be kept until
// the info dictionary was known. Another one will do.
var ErrForgot = errors.New("peer said too much before the info dictionary was known")

var errEarlyBlock = errors.New("peer sent a block that nobody can have asked for")

// early is what there is of a peer while nobody knows what the torrent consists
// of. The lock is the reader's as long as it handles a message, then Supply's.
type early struct {
	mu   sync.Mutex
	said seek.Said
	id   seek.ID
	gone bool
}

var _ seek.Peer = (*Peer)(nil)

// enterEarly introduces us without a word about pieces, which is what clients
// with a magnet link do.
func (p *Peer) enterEarly() {
	p.early.id = p.cfg.Seeker.Join(p, p.Theirs)
	p.introduceExtended(false)
}

// leaveEarly takes the peer from the seeker, and reports whether it has got
// beyond that.
func (p *Peer) leaveEarly() (known bool) {
	if p.early.id != 0 {
		p.cfg.Seeker.Leave(p.early.id)
	}
	p.early.mu.Lock()
	defer p.early.mu.Unlock()
	p.early.gone = true
	return p.known.Load()
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
	p.early.mu.Lock()
	defer p.early.mu.Unlock()
	if p.known.Load() {
		return false, nil
	}
	p.early.said.Keep(id, payload)
	return true, nil
}

// Supply lets a peer that entered early take part, now that Content and Fetch of
// its Config are set. As with Enter, no piece may become verified meanwhile.
func (p *Peer) Supply() {
	p.early.mu.Lock()
	defer p.early.mu.Unlock()
	switch {
	case p.early.gone, p.known.Load():
		return
	case p.early.said.Lost():
		p.link.Close(ErrForgot)
		return
	}
	p.join()
	p.introduce()
	err := p.early.said.Replay(p.message)
	p.known.Store(true)
	if err != nil {
		p.link.Close(err)
		return
	}
	p.UpdateInterest()
}

// refuse answers requests for pieces that nobody knows.
func (p *Peer) refuse(reqs []peerwire.Request) {
	if p.fast {
		p.reject(reqs)
	}
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

func (p *Peer) sendMetadata(m extension.Metadata) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.metadataID == 0 {
		return
	}
	p.link.Send(func(b []byte) []byte { return peerwire.AppendExtended(b, p.metadataID, m.Append(nil)) })
}

// onMetadata handles a message about the info dictionary (BEP 9).
func (p *Peer) onMetadata(msg []byte) error {
	m, err := extension.ParseMetadata(msg)
	switch {
	case err != nil:
		return err
	case m.Type == extension.MetadataRequest:
		p.sendMetadata(p.metadataReply(m.Piece))
	case !p.known.Load():
		p.cfg.Seeker.Metadata(p.early.id, m)
	}
	return nil
}

// metadataReply returns a piece of the info dictionary, if there is one and the
// peer has not had more than it can need.
func (p *Peer) metadataReply(piece int) extension.Metadata {
	no := extension.Metadata{Type: extension.MetadataReject, Piece: piece}
	if !p.known.Load() {
		return no
	}
	info := p.infoBytes()
	pieces := (len(info) + metadata.PieceLen - 1) / metadata.PieceLen
	if piece >= pieces || !p.quota.Allow(pieces, p.cfg.Clock.Now()) {
		return no
	}
	begin := piece * metadata.PieceLen
	return extension.Metadata{
		Type: extension.MetadataData, Piece: piece, TotalSize: len(info),
		Data: info[begin:min(begin+metadata.PieceLen, len(info))],
	}
}
