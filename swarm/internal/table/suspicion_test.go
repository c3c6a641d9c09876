package table

import (
	"bytes"
	"crypto/sha256"
	"slices"
	"testing"

	"github.com/warren-p2p/warren/peerwire"
)

// sent returns content of which the blocks named are wrong.
func sent(wrong ...int) []byte {
	b := bytes.Repeat([]byte{1}, 3*peerwire.BlockLen+100)
	for _, w := range wrong {
		b[w*peerwire.BlockLen] = 2
	}
	return b
}

func leaves(b []byte) (list []Digest) {
	for block := range slices.Chunk(b, peerwire.BlockLen) {
		list = append(list, sha256.Sum256(block))
	}
	return append(list, Digest{}) // padding of the tree
}

func TestGuilty(t *testing.T) {
	from := []int32{7, 8, 7, 9}
	for _, tt := range []struct {
		wrong []int
		want  []int32
	}{
		{nil, nil},
		{[]int{0}, []int32{7}},
		{[]int{0, 2}, []int32{7}},
		{[]int{1, 3}, []int32{8, 9}},
		{[]int{0, 1, 2, 3}, []int32{7, 8, 9}},
	} {
		s := suspect(sent(tt.wrong...), from)
		if got := s.guilty(sent()); !slices.Equal(got, tt.want) {
			t.Errorf("blocks %v wrong: %v guilty, want %v", tt.wrong, got, tt.want)
		}
		got, ok := s.guiltyOf(leaves(sent()))
		if !ok || !slices.Equal(got, tt.want) {
			t.Errorf("blocks %v wrong: %v, %t guilty by leaves, want %v", tt.wrong, got, ok, tt.want)
		}
		if _, ok := s.guiltyOf(leaves(sent())[:3]); ok {
			t.Error("three leaves judged four blocks")
		}
	}
}

// TestFromIsCopied checks that a suspicion outlives the piece.
func TestFromIsCopied(t *testing.T) {
	from := []int32{1, 2, 3, 4}
	s := suspect(sent(1), from)
	clear(from)
	if got := s.guilty(sent()); !slices.Equal(got, []int32{2}) {
		t.Errorf("%v guilty, want 2", got)
	}
}

func TestSole(t *testing.T) {
	if id, ok := sole([]int32{5, 5, 5}); !ok || id != 5 {
		t.Errorf("got %d, %t", id, ok)
	}
	if _, ok := sole([]int32{5, 5, 6}); ok {
		t.Error("two senders are one")
	}
}
