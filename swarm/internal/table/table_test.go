package table

import (
	"context"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"github.com/warren-p2p/warren/internal/vfs/memfs"
	"github.com/warren-p2p/warren/metainfo/create"
	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/swarm/internal/picker"
	"github.com/warren-p2p/warren/swarm/internal/piece"
)

const pieceLen = 2 * peerwire.BlockLen

// owner is a Waiter that does nothing.
type owner struct{ _ int }

func (*owner) Wake()    {}
func (*owner) Release() {}

// everything is the set of all pieces.
type everything struct{}

func (everything) Has(int) bool { return true }

var now = time.Unix(1e9, 0)

// newTable returns a table of four pieces of two blocks each.
func newTable(t *testing.T, b *piece.Buffers) *Table {
	t.Helper()
	disk := memfs.New()
	file, err := disk.OpenFile("content", os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.WriteAt(make([]byte, 4*pieceLen), 0); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	m, err := create.Torrent(context.Background(), disk, "content", create.Options{Kind: create.V1, PieceLength: pieceLen})
	if err != nil {
		t.Fatal(err)
	}
	tab := New(m, b, &owner{}, rand.New(rand.NewPCG(1, 1)))
	tab.Pick.GainAll()
	return tab
}

// begin starts a piece in the name of a peer, with so many blocks received.
func begin(t *testing.T, tab *Table, id picker.Peer, blocks int) *piece.Piece {
	t.Helper()
	pc := tab.Start(id, everything{}, now)
	if pc == nil {
		t.Fatal("nothing to start")
	}
	for range blocks {
		b, _ := pc.Take()
		pc.Claim(b)
		pc.Fill(b, id)
	}
	return pc
}

func TestOrphan(t *testing.T) {
	b := piece.NewBuffers(100 * pieceLen)
	tab := newTable(t, b)
	defer tab.Close()
	pc := begin(t, tab, 1, 1)
	tab.Leave(1, pc)
	if again := begin(t, tab, 2, 0); again != pc || again.Received() != 1 {
		t.Error("what had arrived was lost")
	}
	tab.Leave(3, pc) // who is not on it
	if s := tab.Pick.Snapshot()[pc.Index]; s.State != picker.InProgress {
		t.Error("a stranger ended the work on a piece")
	}
	empty := begin(t, tab, 3, 0)
	if tab.Leave(3, empty); b.Used() != pieceLen {
		t.Error("a piece of which nothing had arrived kept its memory")
	}
}

// TestLeaveWhileReceiving checks that the memory a payload goes to stays, and
// the piece is found again.
func TestLeaveWhileReceiving(t *testing.T) {
	b := piece.NewBuffers(100 * pieceLen)
	tab := newTable(t, b)
	defer tab.Close()
	pc := begin(t, tab, 1, 0)
	pc.Claim(0)
	tab.Leave(1, pc)
	if b.Used() != pieceLen {
		t.Fatal("the buffer was given back while a payload arrives")
	}
	pc.Fill(0, 1)
	if again := begin(t, tab, 2, 0); again != pc {
		t.Error("the piece with a block was forgotten")
	}
}

// TestStarving checks that nothing idle is kept while another starves.
func TestStarving(t *testing.T) {
	b := piece.NewBuffers(2 * pieceLen)
	tab, poor := newTable(t, b), &owner{}
	defer tab.Close()
	busy, idle := begin(t, tab, 1, 1), begin(t, tab, 2, 1)
	if b.Get(pieceLen, poor) != nil {
		t.Fatal("beyond the budget")
	}
	tab.Leave(2, idle)
	buf := b.Get(pieceLen, poor)
	if buf == nil {
		t.Fatal("an orphan is kept while another starves")
	}
	b.Put(buf, poor)
	if s := tab.Pick.Snapshot()[idle.Index]; s.State != picker.Missing || s.Partial {
		t.Errorf("the orphan is %+v", s)
	}
	tab.Leave(1, busy)
	if tab.Release(); b.Used() != 0 {
		t.Error("Release left an orphan")
	}
}

func TestKeep(t *testing.T) {
	b := piece.NewBuffers(pieceLen)
	tab, poor := newTable(t, b), &owner{}
	defer tab.Close()
	pc := begin(t, tab, 1, 2)
	tab.Complete(pc)
	tab.Keep(pc)
	if kept := tab.TakeKept(); len(kept) != 1 || kept[0] != pc || len(tab.TakeKept()) != 0 {
		t.Error("what was kept is not returned once")
	}
	tab.Keep(pc)
	tab.Release()
	if b.Used() != 0 || tab.Pick.Snapshot()[pc.Index].State != picker.Missing || len(tab.TakeKept()) != 0 {
		t.Error("Release left what was kept")
	}
	pc = begin(t, tab, 1, 2)
	tab.Complete(pc)
	b.Get(pieceLen, poor)
	if tab.Keep(pc); b.Used() != 0 {
		t.Error("kept while another starves")
	}
}

func TestStored(t *testing.T) {
	b := piece.NewBuffers(pieceLen)
	tab := newTable(t, b)
	pc := begin(t, tab, 1, 2)
	tab.Complete(pc)
	if tab.Stored(pc); b.Used() != 0 || !tab.Pick.Have(pc.Index) || tab.Pick.Left() != 3 {
		t.Error("the books are not closed")
	}
	pc = begin(t, tab, 5, 2)
	tab.Complete(pc)
	if id, alone := tab.Wrong(pc); id != 5 || !alone || tab.Corrupt() != pieceLen || b.Used() != 0 {
		t.Errorf("culprit %d, %t", id, alone)
	}
}
