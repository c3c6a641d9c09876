package merkle

// Builder computes the root of a tree from its nodes in order, in constant
// memory and without allocating. The zero value builds from leaves.
type Builder struct {
	base  int // layer of the nodes that are added
	count uint64
	// stack[i] is the complete left subtree of layer base+i if bit i of count
	// is set.
	stack [MaxLayers + 1]Hash
}

// Reset makes b ready for a new tree whose added nodes are of layer base.
func (b *Builder) Reset(base int) { b.base, b.count = base, 0 }

// Len returns how many nodes were added.
func (b *Builder) Len() int64 { return int64(b.count) }

// Add adds the next node.
func (b *Builder) Add(h Hash) {
	layer := 0
	for ; b.count>>layer&1 == 1; layer++ {
		h = Parent(&b.stack[layer], &h)
	}
	b.stack[layer] = h
	b.count++
}

// AddBlocks adds the leaves of data, which starts at a block boundary.
func (b *Builder) AddBlocks(data []byte) {
	var leaves [leafBatch]Hash
	for len(data) > 0 {
		n := min(len(data), leafBatch*BlockLen)
		for _, leaf := range AppendLeaves(leaves[:0], data[:n]) {
			b.Add(leaf)
		}
		data = data[n:]
	}
}

// Root returns the root at layer, which must be high enough to cover the
// nodes added; what is missing is taken to lie beyond the end of the file.
func (b *Builder) Root(layer int) Hash {
	height := layer - b.base
	if b.count>>height&1 == 1 {
		return b.stack[height]
	}
	node, have := Hash{}, false
	for i := range height {
		left := b.count>>i&1 == 1
		switch {
		case left && have:
			node = Parent(&b.stack[i], &node)
		case left:
			node, have = Parent(&b.stack[i], &padHashes[b.base+i]), true
		case have:
			node = Parent(&node, &padHashes[b.base+i])
		}
	}
	if !have {
		return padHashes[layer]
	}
	return node
}

// Root returns the root of the smallest tree over nodes of one layer. It is
// how a file's pieces root follows from its piece layer (BEP 52).
func Root(nodes []Hash, layer int) Hash {
	return RootAt(nodes, layer, layer+Layers(int64(len(nodes))))
}

// RootAt returns the root at layer top over nodes of layer; a piece shorter
// than the others still has a subtree of full height.
func RootAt(nodes []Hash, layer, top int) Hash {
	var b Builder
	b.Reset(layer)
	for i := range nodes {
		b.Add(nodes[i])
	}
	return b.Root(top)
}

// AppendLayer appends the layer above nodes; an odd last node is paired with
// the pad hash of its layer.
func AppendLayer(dst, nodes []Hash, layer int) []Hash {
	for ; len(nodes) > 1; nodes = nodes[2:] {
		dst = append(dst, Parent(&nodes[0], &nodes[1]))
	}
	if len(nodes) == 1 {
		dst = append(dst, Parent(&nodes[0], &padHashes[layer]))
	}
	return dst
}
