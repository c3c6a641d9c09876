package fetch_test

import (
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/warren-p2p/warren/metainfo/create"
	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/swarm/internal/fetch"
	"github.com/warren-p2p/warren/swarm/internal/intake"
	"github.com/warren-p2p/warren/swarm/internal/picker"
	"github.com/warren-p2p/warren/swarm/internal/piece"
)

const plenty = 1 << 30

func TestWholePieces(t *testing.T) {
	w := newWorld(t, create.Hybrid, 32, 1, plenty)
	a, b := w.join(false), w.join(true)
	for _, p := range []*remote{a, b} {
		if len(p.wanted()) != 32 || len(pieces(p.wanted())) != 8 {
			t.Errorf("asked for %d blocks of pieces %v", len(p.wanted()), pieces(p.wanted()))
		}
	}
	for _, i := range pieces(a.wanted()) {
		if slices.Contains(pieces(b.wanted()), i) {
			t.Errorf("piece %d is asked of two peers", i)
		}
	}
	for w.f.Left() > 0 {
		a.answer(3)
		b.answer(2)
	}
	w.right()
	if w.f.Corrupt() != 0 || len(w.guilty) != 0 {
		t.Error("corrupt data of honest peers")
	}
}

func TestEndgame(t *testing.T) {
	w := newWorld(t, create.V1, 2, 1, plenty)
	idle := w.joinChoking(true)
	idle.dl.HasSet(nil)
	owner := w.join(true)
	if len(owner.wanted()) != 7 {
		t.Fatalf("asked for %d blocks", len(owner.wanted()))
	}
	idle.unchoke()
	dup := idle.wanted()
	if len(dup) != 7 {
		t.Fatalf("the second peer is asked for %d of 7 blocks in endgame", len(dup))
	}
	for range 7 {
		idle.answer(1)
	}
	if len(owner.canceled) != 7 || len(owner.wanted()) != 0 || owner.dl.Outstanding() != 0 {
		t.Errorf("%d requests cancelled, %d left", len(owner.canceled), owner.dl.Outstanding())
	}
	if owner.deliver(dup[0]) {
		t.Error("a late block was wanted")
	}
	w.right()
}

// TestEndgameBegins checks that idle peers help as soon as the last piece is
// begun, not at the next tick.
func TestEndgameBegins(t *testing.T) {
	w := newWorld(t, create.V1, 2, 1, plenty)
	first, second, third := w.joinChoking(true), w.joinChoking(true), w.joinChoking(true)
	first.dl.Has(0)
	second.dl.Has(0)
	third.dl.Has(1)
	first.unchoke()
	second.unchoke()
	if len(first.wanted()) != 4 || len(second.wanted()) != 0 {
		t.Fatalf("asked %v and %v", first.wanted(), second.wanted())
	}
	third.unchoke()
	if !slices.Equal(pieces(second.wanted()), []uint32{0}) {
		t.Errorf("the idle peer is asked for %v in endgame", second.wanted())
	}
}

// TestSlowPeersAreHelped has a peer stall while others have pieces that are
// free, so that it is not endgame.
func TestSlowPeersAreHelped(t *testing.T) {
	w := newWorld(t, create.V1, 16, 1, plenty)
	half := func() peerwire.Bitfield { return peerwire.Bitfield{0xff, 0} }
	closed, quick, slow := w.joinChoking(true), w.joinChoking(true), w.joinChoking(true)
	closed.dl.HasSet(nil)
	slow.dl.HasSet(half())
	quick.dl.HasSet(half())
	slow.unchoke()
	quick.unchoke()
	if len(slow.wanted()) != 32 || len(quick.wanted()) != 0 {
		t.Fatalf("asked for %d and %d blocks", len(slow.wanted()), len(quick.wanted()))
	}
	w.pass(20)
	if len(quick.wanted()) != 0 {
		t.Fatal("a peer that may be on its way is helped already")
	}
	w.pass(1) // the quick one ticks first, and is woken by the other's
	if len(quick.wanted()) == 0 {
		t.Error("nobody helps a peer that stalls")
	}
	for range 20 {
		w.pass(1)
		quick.answer(100)
	}
	if w.f.Left() != 8 {
		t.Errorf("%d pieces are left, not 8, while a peer stalls", w.f.Left())
	}
}

func TestSnub(t *testing.T) {
	w := newWorld(t, create.V1, 40, 1, plenty)
	p := w.join(false)
	first := p.wanted()
	w.pass(59)
	if p.dl.Outstanding() == 0 {
		t.Fatal("given up before a minute")
	}
	if since := p.dl.AwaitingSince(); w.Now().Sub(since).Seconds() != 59 {
		t.Errorf("awaiting since %v", since)
	}
	w.pass(2)
	if p.dl.Outstanding() != 0 || len(p.canceled) != len(first) {
		t.Errorf("%d requests out, %d cancelled after a minute", p.dl.Outstanding(), len(p.canceled))
	}
	w.pass(30)
	if p.total != len(first) {
		t.Error("a silent peer is asked again at once")
	}
	p.deliver(first[0])
	if p.dl.Outstanding() == 0 {
		t.Error("a late block does not show that the peer is alive")
	}
}

// TestSnubCountsFromTheRequest checks that time in which nothing was asked is
// no silence.
func TestSnubCountsFromTheRequest(t *testing.T) {
	w := newWorld(t, create.V1, 4, 1, plenty)
	p := w.joinChoking(true)
	p.unchoke() // it has nothing yet
	w.pass(100)
	p.dl.Has(0)
	if len(p.wanted()) != 4 {
		t.Fatalf("asked for %d blocks", len(p.wanted()))
	}
	if since := p.dl.AwaitingSince(); !since.Equal(w.Now()) {
		t.Errorf("awaiting for %v", w.Now().Sub(since))
	}
	w.pass(30)
	if p.dl.Outstanding() != 4 {
		t.Error("snubbed after half a minute")
	}
}

func TestChoke(t *testing.T) {
	for _, fast := range []bool{false, true} {
		w := newWorld(t, create.V1, 8, 1, plenty)
		a := w.join(fast)
		a.answer(2)
		before := pieces(a.wanted())
		a.choke()
		if a.dl.Outstanding() != 0 {
			t.Errorf("fast %t: %d requests are out", fast, a.dl.Outstanding())
		}
		b := w.join(fast)
		for range 100 {
			b.answer(1)
		}
		if w.f.Left() != 0 {
			t.Errorf("fast %t: %d pieces are left of which a choking peer had %v", fast, w.f.Left(), before)
		}
		w.right()
	}
}

// TestChokeWithNothingAsked checks that a peer that chokes gives back its
// pieces even if there is nothing for it to reject.
func TestChokeWithNothingAsked(t *testing.T) {
	w := newWorld(t, create.V1, 40, 1, plenty)
	p := w.joinChoking(true)
	p.dl.SetReqq(1)
	p.dl.HasSet(nil)
	p.unchoke()
	r, _ := p.pop()
	p.choke()
	p.deliver(r) // sent before the choke
	if q := w.join(true); !slices.Contains(pieces(q.wanted()), r.Index) {
		t.Errorf("the next peer is asked for %v, not for piece %d, which was begun", pieces(q.wanted()), r.Index)
	}
}

func TestReject(t *testing.T) {
	w := newWorld(t, create.V1, 40, 1, plenty)
	p := w.join(true)
	holds := 0
	for range 120 {
		if len(p.wanted()) > 0 {
			holds++
		}
		for len(p.wanted()) > 0 {
			p.reject()
		}
		if n := w.buffers.Used(); n != 0 {
			t.Fatalf("a peer that rejects all holds %d bytes", n)
		}
		w.pass(1)
	}
	if holds < 3 || holds > 8 {
		t.Errorf("in two minutes it was asked %d times", holds)
	}
	p.choke()
	p.unchoke()
	if len(p.wanted()) == 0 {
		t.Error("not asked after an unchoke")
	}
}

func TestAllowedFast(t *testing.T) {
	w := newWorld(t, create.V1, 8, 1, plenty)
	p := w.joinChoking(true)
	p.allowed = map[uint32]bool{2: true, 3: true}
	p.dl.AllowedFast(2)
	p.dl.AllowedFast(3)
	if len(p.wanted()) != 0 {
		t.Error("asked for pieces the peer does not have")
	}
	p.dl.Has(2)
	p.dl.Has(4)
	if got := pieces(p.wanted()); !slices.Equal(got, []uint32{2}) {
		t.Errorf("asked for %v", got)
	}
	p.answer(4)
	if w.stored[2] == nil {
		t.Error("piece 2 was not stored")
	}
	slow := w.joinChoking(false)
	slow.dl.HasSet(nil)
	slow.dl.AllowedFast(5)
	w.pass(2)
	if len(slow.wanted()) != 0 {
		t.Error("a peer without BEP 6 was asked while it chokes")
	}
}

func TestLiarAlone(t *testing.T) {
	w := newWorld(t, create.V1, 8, 1, plenty)
	liar := w.join(true)
	liar.lies = true
	liar.answer(1)
	honest := w.join(true)
	liar.answer(3)
	if !slices.Equal(w.guilty, []fetch.PeerID{liar.dl.ID}) || w.f.Corrupt() != 4*block {
		t.Fatalf("guilty %v, %d bytes corrupt", w.guilty, w.f.Corrupt())
	}
	liar.leave()
	for range 100 {
		honest.answer(1)
	}
	w.right()
}

// share has a liar send one block of the first piece, and an honest peer the
// rest, then returns both.
func share(w *world) (liar, honest *remote) {
	liar = w.join(false)
	liar.lies = true
	liar.answer(1)
	liar.choke()
	honest = w.join(false)
	for len(w.suspects) == 0 && len(honest.wanted()) > 0 {
		honest.answer(1)
	}
	return liar, honest
}

func TestLiarAmongOthers(t *testing.T) {
	w := newWorld(t, create.V1, 4, 1, plenty)
	liar, honest := share(w)
	if len(w.suspects) != 1 || len(w.guilty) != 0 {
		t.Fatalf("suspects %v, guilty %v", w.suspects, w.guilty)
	}
	other := w.join(true)
	second := uint32(w.suspects[0])
	if slices.Contains(pieces(other.wanted()), second) && slices.Contains(pieces(honest.wanted()), second) {
		t.Error("two peers work on the second attempt")
	}
	for range 100 {
		honest.answer(1)
		other.answer(1)
	}
	if !slices.Equal(w.guilty, []fetch.PeerID{liar.dl.ID}) {
		t.Errorf("guilty %v, the liar is %d", w.guilty, liar.dl.ID)
	}
	w.right()
}

func TestAccuse(t *testing.T) {
	w := newWorld(t, create.V2, 4, 1, plenty)
	liar, honest := share(w)
	if len(w.suspects) != 1 {
		t.Fatal(w.suspects)
	}
	i := w.suspects[0]
	w.f.Accuse(i, w.leaves(i)[:1])
	w.f.Accuse(i+1, w.leaves(i))
	if len(w.guilty) != 0 {
		t.Fatal("accused without proof")
	}
	w.f.Accuse(i, w.leaves(i))
	w.f.Accuse(i, w.leaves(i))
	if !slices.Equal(w.guilty, []fetch.PeerID{liar.dl.ID}) {
		t.Errorf("guilty %v, the liar is %d", w.guilty, liar.dl.ID)
	}
	honest.answer(100)
	w.right()
}

func TestDistrust(t *testing.T) {
	w := newWorld(t, create.V1, 1, 1, plenty)
	p := w.join(true)
	p.answer(2)
	q := w.join(true)
	w.f.Distrust(p.dl.ID)
	p.leave()
	q.answer(100)
	w.right()
	if q.total != 3 {
		t.Errorf("the other peer was asked for %d of 3 blocks", q.total)
	}
}

func TestVolumeFull(t *testing.T) {
	w := newWorld(t, create.V1, 40, 1, plenty)
	p := w.join(true)
	w.full = true
	p.answer(8)
	if w.failed != 2 {
		t.Fatalf("%d failures", w.failed)
	}
	before := p.total
	p.answer(20)
	w.pass(1)
	if p.total > before {
		t.Error("asked for more while the volume is full")
	}
	w.mu.Lock()
	w.full = false
	w.mu.Unlock()
	w.f.SetActive(true)
	w.settle()
	if len(w.stored) < 2 {
		t.Error("what was kept is not stored")
	}
	for w.f.Left() > 0 && len(p.wanted()) > 0 {
		p.answer(1)
	}
	w.right()
	if p.total != 159 {
		t.Errorf("asked for %d blocks of 159", p.total)
	}
}

// TestKillCostsOnePiece checks that of what a connection brought before its next
// block is read, less than a piece is not on disk, and that the peer knows what
// to send next before the time is spent on storing.
func TestKillCostsOnePiece(t *testing.T) {
	w := newWorld(t, create.V1, 40, 1, plenty)
	p := w.join(true)
	arrivals := 0
	w.arriving = func(int) {
		if arrivals++; arrivals < 30 && len(p.wanted()) == 0 {
			t.Error("a peer has nothing to do while a piece is stored")
		}
	}
	got := map[uint32]int{} // blocks, by piece
	for {
		r, ok := p.pop()
		if !ok {
			break
		}
		copy(p.dl.Block(r.Index, r.Begin, int(r.Length)), w.content[int(r.Index)*4*block+int(r.Begin):])
		p.dl.BlockDone(true)
		got[r.Index]++
		lost := 0
		w.mu.Lock()
		for i, n := range got {
			if w.arrived[int(i)] == nil && w.stored[int(i)] == nil {
				lost += n
			}
		}
		w.mu.Unlock()
		if lost >= 4 {
			t.Fatalf("a kill would cost %d blocks; a piece has 4", lost)
		}
	}
	w.settle()
	w.right()
}

// TestOrphansYield checks that pieces which nobody can go on with do not hold
// the memory others need.
func TestOrphansYield(t *testing.T) {
	w := newWorld(t, create.V1, 8, 1, 8*block)
	for i := range 2 {
		p := w.joinChoking(false)
		p.dl.Has(i)
		p.unchoke()
		p.answer(2)
		p.choke()
	}
	q := w.joinChoking(false)
	q.dl.Has(5)
	q.unchoke()
	if len(q.wanted()) != 4 {
		t.Error("no memory: it is held by pieces of peers that choke")
	}
}

// TestTorrentsShareMemory checks the same between two torrents.
func TestTorrentsShareMemory(t *testing.T) {
	rich := newWorld(t, create.V1, 8, 1, 4*block)
	gone := rich.join(false)
	gone.answer(2)
	gone.leave()
	poor := newWorldWith(t, rich.buffers, 2)
	p := poor.join(true)
	rich.settle()
	if len(p.wanted()) == 0 {
		t.Error("a torrent without peers holds all memory")
	}
}

func TestHaveBookkeeping(t *testing.T) {
	w := newWorld(t, create.V1, 10, 1, plenty)
	w.f.SetActive(false)
	available := func() (list []int) {
		w.f.Configure(func(p *picker.Picker) {
			for _, s := range p.Snapshot() {
				list = append(list, s.Availability)
			}
		})
		return list
	}
	check := func(what string, want ...int) {
		t.Helper()
		if got := available(); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", what, got, want)
		}
	}
	a, b := w.joinChoking(true), w.joinChoking(true)
	a.dl.HasSet(nil)
	b.dl.HasSet(peerwire.Bitfield{0b1010_0000, 0})
	check("all and a bitfield", 2, 1, 2, 1, 1, 1, 1, 1, 1, 1)
	b.dl.Has(1)
	b.dl.Has(1)
	a.dl.Has(1)
	check("have, twice", 2, 2, 2, 1, 1, 1, 1, 1, 1, 1)
	a.dl.Lost(9)
	a.dl.Lost(9)
	b.dl.Lost(9)
	check("lost", 2, 2, 2, 1, 1, 1, 1, 1, 1, 0)
	if a.dl.Seed() || a.dl.Count() != 9 || a.dl.Knows(9) || !a.dl.Knows(8) || b.dl.Count() != 3 {
		t.Error("the peers' own sets are wrong")
	}
	b.dl.HasSet(nil)
	check("all in place of a bitfield", 2, 2, 2, 2, 2, 2, 2, 2, 2, 1)
	a.leave()
	check("one left", 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
	if b.leave(); w.f.Interested(b.dl) == false {
		t.Error("not interested in what is missing")
	}
	check("both left", 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
}

func TestSetHave(t *testing.T) {
	w := newWorld(t, create.V1, 4, 1, plenty)
	p := w.join(false)
	p.answer(1)
	p.leave() // an orphan holds memory
	w.f.SetHave(peerwire.Bitfield{0xf0})
	if w.f.Left() != 0 || w.buffers.Used() != 0 {
		t.Errorf("%d pieces left, %d bytes in use", w.f.Left(), w.buffers.Used())
	}
	w.f.SetHave(peerwire.Bitfield{0x70})
	q := w.join(false)
	if got := pieces(q.wanted()); !slices.Equal(got, []uint32{0}) {
		t.Errorf("asked for %v", got)
	}
}

// TestLeaveAtOnce has a peer leave while others wake and tick it: nothing may
// be asked of it any more.
func TestLeaveAtOnce(t *testing.T) {
	for seed := range uint64(30) {
		w := newWorld(t, create.V1, 8, seed, plenty)
		p := w.join(false)
		var wg sync.WaitGroup
		wg.Go(func() {
			for range 20 {
				p.dl.Tick(w.Now())
				w.f.Wake()
			}
		})
		wg.Go(p.dl.Unchoked)
		p.dl.Leave()
		wg.Wait()
		w.peers = nil
		if n := w.buffers.Used(); n != 0 {
			t.Fatalf("one who left holds %d bytes", n)
		}
	}
}

func TestHotPathAllocatesNothing(t *testing.T) {
	w := newWorld(t, create.V1, 1, 1, plenty)
	workers := intake.NewWorkers(1, 1<<20, 0)
	f := fetch.New(fetch.Config{
		Torrent: torrent(t, create.V1, make([]byte, 512*block), 512*block), Store: w, Buffers: w.buffers,
		Workers: workers, Clock: w, Events: w, Rand: rand.New(rand.NewPCG(1, 1)),
	})
	f.SetActive(true)
	q := &quiet{}
	p := f.Join(q, true, 250)
	p.HasSet(nil)
	p.Unchoked()
	if n := testing.AllocsPerRun(300, func() {
		r := q.asked[q.done]
		q.done++
		if p.Block(r.Index, r.Begin, int(r.Length)) == nil {
			t.Fatal("not wanted")
		}
		p.BlockDone(true)
	}); n != 0 {
		t.Errorf("a block allocates %v times", n)
	}
	p.Leave()
	f.Close()
	workers.Close()
}

// quiet is a Requester that only keeps what was asked for.
type quiet struct {
	asked   [1024]peerwire.Request
	n, done int
}

func (q *quiet) Request(reqs []peerwire.Request) { q.n += copy(q.asked[q.n:], reqs) }
func (q *quiet) Cancel(peerwire.Request)         {}

var _ piece.Waiter = (*fetch.Fetcher)(nil)
