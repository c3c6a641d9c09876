package metainfo

import (
	"fmt"
	"sync/atomic"

	"github.com/warren-p2p/warren/internal/merkle"
	"github.com/warren-p2p/warren/internal/wire/bencode"
	"github.com/warren-p2p/warren/metainfo/internal/check"
)

// layerSlot holds the piece layer of one file once it is known. Layers of
// magnet links arrive while pieces are being verified.
type layerSlot struct{ hashes atomic.Pointer[[]byte] }

// needsLayer reports whether a file has a piece layer: one that is not longer
// than a piece is checked against its pieces root alone (BEP 52).
func (t *Torrent) needsLayer(file int) bool {
	f := &t.Info.Files[file]
	return t.Info.v2 && !f.Pad && f.Length > t.Info.PieceLength
}

// PieceLayer returns the piece layer of a file, 32 bytes for each piece, or
// nil if the file has none or it is not known yet. It must not be changed.
func (t *Torrent) PieceLayer(file int) []byte {
	if !t.Info.v2 {
		return nil
	}
	if p := t.layers[file].hashes.Load(); p != nil {
		return *p
	}
	return nil
}

// SetPieceLayer supplies the piece layer of a file, such as hash requests
// yield it. The error is a [*FieldError] with [ErrLayer] if it does not lead
// to the file's pieces root. It is safe for use while pieces are verified.
func (t *Torrent) SetPieceLayer(file int, layer []byte) error {
	f := &t.Info.Files[file]
	field := fmt.Sprintf("piece layers[%s]", f.PiecesRoot)
	if !t.needsLayer(file) {
		return check.Badf(field, ErrLayer, "%q has none", f.Name())
	}
	first, end := t.Info.FilePieces(file)
	if want := (end - first) * len(HashV2{}); len(layer) != want {
		return check.Badf(field, ErrLayer, "%d bytes, want %d", len(layer), want)
	}
	base := t.Info.pieceLayer()
	var b merkle.Builder
	b.Reset(base)
	for rest := layer; len(rest) > 0; rest = rest[len(HashV2{}):] {
		b.Add(HashV2(rest[:len(HashV2{})]))
	}
	if b.Root(base+merkle.Layers(b.Len())) != f.PiecesRoot {
		return check.Bad(field, ErrLayer)
	}
	t.layers[file].hashes.Store(&layer)
	return nil
}

// MissingLayers returns the files whose piece layer is still to be fetched.
func (t *Torrent) MissingLayers() []int {
	var files []int
	for i := range t.layers {
		if t.needsLayer(i) && t.PieceLayer(i) == nil {
			files = append(files, i)
		}
	}
	return files
}

// readLayers takes the layers from a metainfo file. Without the key they all
// count as missing; with it none may be.
func (t *Torrent) readLayers(v bencode.Value) error {
	if v.Kind() == bencode.Invalid || !t.Info.v2 {
		return nil
	}
	if v.Kind() != bencode.Dict {
		return check.Bad("piece layers", ErrType)
	}
	byRoot := make(map[HashV2]bencode.Value)
	for key, val := range v.Dict() {
		if len(key) == len(HashV2{}) {
			byRoot[HashV2([]byte(key))] = val
		}
	}
	for i := range t.layers {
		if !t.needsLayer(i) {
			continue
		}
		root := t.Info.Files[i].PiecesRoot
		layer, err := check.Bytes(byRoot[root], fmt.Sprintf("piece layers[%s]", root))
		if err != nil {
			return err
		}
		if err := t.SetPieceLayer(i, layer); err != nil {
			return err
		}
	}
	return nil
}

func (t *Torrent) layerDict() map[string]any {
	dict := make(map[string]any)
	for i := range t.layers {
		if layer := t.PieceLayer(i); layer != nil {
			dict[string(t.Info.Files[i].PiecesRoot[:])] = layer
		}
	}
	return dict
}
