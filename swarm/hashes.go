package swarm

import (
	"math/bits"

	"github.com/warren-p2p/warren/internal/merkle"
	"github.com/warren-p2p/warren/peerwire"
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
	list, ok := p.t.hashes(r)
	p.link.Send(func(b []byte) []byte {
		if !ok {
			return peerwire.AppendHashReject(b, r)
		}
		raw := make([]byte, 0, len(list)*len(merkle.Hash{}))
		for i := range list {
			raw = append(raw, list[i][:]...)
		}
		return peerwire.AppendHashes(b, peerwire.Hashes{HashRequest: r, List: raw})
	})
}

// hashes finds what answers a hash request, if we can know it.
func (t *Torrent) hashes(r peerwire.HashRequest) ([]merkle.Hash, bool) {
	file := t.fileByRoot(r.PiecesRoot)
	if file < 0 || r.Check() != nil {
		return nil, false
	}
	layers, err := merkle.AppendBytes(nil, t.meta.PieceLayer(file))
	if err != nil {
		return nil, false
	}
	pieceLayer := bits.TrailingZeros64(uint64(t.meta.Info.PieceLength / merkle.BlockLen))
	top := merkle.Layers(merkle.Blocks(t.meta.Info.Files[file].Length))
	if int(r.BaseLayer) == pieceLayer && len(layers) > 0 {
		q := merkle.Request{BaseLayer: pieceLayer, Index: int(r.Index), Length: int(r.Length), ProofLayers: int(r.ProofLayers)}
		list, err := q.AppendReply(nil, layers, top)
		return list, err == nil
	}
	if r.BaseLayer == 0 {
		return t.leaves(r, file, layers, min(pieceLayer, top))
	}
	return nil, false
}

// leaves answers a request for the leaves of one whole piece that we have.
func (t *Torrent) leaves(r peerwire.HashRequest, file int, layer []merkle.Hash, height int) ([]merkle.Hash, bool) {
	first, end := t.meta.Info.FilePieces(file)
	inFile := int(r.Index >> height)
	piece := first + inFile
	if int(r.Length) != 1<<height || piece >= end || !t.has(piece) {
		return nil, false
	}
	data := make([]byte, t.meta.Info.DataLen(piece))
	if t.store.ReadVec(piece, 0, [][]byte{data}) != nil {
		return nil, false
	}
	list := merkle.AppendLeaves(make([]merkle.Hash, 0, r.Length), data)
	for len(list) < int(r.Length) {
		list = append(list, merkle.Hash{})
	}
	at := inFile
	for range r.Uncles() {
		if len(layer) <= 1 {
			return nil, false // asked beyond the root
		}
		uncle := merkle.PadHash(height)
		if at^1 < len(layer) {
			uncle = layer[at^1]
		}
		list = append(list, uncle)
		layer = merkle.AppendLayer(nil, layer, height)
		at, height = at>>1, height+1
	}
	return list, true
}

// fileByRoot finds a file by the root of its tree, -1 if there is none.
func (t *Torrent) fileByRoot(root [32]byte) int {
	for i := range t.meta.Info.Files {
		f := &t.meta.Info.Files[i]
		if f.PiecesRoot == root && f.Length > 0 && !f.Pad {
			return i
		}
	}
	return -1
}

// askLeaves asks peers for the leaf hashes of a piece that failed its check
// with several senders, to learn which blocks were wrong.
func (t *Torrent) askLeaves(piece int) {
	if !t.meta.Info.HasV2() {
		return
	}
	f := t.meta.Info.PieceFile(piece)
	file := &t.meta.Info.Files[f]
	first, _ := t.meta.Info.FilePieces(f)
	height := min(merkle.Layers(merkle.Blocks(file.Length)), bits.TrailingZeros64(uint64(t.meta.Info.PieceLength/merkle.BlockLen)))
	r := peerwire.HashRequest{PiecesRoot: file.PiecesRoot, Length: 1 << height, Index: uint32(piece-first) << height}
	if r.Check() != nil {
		return // one block: its sender is known; too many: the second attempt tells
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	asked := 0
	for p := range t.peers {
		if asked < 3 && p.remote.Reserved.Has(peerwire.CapV2) && len(p.hashAsked) < 16 && p.dl.Knows(piece) {
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
	leaves, err := merkle.AppendBytes(nil, h.List)
	if err != nil {
		return err
	}
	leaves = leaves[:h.Length]
	root, ok := t.meta.PieceRoot(piece)
	if !ok || merkle.RootAt(leaves, 0, merkle.Layers(int64(h.Length))) != root {
		return errHashes
	}
	plain := make([][32]byte, len(leaves))
	for i := range leaves {
		plain[i] = leaves[i]
	}
	t.fetch.Accuse(piece, plain)
	return nil
}
