package hashtree

import (
	"math/bits"
	"sync"

	"github.com/warren-p2p/warren/internal/merkle"
	"github.com/warren-p2p/warren/metainfo"
)

const (
	// stride is how many layers above that of the pieces nodes are remembered: one
	// for 256 pieces. What lies between is worked out from 256 hashes at most.
	stride = 8
	// maxTrees is of how many files of a torrent that is done.
	maxTrees = 64
)

// Trees remembers upper parts of the trees of a torrent's files: who asks for the
// hashes of a file asks many times, and each time all of its pieces went into the
// answer. The zero value remembers nothing yet. It is safe for concurrent use.
type Trees struct {
	mu    sync.Mutex
	upper map[int][]merkle.Hash // by file
	files []int                 // of upper, the one first remembered first
}

// tree is what is known of the tree of one file.
type tree struct {
	raw   []byte // the piece layer
	at    int    // its number
	upper []merkle.Hash
}

// of returns the tree of a file, false if its piece layer cannot be read. One of a
// single piece has none.
func (t *Trees) of(m *metainfo.Torrent, file int) (tree, bool) {
	v := tree{raw: m.PieceLayer(file), at: pieceLayer(&m.Info)}
	if len(v.raw)%len(merkle.Hash{}) != 0 {
		return tree{}, false
	}
	if len(v.raw) == 0 {
		return v, true
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	upper, ok := t.upper[file]
	if !ok {
		upper = v.makeUpper()
		t.remember(file, upper)
	}
	v.upper = upper
	return v, true
}

func (t *Trees) remember(file int, upper []merkle.Hash) {
	if t.upper == nil {
		t.upper = make(map[int][]merkle.Hash)
	}
	if len(t.files) == maxTrees {
		delete(t.upper, t.files[0])
		t.files = append(t.files[:0], t.files[1:]...)
	}
	t.upper[file], t.files = upper, append(t.files, file)
}

// makeUpper works out the nodes stride layers above the pieces.
func (v tree) makeUpper() []merkle.Hash {
	n := len(v.raw) / len(merkle.Hash{})
	upper := make([]merkle.Hash, 0, (n+1<<stride-1)>>stride)
	for i := 0; i<<stride < n; i++ {
		upper = append(upper, v.low(v.at+stride, i))
	}
	return upper
}

// node returns node i of a layer, from that of the pieces on.
func (v tree) node(layer, i int) merkle.Hash {
	if layer < v.at+stride {
		return v.low(layer, i)
	}
	shift := layer - v.at - stride
	from, to := min(i<<shift, len(v.upper)), min((i+1)<<shift, len(v.upper))
	if from == to {
		return merkle.PadHash(layer)
	}
	return merkle.RootAt(v.upper[from:to], v.at+stride, layer)
}

// low works out a node from the hashes of its pieces.
func (v tree) low(layer, i int) merkle.Hash {
	shift, size := layer-v.at, len(merkle.Hash{})
	n := len(v.raw) / size
	from, to := min(i<<shift, n), min((i+1)<<shift, n)
	nodes, err := merkle.AppendBytes(nil, v.raw[from*size:to*size])
	if err != nil || len(nodes) == 0 {
		return merkle.PadHash(layer)
	}
	return merkle.RootAt(nodes, v.at, layer)
}

// reply answers a request for nodes of the piece layer, if that is there.
func (v tree) reply(q merkle.Request) (list []merkle.Hash) {
	if len(v.raw) == 0 {
		return nil
	}
	for i := q.Index; i < q.Index+q.Length; i++ {
		list = append(list, v.node(v.at, i))
	}
	height := bits.TrailingZeros(uint(q.Length))
	return v.uncles(list, v.at+height, q.Index>>height, q.Uncles())
}

// uncles appends n uncles of node i of a layer, from the bottom up.
func (v tree) uncles(list []merkle.Hash, layer, i, n int) []merkle.Hash {
	for range n {
		list = append(list, v.node(layer, i^1))
		layer, i = layer+1, i>>1
	}
	return list
}
