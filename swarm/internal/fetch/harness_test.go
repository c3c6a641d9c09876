package fetch_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"math/rand/v2"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/warren-p2p/warren/internal/vfs/memfs"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/create"
	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/swarm/internal/fetch"
	"github.com/warren-p2p/warren/swarm/internal/intake"
	"github.com/warren-p2p/warren/swarm/internal/piece"
)

const block = peerwire.BlockLen

var errFull = errors.New("volume is full")

// world is one download with everything around it. It is a Clock, a Store and
// an Events.
type world struct {
	t       *testing.T
	f       *fetch.Fetcher
	buffers *piece.Buffers
	meta    *metainfo.Torrent
	content []byte

	mu       sync.Mutex
	now      time.Time
	arrived  map[int][]byte
	stored   map[int][]byte
	full     bool // the volume
	arriving func(piece int)
	failed   int
	guilty   []fetch.PeerID
	suspects []int
	peers    []*remote
}

// newWorld makes a torrent of so many pieces of four blocks, the last short.
func newWorld(t *testing.T, kind create.Kind, pieces int, seed uint64, budget int64) *world {
	t.Helper()
	return newWorldOf(t, kind, pieces, seed, piece.NewBuffers(budget))
}

// newWorldWith shares the memory of another.
func newWorldWith(t *testing.T, buffers *piece.Buffers, seed uint64) *world {
	t.Helper()
	return newWorldOf(t, create.V1, 8, seed, buffers)
}

func newWorldOf(t *testing.T, kind create.Kind, pieces int, seed uint64, buffers *piece.Buffers) *world {
	t.Helper()
	w := &world{t: t, buffers: buffers, now: time.Unix(1e9, 0), arrived: make(map[int][]byte), stored: make(map[int][]byte)}
	w.content = make([]byte, pieces*4*block-block-5)
	_, _ = rand.NewChaCha8([32]byte{byte(seed)}).Read(w.content)
	w.meta = torrent(t, kind, w.content, 4*block)
	workers := intake.NewWorkers(1, 1<<20, 0)
	w.f = fetch.New(fetch.Config{
		Torrent: w.meta, Store: w, Buffers: w.buffers, Workers: workers,
		Clock: w, Events: w, Rand: rand.New(rand.NewPCG(seed, 1)),
	})
	w.f.SetActive(true)
	t.Cleanup(func() {
		for _, p := range slices.Clone(w.peers) {
			p.leave()
		}
		w.f.Close()
		workers.Close()
		w.buffers.Close()
		if n := w.buffers.Used(); n != 0 {
			t.Errorf("%d bytes of buffers were not given back", n)
		}
	})
	return w
}

func torrent(t *testing.T, kind create.Kind, content []byte, pieceLength int64) *metainfo.Torrent {
	t.Helper()
	disk := memfs.New()
	file, err := disk.OpenFile("content", os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.WriteAt(content, 0); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	m, err := create.Torrent(context.Background(), disk, "content", create.Options{Kind: kind, PieceLength: pieceLength})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func (w *world) Now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) Arrive(i int, data []byte) error {
	if w.arriving != nil {
		w.arriving(i)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.full {
		return errFull
	}
	w.arrived[i] = slices.Clone(data)
	return nil
}

func (w *world) Confirm(i int) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.stored[i] != nil {
		w.t.Errorf("piece %d was stored twice", i)
	}
	if w.arrived[i] == nil {
		w.t.Errorf("piece %d was confirmed and had not arrived", i)
	}
	w.stored[i] = w.arrived[i]
	delete(w.arrived, i)
	return nil
}

func (w *world) Reject(i int) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.arrived[i] == nil {
		w.t.Errorf("piece %d was rejected and had not arrived", i)
	}
	delete(w.arrived, i)
	return nil
}

func (w *world) Verified(int) {}

func (w *world) Failed(_ int, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.failed++
	if !errors.Is(err, errFull) {
		w.t.Error(err)
	}
}

func (w *world) Guilty(id fetch.PeerID, _ int) {
	w.mu.Lock()
	w.guilty = append(w.guilty, id)
	w.mu.Unlock()
	w.f.Distrust(id)
}

func (w *world) Suspect(i int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.suspects = append(w.suspects, i)
}

// settle waits until workers and those who waited for memory are done.
func (w *world) settle() {
	w.f.Drain()
	w.buffers.Close()
	w.f.Drain()
}

// pass lets seconds go by, with a tick each.
func (w *world) pass(seconds int) {
	for range seconds {
		w.mu.Lock()
		w.now = w.now.Add(time.Second)
		w.mu.Unlock()
		for _, p := range w.peers {
			p.dl.Tick(w.Now())
		}
		w.settle()
	}
}

// right checks that all is stored, byte for byte.
func (w *world) right() {
	w.t.Helper()
	for i := range w.meta.Info.NumPieces() {
		want := w.content[i*4*block : min((i+1)*4*block, len(w.content))]
		if !slices.Equal(w.stored[i], want) {
			w.t.Errorf("piece %d is not right", i)
		}
	}
}

func (w *world) leaves(i int) (list [][32]byte) {
	for b := range slices.Chunk(w.content[i*4*block:min((i+1)*4*block, len(w.content))], block) {
		list = append(list, sha256.Sum256(b))
	}
	return list
}

// remote is the far end of a connection. It is a Requester.
type remote struct {
	w        *world
	dl       *fetch.Peer
	fast     bool
	choking  bool
	lies     bool
	mute     bool // never answers
	allowed  map[uint32]bool
	asked    []peerwire.Request
	total    int
	canceled []peerwire.Request
	mu       sync.Mutex
}

// join adds a peer that has all pieces and does not choke us.
func (w *world) join(fast bool) *remote {
	p := w.joinChoking(fast)
	p.dl.HasSet(nil)
	p.unchoke()
	return p
}

func (w *world) joinChoking(fast bool) *remote {
	p := &remote{w: w, fast: fast, choking: true, allowed: make(map[uint32]bool)}
	p.dl = w.f.Join(p, fast, 250)
	w.peers = append(w.peers, p)
	return p
}

func (p *remote) Request(reqs []peerwire.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, r := range reqs {
		if p.choking && !p.allowed[r.Index] {
			p.w.t.Errorf("peer %d was asked for %v while it chokes", p.dl.ID, r)
		}
		if slices.Contains(p.asked, r) {
			p.w.t.Errorf("peer %d was asked for %v twice", p.dl.ID, r)
		}
		p.asked = append(p.asked, r)
		p.total++
	}
}

func (p *remote) Cancel(r peerwire.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.canceled = append(p.canceled, r)
	if at := slices.Index(p.asked, r); at >= 0 {
		p.asked = slices.Delete(p.asked, at, at+1)
	}
}

// pop takes the oldest request.
func (p *remote) pop() (r peerwire.Request, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.asked) == 0 {
		return r, false
	}
	r = p.asked[0]
	p.asked = p.asked[1:]
	return r, true
}

// wanted returns a copy of what was asked and not answered.
func (p *remote) wanted() []peerwire.Request {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.asked)
}

// answer delivers the oldest requests, at most n.
func (p *remote) answer(n int) {
	for range n {
		r, ok := p.pop()
		if !ok {
			return
		}
		p.deliver(r)
	}
}

// deliver sends a block, and reports whether it was wanted.
func (p *remote) deliver(r peerwire.Request) bool {
	dst := p.dl.Block(r.Index, r.Begin, int(r.Length))
	if dst != nil {
		copy(dst, p.w.content[int(r.Index)*4*block+int(r.Begin):])
		if p.lies {
			dst[7] ^= 1
		}
	}
	p.dl.BlockDone(true)
	p.w.settle()
	return dst != nil
}

func (p *remote) unchoke() {
	p.mu.Lock()
	p.choking = false
	p.mu.Unlock()
	p.dl.Unchoked()
}

func (p *remote) choke() {
	p.mu.Lock()
	p.choking = true
	var drop []peerwire.Request
	for _, r := range p.asked {
		if !p.allowed[r.Index] || !p.fast {
			drop = append(drop, r)
		}
	}
	p.asked = slices.DeleteFunc(p.asked, func(r peerwire.Request) bool { return slices.Contains(drop, r) })
	p.mu.Unlock()
	p.dl.Choked()
	if p.fast {
		for _, r := range drop {
			p.dl.Rejected(r)
		}
	}
	p.w.settle()
}

// reject rejects the oldest request.
func (p *remote) reject() {
	if r, ok := p.pop(); ok {
		p.dl.Rejected(r)
		p.w.settle()
	}
}

func (p *remote) leave() {
	p.dl.Leave()
	p.w.peers = slices.DeleteFunc(p.w.peers, func(q *remote) bool { return q == p })
	p.w.settle()
}

// pieces returns which pieces the requests are for.
func pieces(reqs []peerwire.Request) (list []uint32) {
	for _, r := range reqs {
		if !slices.Contains(list, r.Index) {
			list = append(list, r.Index)
		}
	}
	return list
}
