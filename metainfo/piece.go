package metainfo

import "github.com/warren-p2p/warren/internal/merkle"

// PieceHash returns the version 1 hash of piece i, if the torrent has one.
func (t *Torrent) PieceHash(i int) (HashV1, bool) {
	const n = len(HashV1{})
	if len(t.Info.pieces) == 0 {
		return HashV1{}, false
	}
	return HashV1(t.Info.pieces[i*n : i*n+n]), true
}

// PieceRoot returns the root of the subtree over piece i, if it is known: a
// node of the file's piece layer, or its pieces root if the file is not
// longer than a piece. The height of the subtree is [Torrent.PieceRootLayer].
func (t *Torrent) PieceRoot(i int) (HashV2, bool) {
	const n = len(HashV2{})
	if !t.Info.v2 {
		return HashV2{}, false
	}
	file := t.Info.PieceFile(i)
	f := &t.Info.Files[file]
	if !t.needsLayer(file) {
		return f.PiecesRoot, true
	}
	layer := t.PieceLayer(file)
	if layer == nil {
		return HashV2{}, false
	}
	i -= int(f.Offset / t.Info.PieceLength)
	return HashV2(layer[i*n : i*n+n]), true
}

// PieceRootLayer returns the layer of the node PieceRoot returns, leaves being
// layer 0: a full subtree, smaller only for a file not longer than a piece.
func (t *Torrent) PieceRootLayer(i int) int {
	f := &t.Info.Files[t.Info.PieceFile(i)]
	return min(t.Info.pieceLayer(), merkle.Layers(merkle.Blocks(f.Length)))
}
