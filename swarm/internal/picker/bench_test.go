package picker

import (
	"math/rand/v2"
	"testing"
)

const benchPieces = 100_000

// bitfield is a bitfield as the wire has it.
type bitfield []byte

func (b bitfield) Has(i int) bool { return b[i/8]&(0x80>>(i%8)) != 0 }

func benchSwarm(rng *rand.Rand) (*Picker, []Set) {
	p := New(benchPieces, rng)
	p.GainAll()
	var sets []Set
	for range 40 {
		b := make(bitfield, (benchPieces+7)/8)
		for k := range b {
			b[k] = byte(rng.Uint32())
		}
		p.GainSet(b)
		sets = append(sets, b)
	}
	return p, sets
}

// BenchmarkStart is one Start and one Verified or Failed, among 40 peers with
// half of 100,000 pieces each.
func BenchmarkStart(b *testing.B) {
	p, sets := benchSwarm(rand.New(rand.NewPCG(1, 1)))
	b.ReportAllocs()
	k := 0
	for b.Loop() {
		peer := k % len(sets)
		i, ok := p.Start(Peer(peer), sets[peer], epoch)
		if !ok {
			b.Fatal("nothing to start")
		}
		p.Failed(i)
		k++
	}
}

// BenchmarkStartSequential is the same in order.
func BenchmarkStartSequential(b *testing.B) {
	p, sets := benchSwarm(rand.New(rand.NewPCG(1, 1)))
	p.SetSequential(true)
	b.ReportAllocs()
	for b.Loop() {
		i, ok := p.Start(1, sets[0], epoch)
		if !ok {
			b.Fatal("nothing to start")
		}
		p.Failed(i)
	}
}

// BenchmarkGain is one have message.
func BenchmarkGain(b *testing.B) {
	p, _ := benchSwarm(rand.New(rand.NewPCG(1, 1)))
	b.ReportAllocs()
	k := 0
	for b.Loop() {
		p.Gain(k)
		p.Lose(k)
		k = (k + 1) % benchPieces
	}
}

// BenchmarkGainSet is the bitfield of one peer, coming and going.
func BenchmarkGainSet(b *testing.B) {
	p, sets := benchSwarm(rand.New(rand.NewPCG(1, 1)))
	b.ReportAllocs()
	for b.Loop() {
		p.GainSet(sets[0])
		p.LoseSet(sets[0])
	}
}

// BenchmarkInterestedNot is the dear case: the peer has nothing for us.
func BenchmarkInterestedNot(b *testing.B) {
	p, _ := benchSwarm(rand.New(rand.NewPCG(1, 1)))
	var empty Set = make(bitfield, (benchPieces+7)/8)
	b.ReportAllocs()
	for b.Loop() {
		if p.Interested(empty) {
			b.Fatal("interested in nothing")
		}
	}
}
