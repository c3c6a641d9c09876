package leech

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/warren-p2p/warren/swarm/internal/picker"
	"github.com/warren-p2p/warren/swarm/sim/internal/events"
	"github.com/warren-p2p/warren/swarm/sim/internal/network"
)

// bench is a leech whose pieces are checked at once, and what it did.
type bench struct {
	*Leech
	time     *events.Queue
	verified []int
	guilty   []int32
}

func newBench(pieces, blocks int) *bench {
	b := &bench{time: &events.Queue{}}
	pick := picker.New(pieces, rand.New(rand.NewPCG(1, 1)))
	pick.SetSequential(true)
	b.Leech = New(&Content{pieces, blocks}, pick, b.time, b)
	return b
}

func (b *bench) Verified(piece int, content []uint64) { b.verified = append(b.verified, piece) }
func (b *bench) Guilty(id int32)                      { b.guilty = append(b.guilty, id) }

func (b *bench) Store(_ int, _ bool, done func()) time.Duration {
	done()
	return 0
}

// wire is the other end: what was asked for and taken back.
type wire struct{ asked, cancelled []Request }

func (w *wire) Request(reqs []Request) { w.asked = append(w.asked, reqs...) }
func (w *wire) Cancel(reqs []Request)  { w.cancelled = append(w.cancelled, reqs...) }

func (b *bench) join(id int32) (*Peer, *wire) {
	w := &wire{}
	p := b.Join(id, 500, w)
	p.HasSet(make([]bool, b.content.Pieces), true)
	p.Unchoked()
	return p, w
}

func answer(p *Peer, r Request, spoil uint64) {
	p.Land(network.Block{Piece: r.Piece, Index: r.Block, Content: Truth(int(r.Piece), int(r.Block)) ^ spoil})
}

func TestDownload(t *testing.T) {
	b := newBench(3, 4)
	p, w := b.join(1)
	for _, r := range slices.Clone(w.asked) {
		answer(p, r, 0)
	}
	if !slices.Equal(b.verified, []int{0, 1, 2}) || b.Wasted != 0 || len(b.guilty) != 0 || p.Outstanding() != 0 {
		t.Errorf("verified %v, wasted %d, guilty %v, %d outstanding", b.verified, b.Wasted, b.guilty, p.Outstanding())
	}
}

// One who sent a wrong piece alone is guilty at once.
func TestLoneLiar(t *testing.T) {
	b := newBench(1, 4)
	p, w := b.join(7)
	for _, r := range slices.Clone(w.asked) {
		answer(p, r, uint64(r.Block&1))
	}
	if !slices.Equal(b.guilty, []int32{7}) || len(b.verified) != 0 || b.Wasted != 4 {
		t.Errorf("guilty %v, verified %v, wasted %d", b.guilty, b.verified, b.Wasted)
	}
}

// Of two who sent a wrong piece together, the second attempt names the one.
func TestLiarInCompany(t *testing.T) {
	b := newBench(1, 4)
	liar, asked := b.join(1)
	honest, helped := b.join(2) // it is endgame: it helps
	if len(helped.asked) != 4 {
		t.Fatalf("the second peer was asked for %v", helped.asked)
	}
	answer(liar, asked.asked[0], 1)
	for _, r := range helped.asked[1:] {
		answer(honest, r, 0)
	}
	if len(b.guilty) != 0 || len(b.verified) != 0 {
		t.Fatalf("guilty %v, verified %v before it is known", b.guilty, b.verified)
	}
	liar.Leave()
	for _, r := range slices.Clone(helped.asked[4:]) {
		answer(honest, r, 0)
	}
	if !slices.Equal(b.guilty, []int32{1}) || !slices.Equal(b.verified, []int{0}) {
		t.Errorf("guilty %v, verified %v", b.guilty, b.verified)
	}
}

// What a peer is silent about is asked of another, which is told once the first
// is slow, and the first is left alone.
func TestSilent(t *testing.T) {
	b := newBench(2, 64)
	silent, _ := b.join(1)
	other, w := b.join(2)
	before := 0
	for range 90 {
		b.time.After(time.Second, events.Tick, 0, 0, func() {})
		b.time.Next()
		silent.Tick()
		for ; before < len(w.asked); before++ {
			answer(other, w.asked[before], 0)
		}
		other.Tick()
	}
	if silent.Outstanding() != 0 || len(b.verified) != 2 {
		t.Errorf("%d asked of the silent one, verified %v", silent.Outstanding(), b.verified)
	}
}

func TestRejected(t *testing.T) {
	b := newBench(1, 4)
	p, w := b.join(1)
	for _, r := range slices.Clone(w.asked) {
		p.Rejected(r)
	}
	if n := len(w.asked); p.Outstanding() != 0 || n != 4 {
		t.Errorf("%d outstanding, %d asked at once after a reject", p.Outstanding(), n)
	}
	p.Choked()
	p.Unchoked()
	if p.Outstanding() != 4 {
		t.Errorf("%d outstanding after an unchoke", p.Outstanding())
	}
}
