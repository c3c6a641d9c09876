package hashtree

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/warren-p2p/warren/internal/merkle"
	"github.com/warren-p2p/warren/internal/vfs/memfs"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/create"
	"github.com/warren-p2p/warren/peerwire"
)

// sizes of files, from one block to several pieces of four, some with a block or
// a piece cut short.
var sizes = []int{1, 16384, 16385, 40_000, 65536, 65537, 131072, 200_000, 5*65536 + 20_000, 16 * 65536}

// share makes a torrent of such files, and the leaves of its pieces.
func share(t *testing.T) (*metainfo.Torrent, Leaves) {
	t.Helper()
	disk := memfs.New()
	content := map[string][]byte{}
	r := rand.NewChaCha8([32]byte{1})
	for i, n := range sizes {
		b := make([]byte, n)
		_, _ = r.Read(b)
		name := fmt.Sprintf("set/f%02d", i)
		content[name] = b
		f, err := disk.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o644)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.WriteAt(b, 0); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	m, err := create.Torrent(context.Background(), disk, "set", create.Options{Kind: create.V2, PieceLength: 65536})
	if err != nil {
		t.Fatal(err)
	}
	return m, func(piece int) ([]merkle.Hash, bool) {
		f := m.Info.PieceFile(piece)
		first, _ := m.Info.FilePieces(f)
		at := (piece - first) * 65536
		return merkle.AppendLeaves(nil, content[m.Info.Files[f].Name()][at:at+m.Info.DataLen(piece)]), true
	}
}

// anchor returns the node that proves a reply: the pieces root, or one below.
func anchor(t *testing.T, m *metainfo.Torrent, file int, q merkle.Request, top int, leaves Leaves) merkle.Hash {
	t.Helper()
	first, end := m.Info.FilePieces(file)
	var nodes []merkle.Hash
	for p := first; p < end; p++ {
		l, _ := leaves(p)
		nodes = append(nodes, l...)
	}
	layer, at := q.Anchor()
	for k := range layer {
		nodes = merkle.AppendLayer(nil, nodes, k)
	}
	if layer == top && (at != 0 || nodes[0] != merkle.Hash(m.Info.Files[file].PiecesRoot)) {
		t.Fatalf("file %d: the test's own root is wrong", file)
	}
	if at < len(nodes) {
		return nodes[at]
	}
	return merkle.PadHash(layer)
}

// Every request for the piece layer or for the leaves of a piece, with every
// length, place and proof, is answered so that merkle.Request.Verify accepts it;
// what is outside the tree is rejected.
func TestReplies(t *testing.T) {
	m, leaves := share(t)
	answered := map[uint32]int{}
	for file := range m.Info.Files {
		top := merkle.Layers(merkle.Blocks(m.Info.Files[file].Length))
		for base := range uint32(top + 2) {
			for length := uint32(1); length <= 32; length *= 2 {
				for index := uint32(0); index <= 64; index += length {
					for proof := range uint32(top + 2) {
						r := peerwire.HashRequest{PiecesRoot: m.Info.Files[file].PiecesRoot, BaseLayer: base, Index: index, Length: length, ProofLayers: proof}
						raw, ok := new(Trees).Reply(m, r, leaves)
						q := merkle.Request{BaseLayer: int(base), Index: int(index), Length: int(length), ProofLayers: int(proof)}
						if !ok {
							if base == 2 && q.Check(top) == nil {
								t.Errorf("file %d: piece layer %+v is rejected", file, q)
							}
							continue
						}
						list, err := merkle.AppendBytes(nil, raw)
						if err == nil {
							err = q.Verify(top, list, anchor(t, m, file, q, top, leaves))
						}
						if err != nil {
							t.Errorf("file %d: %+v: %v", file, q, err)
						}
						answered[base]++
					}
				}
			}
		}
	}
	if answered[0] < 20 || answered[2] < 20 || len(answered) != 2 {
		t.Errorf("answered by layer: %v", answered)
	}
}

// The request for a piece is one that is answered, and the answer is taken; with
// one hash changed it is not.
func TestPieceLeaves(t *testing.T) {
	m, leaves := share(t)
	asked := 0
	for piece := range m.Info.NumPieces() {
		r, ok := PieceRequest(&m.Info, piece)
		if !ok {
			if m.Info.DataLen(piece) > merkle.BlockLen {
				t.Errorf("piece %d of %d bytes cannot be asked for", piece, m.Info.DataLen(piece))
			}
			continue
		}
		asked++
		list, ok := new(Trees).Reply(m, r, leaves)
		if !ok {
			t.Fatalf("piece %d: %+v is rejected", piece, r)
		}
		root, _ := m.PieceRoot(piece)
		want, _ := leaves(piece)
		got, ok := PieceLeaves(peerwire.Hashes{HashRequest: r, List: list}, root)
		if !ok || len(got) != int(r.Length) || got[0] != want[0] || got[len(want)-1] != want[len(want)-1] {
			t.Errorf("piece %d: %d leaves, %t", piece, len(got), ok)
		}
		list[len(list)-1] ^= 1
		if _, ok := PieceLeaves(peerwire.Hashes{HashRequest: r, List: list}, root); ok {
			t.Errorf("piece %d: a wrong leaf is taken", piece)
		}
	}
	if asked == 0 {
		t.Error("no piece has blocks to ask for")
	}
}

// What is not there is rejected, as is a file nobody knows.
func TestRejected(t *testing.T) {
	m, _ := share(t)
	none := func(int) ([]merkle.Hash, bool) { return nil, false }
	r, _ := PieceRequest(&m.Info, m.Info.NumPieces()-1)
	if _, ok := new(Trees).Reply(m, r, none); ok {
		t.Error("leaves of a piece that is not there")
	}
	r.PiecesRoot[0] ^= 1
	if _, ok := new(Trees).Reply(m, r, none); ok {
		t.Error("a file of another torrent")
	}
}
