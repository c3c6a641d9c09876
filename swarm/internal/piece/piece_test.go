package piece_test

import (
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/swarm/internal/piece"
)

func newPiece(blocks int) *piece.Piece {
	return piece.New(3, make([]byte, blocks*peerwire.BlockLen-1))
}

func TestBlocks(t *testing.T) {
	pc := newPiece(3)
	if n := pc.Blocks(); n != 3 {
		t.Fatalf("%d blocks", n)
	}
	want := peerwire.Request{Index: 3, Begin: 2 * peerwire.BlockLen, Length: peerwire.BlockLen - 1}
	if got := pc.Request(2); got != want {
		t.Errorf("the last block is %+v, want %+v", got, want)
	}
	for b := range 3 {
		if got, ok := pc.Take(); !ok || got != b {
			t.Fatalf("took %d, %t; want %d", got, ok, b)
		}
	}
	if _, ok := pc.Take(); ok || pc.Lacking() {
		t.Error("a fourth block")
	}
	pc.GiveBack(1)
	if !pc.Lacking() {
		t.Error("nothing is lacking after a block was given back")
	}
	if b, ok := pc.Take(); !ok || b != 1 {
		t.Errorf("took %d, %t after 1 was given back", b, ok)
	}
	if !pc.Claim(1) || pc.Claim(1) {
		t.Error("a claim is not exclusive")
	}
	pc.GiveBack(1) // does nothing: its payload is arriving
	if pc.Fill(1, 9) || pc.Received() != 1 || pc.Claim(1) || pc.Requested(1) {
		t.Error("one block of three was filled")
	}
}

// TestClaimers lets several peers fill a piece at once, with lost connections
// and duplicates: each block is delivered once and one peer completes it.
func TestClaimers(t *testing.T) {
	const blocks = 64
	for seed := range uint64(200) {
		pc := newPiece(blocks)
		var delivered [blocks]atomic.Int32
		var completed atomic.Int32
		var wg sync.WaitGroup
		for id := range int32(4) {
			rng := rand.New(rand.NewPCG(seed, uint64(id)))
			wg.Go(func() {
				for !pc.Done() {
					b, ok := pc.Take()
					if !ok {
						b = rng.IntN(blocks) // as in endgame
					} else if rng.IntN(3) == 0 {
						pc.GiveBack(b)
						continue
					}
					if !pc.Claim(b) {
						continue
					}
					if rng.IntN(4) == 0 {
						pc.Drop(b)
						continue
					}
					delivered[b].Add(1)
					if pc.Fill(b, id) {
						completed.Add(1)
					}
				}
			})
		}
		wg.Wait()
		for b := range delivered {
			if n := delivered[b].Load(); n != 1 {
				t.Fatalf("seed %d: block %d delivered %d times", seed, b, n)
			}
		}
		if n := completed.Load(); n != 1 {
			t.Fatalf("seed %d: completed %d times", seed, n)
		}
	}
}

func TestRetire(t *testing.T) {
	pc := newPiece(2)
	pc.Take()
	pc.Claim(0)
	if pc.Retire(false) {
		t.Error("retired while payload arrives")
	}
	pc.Fill(0, 1)
	if pc.Retire(true) {
		t.Error("retired although a block counts")
	}
	if !pc.Retire(false) {
		t.Error("not retired")
	}
	pc.GiveBack(1)
	if _, ok := pc.Take(); ok || pc.Claim(0) || pc.Claim(1) {
		t.Error("a retired piece gives blocks")
	}
	pc = newPiece(1)
	pc.Claim(0)
	pc.Fill(0, 1)
	if pc.Retire(false) {
		t.Error("a complete piece was retired: it is on its way to a worker")
	}
}

func TestForgetFrom(t *testing.T) {
	pc := newPiece(3)
	for b := range 2 {
		pc.Claim(b)
		pc.Fill(b, int32(b))
	}
	pc.ForgetFrom(1)
	if pc.Received() != 1 {
		t.Errorf("%d blocks are left", pc.Received())
	}
	for _, want := range []int{1, 2} {
		if b, ok := pc.Take(); !ok || b != want {
			t.Errorf("took %d, %t, want %d", b, ok, want)
		}
	}
	pc.Claim(1)
	pc.Fill(1, 2)
	pc.Claim(2)
	if !pc.Fill(2, 2) {
		t.Error("not complete")
	}
	if pc.ForgetFrom(2); !pc.Done() {
		t.Error("a complete piece lost blocks")
	}
}

func TestAsks(t *testing.T) {
	pc := newPiece(8)
	var q piece.Asks
	for range 8 {
		b, _ := pc.Take()
		q.Push(piece.Ask{Piece: pc, Block: b})
	}
	for _, b := range []int{0, 1, 5} {
		a, ok := q.Answer(pc.Request(b))
		if !ok || a.Block != b || q.Has(pc, b) {
			t.Errorf("answer to %d: %v, %t", b, a.Block, ok)
		}
		if _, ok := q.Answer(pc.Request(b)); ok {
			t.Errorf("block %d was answered twice", b)
		}
	}
	long := pc.Request(2)
	long.Length++
	if _, ok := q.Answer(long); ok {
		t.Error("a block of a wrong length was an answer")
	}
	if !q.Has(pc, 2) || q.Len() != 5 {
		t.Errorf("%d requests are left", q.Len())
	}
	if n := q.GiveBack(); n != 5 || q.Len() != 0 {
		t.Errorf("%d given back, %d left", n, q.Len())
	}
	for _, want := range []int{2, 3, 4, 6, 7} {
		if b, ok := pc.Take(); !ok || b != want {
			t.Errorf("took %d, %t, want %d", b, ok, want)
		}
	}
}

// TestAsksKeepTheirMemory checks that a queue in motion does not grow.
func TestAsksKeepTheirMemory(t *testing.T) {
	pc := newPiece(1)
	var q piece.Asks
	for range 32 {
		q.Push(piece.Ask{Piece: pc})
	}
	r := pc.Request(0)
	if n := testing.AllocsPerRun(1000, func() {
		q.Answer(r)
		q.Push(piece.Ask{Piece: pc})
	}); n != 0 {
		t.Errorf("%v allocations a request", n)
	}
}

func TestSet(t *testing.T) {
	s := piece.NewSet(10)
	s.Add(9)
	if !s.Has(9) || s.Has(8) || s.Count() != 1 || s.All() {
		t.Errorf("a set of piece 9: %+v", s)
	}
	s = piece.SetOf(10, nil)
	if s.Add(3); !s.All() || s.Count() != 10 {
		t.Errorf("a set of all: %+v", s)
	}
	if s.Remove(9); s.All() || s.Has(9) || !s.Has(0) || s.Count() != 9 {
		t.Errorf("all but piece 9: %+v", s)
	}
	if s = piece.SetOf(10, peerwire.Bitfield{0xff, 0xc0}); !s.All() {
		t.Error("a full bitfield is not a set of all")
	}
}
