package merkle

import (
	"errors"
	"fmt"
	"math/bits"
)

// Errors of hash requests and their replies.
var (
	ErrRequest = errors.New("hash request is malformed")
	ErrCount   = errors.New("wrong number of hashes")
	ErrProof   = errors.New("proof does not lead to the expected root")
)

// MaxRequest is the most base hashes one request may ask for; BEP 52 says
// that peers should not ask for more than 512, libtorrent accepts up to 8192.
const MaxRequest = 8192

// Request names a run of hashes and the proof that goes with them: the fields
// of BEP 52's "hash request", "hashes" and "hash reject" that follow the
// pieces root.
type Request struct {
	BaseLayer   int // 0 is the leaves
	Index       int // of the first hash, in its layer; a multiple of Length
	Length      int // a power of two, at least 2
	ProofLayers int // layers above BaseLayer for which uncles are wanted
}

// Check reports with [ErrRequest] whether r makes sense in a tree whose root
// is at layer top.
func (r Request) Check(top int) error {
	switch {
	case r.BaseLayer < 0 || top < 0 || top > MaxLayers || r.BaseLayer >= top:
		return fmt.Errorf("%w: base layer %d of %d", ErrRequest, r.BaseLayer, top)
	case r.Length < 2 || r.Length > MaxRequest || r.Length&(r.Length-1) != 0:
		return fmt.Errorf("%w: length %d", ErrRequest, r.Length)
	case r.Index < 0 || r.Index%r.Length != 0:
		return fmt.Errorf("%w: index %d is not a multiple of %d", ErrRequest, r.Index, r.Length)
	case uint64(r.Index)+uint64(r.Length) > 1<<(top-r.BaseLayer):
		return fmt.Errorf("%w: hashes %d+%d of %d", ErrRequest, r.Index, r.Length, uint64(1)<<(top-r.BaseLayer))
	case r.ProofLayers < 0 || r.ProofLayers >= top-r.BaseLayer:
		return fmt.Errorf("%w: %d proof layers, %d at most", ErrRequest, r.ProofLayers, top-r.BaseLayer-1)
	}
	return nil
}

// height is the number of layers the base hashes prove by themselves.
func (r Request) height() int { return bits.TrailingZeros(uint(r.Length)) }

// Uncles returns how many hashes follow the base hashes. Layers whose nodes
// follow from the base hashes have none.
func (r Request) Uncles() int { return max(0, r.ProofLayers-(r.height()-1)) }

// Anchor returns the node that base hashes and uncles lead up to. With
// ProofLayers one less than the layers above BaseLayer that is the root.
func (r Request) Anchor() (layer, index int) {
	up := r.height() + r.Uncles()
	return r.BaseLayer + up, r.Index >> up
}

// Verify checks a reply to r in a tree whose root is at layer top: hashes are
// the base hashes followed by the uncles from the bottom up, and anchor is
// the known node [Request.Anchor] names. The errors match [ErrRequest],
// [ErrCount] or [ErrProof]. On success hashes[:r.Length] can be trusted.
func (r Request) Verify(top int, hashes []Hash, anchor Hash) error {
	if err := r.Check(top); err != nil {
		return err
	}
	if want := r.Length + r.Uncles(); len(hashes) != want {
		return fmt.Errorf("%w: %d, want %d", ErrCount, len(hashes), want)
	}
	node := RootAt(hashes[:r.Length], r.BaseLayer, r.BaseLayer+r.height())
	at := r.Index >> r.height()
	for i := range hashes[r.Length:] {
		uncle := &hashes[r.Length+i]
		if at&1 == 0 {
			node = Parent(&node, uncle)
		} else {
			node = Parent(uncle, &node)
		}
		at >>= 1
	}
	if node != anchor {
		return fmt.Errorf("%w: layer %d, hashes %d+%d", ErrProof, r.BaseLayer, r.Index, r.Length)
	}
	return nil
}

// AppendReply appends what answers r from nodes, the nodes of r.BaseLayer
// that cover the file, in a tree whose root is at layer top. The errors match
// [ErrRequest].
func (r Request) AppendReply(dst, nodes []Hash, top int) ([]Hash, error) {
	if err := r.Check(top); err != nil {
		return dst, err
	}
	for i := r.Index; i < r.Index+r.Length; i++ {
		dst = append(dst, nodeAt(nodes, i, r.BaseLayer))
	}
	layer, at := r.BaseLayer, r.Index
	for range r.height() {
		nodes = AppendLayer(nil, nodes, layer)
		layer, at = layer+1, at>>1
	}
	for range r.Uncles() {
		dst = append(dst, nodeAt(nodes, at^1, layer))
		nodes = AppendLayer(nil, nodes, layer)
		layer, at = layer+1, at>>1
	}
	return dst, nil
}

func nodeAt(nodes []Hash, i, layer int) Hash {
	if i < len(nodes) {
		return nodes[i]
	}
	return padHashes[layer]
}
