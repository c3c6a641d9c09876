package merkle

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"testing"

	"pgregory.net/rapid"
)

// naive builds the layers from base up to the root over width nodes.
func naive(nodes []Hash, base, width int) [][]Hash {
	layer := append([]Hash(nil), nodes...)
	for len(layer) < width {
		layer = append(layer, naivePad(base))
	}
	layers := [][]Hash{layer}
	for len(layer) > 1 {
		var up []Hash
		for i := 0; i < len(layer); i += 2 {
			up = append(up, sha256.Sum256(append(layer[i][:], layer[i+1][:]...)))
		}
		layer = up
		layers = append(layers, layer)
	}
	return layers
}

func naivePad(layer int) (h Hash) {
	for range layer {
		h = sha256.Sum256(append(h[:], h[:]...))
	}
	return h
}

func someNodes(n int) []Hash {
	nodes := make([]Hash, n)
	for i := range nodes {
		nodes[i] = sha256.Sum256(binary.BigEndian.AppendUint32(nil, uint32(i)))
	}
	return nodes
}

func TestPadHash(t *testing.T) {
	for i := range 12 {
		if PadHash(i) != naivePad(i) {
			t.Errorf("layer %d", i)
		}
	}
	// The hash of 64 zero bytes.
	const want = "f5a5fd42d16a20302798ef6ed309979b43003d2320d9f0e8ea9831a92759fb4b"
	if got := PadHash(1).String(); got != want {
		t.Errorf("layer 1: %s", got)
	}
	if !PadHash(0).IsZero() || PadHash(1).IsZero() {
		t.Error("IsZero")
	}
}

func TestLayers(t *testing.T) {
	for n, want := range map[int64]int{0: 0, 1: 0, 2: 1, 3: 2, 4: 2, 5: 3, 1 << 40: 40, 1<<40 + 1: 41} {
		if got := Layers(n); got != want {
			t.Errorf("%d leaves: %d layers, want %d", n, got, want)
		}
	}
	for n, want := range map[int64]int64{0: 0, 1: 1, BlockLen: 1, BlockLen + 1: 2} {
		if got := Blocks(n); got != want {
			t.Errorf("%d bytes: %d blocks, want %d", n, got, want)
		}
	}
}

func TestRoots(t *testing.T) {
	for base := range 3 {
		for n := 1; n <= 33; n++ {
			nodes, top := someNodes(n), Layers(int64(n))
			for extra := range 3 {
				layers := naive(nodes, base, 1<<(top+extra))
				if got := RootAt(nodes, base, base+top+extra); got != layers[top+extra][0] {
					t.Errorf("%d nodes of layer %d, %d layers more", n, base, extra)
				}
			}
			if Root(nodes, base) != RootAt(nodes, base, base+top) {
				t.Errorf("%d nodes of layer %d: not the smallest tree", n, base)
			}
			if up := AppendLayer(nil, nodes, base); len(up) != (n+1)/2 || n > 1 && Root(up, base+1) != Root(nodes, base) {
				t.Errorf("%d nodes of layer %d: wrong layer above", n, base)
			}
		}
	}
	if RootAt(nil, 0, 5) != PadHash(5) {
		t.Error("a tree without nodes is not padding")
	}
}

func TestLeaves(t *testing.T) {
	data := bytes.Repeat([]byte("0123456789abcdef"), 2*BlockLen/16+1)
	leaves := AppendLeaves(nil, data)
	want := []Hash{sha256.Sum256(data[:BlockLen]), sha256.Sum256(data[BlockLen : 2*BlockLen]), sha256.Sum256(data[2*BlockLen:])}
	if len(leaves) != 3 || leaves[0] != want[0] || leaves[1] != want[1] || leaves[2] != want[2] {
		t.Errorf("%v, want %v", leaves, want)
	}
	var b Builder
	b.AddBlocks(data)
	if b.Len() != 3 || b.Root(2) != Root(want, 0) {
		t.Error("AddBlocks makes another tree")
	}
	b.Reset(0)
	if n := testing.AllocsPerRun(3, func() { b.Reset(0); b.AddBlocks(data); b.Root(5) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestAppendBytes(t *testing.T) {
	nodes := someNodes(3)
	flat := append(append(nodes[0][:], nodes[1][:]...), nodes[2][:]...)
	got, err := AppendBytes(nodes[:1:1], flat[32:])
	if err != nil || len(got) != 3 || got[1] != nodes[1] || got[2] != nodes[2] {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := AppendBytes(nil, flat[1:]); err == nil {
		t.Error("95 bytes are accepted")
	}
}

// TestReplies answers random requests, checks the answers, and checks that no
// answer with one hash changed, missing or added is accepted.
func TestReplies(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		base := rapid.IntRange(0, 5).Draw(t, "base")
		n := rapid.IntRange(2, 70).Draw(t, "nodes")
		nodes, height := someNodes(n), Layers(int64(n))
		top := base + height
		length := 1 << rapid.IntRange(1, height).Draw(t, "length")
		r := Request{
			BaseLayer:   base,
			Index:       rapid.IntRange(0, 1<<height/length-1).Draw(t, "run") * length,
			Length:      length,
			ProofLayers: rapid.IntRange(0, height-1).Draw(t, "proof"),
		}
		reply, err := r.AppendReply(nil, nodes, top)
		if err != nil {
			t.Fatal(err)
		}
		layers := naive(nodes, base, 1<<height)
		layer, index := r.Anchor()
		anchor := layers[layer-base][index]
		if err := r.Verify(top, reply, anchor); err != nil {
			t.Fatal(err)
		}
		if r.ProofLayers == height-1 && anchor != Root(nodes, base) {
			t.Fatal("a full proof does not lead to the root")
		}
		at := rapid.IntRange(0, len(reply)-1).Draw(t, "changed")
		reply[at][7] ^= 1
		if err := r.Verify(top, reply, anchor); !errors.Is(err, ErrProof) {
			t.Fatalf("hash %d changed: %v", at, err)
		}
		reply[at][7] ^= 1
		if err := r.Verify(top, reply[1:], anchor); !errors.Is(err, ErrCount) {
			t.Fatalf("hash missing: %v", err)
		}
		if err := r.Verify(top, append(reply, Hash{}), anchor); !errors.Is(err, ErrCount) {
			t.Fatalf("hash added: %v", err)
		}
	})
}

// TestUncles follows the examples of BEP 52 and libtorrent: layers that can
// be computed from the base hashes have no uncle.
func TestUncles(t *testing.T) {
	for _, c := range []struct {
		length, proof, uncles, layer int
	}{{2, 0, 0, 1}, {2, 1, 1, 2}, {2, 9, 9, 10}, {4, 1, 0, 2}, {4, 2, 1, 3}, {512, 8, 0, 9}, {512, 9, 1, 10}} {
		r := Request{Length: c.length, ProofLayers: c.proof}
		if layer, _ := r.Anchor(); r.Uncles() != c.uncles || layer != c.layer {
			t.Errorf("%+v: %d uncles up to layer %d, want %d up to %d", r, r.Uncles(), layer, c.uncles, c.layer)
		}
	}
}

func TestBadRequests(t *testing.T) {
	for _, c := range []struct {
		r   Request
		top int
	}{
		{Request{-1, 0, 2, 0}, 4}, {Request{4, 0, 2, 0}, 4}, {Request{0, 0, 2, 0}, MaxLayers + 1}, {Request{0, 0, 2, 0}, -1},
		{Request{0, 0, 1, 0}, 4}, {Request{0, 0, 3, 0}, 4}, {Request{0, 0, -2, 0}, 4}, {Request{0, 0, 2 * MaxRequest, 0}, 40},
		{Request{0, 1, 2, 0}, 4}, {Request{0, -2, 2, 0}, 4}, {Request{0, 16, 2, 0}, 4}, {Request{0, 0, 32, 0}, 4},
		{Request{0, 0, 2, 4}, 4}, {Request{0, 0, 2, -1}, 4}, {Request{0, 1 << 62, 2, 0}, 4},
	} {
		if err := c.r.Check(c.top); !errors.Is(err, ErrRequest) {
			t.Errorf("%+v below layer %d: %v", c.r, c.top, err)
		}
		if err := c.r.Verify(c.top, nil, Hash{}); !errors.Is(err, ErrRequest) {
			t.Errorf("%+v: verify: %v", c.r, err)
		}
		if _, err := c.r.AppendReply(nil, nil, c.top); !errors.Is(err, ErrRequest) {
			t.Errorf("%+v: reply: %v", c.r, err)
		}
	}
}

// FuzzVerify makes a true reply from the input, changes it as the input says
// and wants it accepted only if nothing changed.
func FuzzVerify(f *testing.F) {
	f.Add(5, 0, 0, 2, 2, []byte(nil))
	f.Add(9, 1, 4, 4, 3, make([]byte, 100))
	f.Add(1000, 0, 512, 512, 9, []byte{1})
	f.Fuzz(func(t *testing.T, n, base, index, length, proof int, mask []byte) {
		if n < 1 || n > 2000 || base < 0 || base > 20 {
			return
		}
		nodes := someNodes(n)
		r := Request{base, index, length, proof}
		top := base + Layers(int64(n))
		reply, err := r.AppendReply(nil, nodes, top)
		if err != nil {
			if !errors.Is(r.Verify(top, make([]Hash, 2), Hash{}), ErrRequest) {
				t.Errorf("%+v: served not, but verified", r)
			}
			return
		}
		layer, at := r.Anchor()
		anchor := naive(nodes, base, 1<<(top-base))[layer-base][at]
		changed := false
		for i, b := range mask[:min(len(mask), 32*len(reply))] {
			reply[i/32][i%32] ^= b
			changed = changed || b != 0
		}
		if err := r.Verify(top, reply, anchor); (err == nil) == changed {
			t.Errorf("%+v changed %v: %v", r, changed, err)
		}
	})
}
