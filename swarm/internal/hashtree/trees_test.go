package hashtree

import (
	"fmt"
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/warren-p2p/warren/internal/merkle"
)

// layer returns a piece layer of n hashes as bytes, and as it is.
func layer(n int) (b []byte, nodes []merkle.Hash) {
	b = make([]byte, n*len(merkle.Hash{}))
	_, _ = rand.NewChaCha8([32]byte{1}).Read(b)
	nodes, _ = merkle.AppendBytes(nil, b)
	return b, nodes
}

const at = 4 // the piece layer: pieces of 256 KiB

// request returns a request for some of the piece layer of a file, with all the
// uncles there are.
func request(rng *rand.Rand, n, top int) merkle.Request {
	length := 1 << (1 + rng.IntN(9))
	length = min(length, 1<<(top-at))
	return merkle.Request{BaseLayer: at, Index: rng.IntN((n+length-1)/length) * length, Length: length, ProofLayers: top - at - 1}
}

// What is worked out from upper nodes is what the whole tree has.
func TestTrees(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{2, 3, 255, 256, 257, 511, 5000, 70_001} {
		raw, nodes := layer(n)
		v := tree{raw: raw, at: at}
		v.upper = v.makeUpper()
		top := at + bits.Len(uint(n-1))
		for range 20 {
			q := request(rng, n, top)
			want, err := q.AppendReply(nil, nodes, top)
			if err != nil {
				t.Fatalf("%d pieces, %+v: %v", n, q, err)
			}
			if got := v.reply(q); !slices.Equal(got, want) {
				t.Fatalf("%d pieces: the answer to %+v differs", n, q)
			}
		}
	}
}

// No more is remembered than is said.
func TestTreesAreBounded(t *testing.T) {
	var trees Trees
	for file := range 3 * maxTrees {
		trees.remember(file, nil)
	}
	if _, ok := trees.upper[3*maxTrees-1]; !ok || len(trees.upper) != maxTrees || len(trees.files) != maxTrees {
		t.Errorf("%d and %d are remembered", len(trees.upper), len(trees.files))
	}
}

// BenchmarkReply compares an answer with what it costs to work out the whole tree,
// as was done before.
func BenchmarkReply(b *testing.B) {
	for _, n := range []int{1000, 100_000} {
		raw, nodes := layer(n)
		top := at + bits.Len(uint(n-1))
		v := tree{raw: raw, at: at}
		v.upper = v.makeUpper()
		q := merkle.Request{BaseLayer: at, Index: 0, Length: 512, ProofLayers: top - at - 1}
		b.Run(fmt.Sprintf("%d/trees", n), func(b *testing.B) {
			for b.Loop() {
				v.reply(q)
			}
		})
		b.Run(fmt.Sprintf("%d/whole", n), func(b *testing.B) {
			for b.Loop() {
				_, _ = q.AppendReply(nil, nodes, top)
			}
		})
	}
}
