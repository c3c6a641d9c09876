package peer_test

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/vfs/memfs"
	"github.com/warren-p2p/warren/metainfo/create"
	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/peerwire/extension"
	"github.com/warren-p2p/warren/swarm/internal/conns/hint"
	"github.com/warren-p2p/warren/swarm/internal/content"
	"github.com/warren-p2p/warren/swarm/internal/fetch"
	"github.com/warren-p2p/warren/swarm/internal/greeting"
	"github.com/warren-p2p/warren/swarm/internal/intake"
	"github.com/warren-p2p/warren/swarm/internal/limiter"
	"github.com/warren-p2p/warren/swarm/internal/link/frame"
	"github.com/warren-p2p/warren/swarm/internal/peer"
	"github.com/warren-p2p/warren/swarm/internal/piece"
	"github.com/warren-p2p/warren/swarm/internal/storage"
)

const (
	pieces   = 4
	pieceLen = 32 << 10
)

// owner is a peer.Owner that serves if told so.
type owner struct {
	serving atomic.Bool
	pokes   atomic.Int64
	heard   []hint.Hint
	listens []hint.Hint
	lacking atomic.Int64
}

func (o *owner) Serving() bool                      { return o.serving.Load() }
func (o *owner) Poke()                              { o.pokes.Add(1) }
func (o *owner) Lacking(*peer.Peer)                 { o.lacking.Add(1) }
func (o *owner) Listens(_ *peer.Peer, at hint.Hint) { o.listens = append(o.listens, at) }
func (o *owner) Heard(a []hint.Hint)                { o.heard = append(o.heard, a...) }

type nothing struct{}

func (nothing) Verified(int)             {}
func (nothing) Failed(int, error)        {}
func (nothing) Guilty(fetch.PeerID, int) {}
func (nothing) Suspect(int)              {}

// scene is a peer that has entered, and the other end of its connection.
type scene struct {
	t     *testing.T
	owner *owner
	cfg   peer.Config
	p     *peer.Peer
	far   net.Conn
	end   chan error
}

// play runs f with a peer of a torrent of which all pieces are there but the
// last, within a bubble.
func play(t *testing.T, f func(*scene)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := &scene{t: t, owner: &owner{}, end: make(chan error, 1)}
		s.owner.serving.Store(true)
		disk := memfs.New()
		file, err := disk.OpenFile("file", os.O_RDWR|os.O_CREATE, 0o644)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := file.WriteAt(make([]byte, pieces*pieceLen), 0); err != nil {
			t.Fatal(err)
		}
		if err := file.Close(); err != nil {
			t.Fatal(err)
		}
		m, err := create.Torrent(context.Background(), disk, "file", create.Options{Kind: create.V1, PieceLength: pieceLen})
		if err != nil {
			t.Fatal(err)
		}
		store, err := storage.Open(storage.Config{Torrent: m, Content: disk, State: memfs.New()})
		if err != nil {
			t.Fatal(err)
		}
		buffers, workers := piece.NewBuffers(1<<20), intake.NewWorkers(1, 1<<20, 0)
		c := content.New(m, store)
		for i := range pieces - 1 {
			c.Add(i)
		}
		fetcher := fetch.New(fetch.Config{
			Torrent: m, Store: store, Buffers: buffers, Workers: workers,
			Clock: clock.System{}, Events: nothing{}, Rand: rand.New(rand.NewPCG(1, 2)),
		})
		fetcher.SetHave(c.Have())
		s.cfg = peer.Config{
			Port:  func() uint16 { return 0 },
			TLS:   func() extension.TLS { return extension.TLS{V: 1} },
			Owner: s.owner, Content: c, Fetch: fetcher, Up: limiter.New(0, time.Now()), Down: limiter.New(0, time.Now()),
			Clock: clock.System{}, Frames: frame.NewPool(), Client: "test", Done: new(atomic.Bool),
		}
		s.enter()
		f(s)
		_ = s.far.Close()
		<-s.end
		fetcher.Close()
		workers.Close()
		buffers.Close()
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
}

func (s *scene) enter() { s.enterAs(greeting.Met{}) }

func (s *scene) enterAs(m greeting.Met) {
	near, far := net.Pipe()
	s.far, m.Stream = far, near
	m.Theirs.Reserved = peerwire.Reserved{}.With(peerwire.CapFast, peerwire.CapExtended)
	s.p = peer.New(&s.cfg, m)
	s.p.Enter()
	go func() { s.end <- s.p.Run() }()
}

// drain reads what the peer is told, until the end.
func (s *scene) drain() { _, _ = io.Copy(io.Discard, s.far) }

func (s *scene) send(b []byte) {
	s.t.Helper()
	if _, err := s.far.Write(b); err != nil {
		s.t.Fatal(err)
	}
}

// until reads up to a message of one kind.
func (s *scene) until(want peerwire.ID) []byte {
	s.t.Helper()
	for {
		var size [4]byte
		if _, err := io.ReadFull(s.far, size[:]); err != nil {
			s.t.Fatalf("before %v: %v", want, err)
		}
		b := make([]byte, binary.BigEndian.Uint32(size[:]))
		if _, err := io.ReadFull(s.far, b); err != nil {
			s.t.Fatalf("before %v: %v", want, err)
		}
		if len(b) > 0 && peerwire.ID(b[0]) == want {
			return b[1:]
		}
	}
}

// fails sends what no honest peer says, and expects the connection to end.
func (s *scene) fails(b []byte) {
	s.t.Helper()
	go func() { _, _ = io.Copy(io.Discard, s.far) }()
	s.send(b)
	err := <-s.end
	if err == nil || errors.Is(err, io.EOF) {
		s.t.Errorf("the connection ended with %v", err)
	}
	s.end <- err
}

func request(i int) peerwire.Request {
	return peerwire.Request{Index: uint32(i), Length: peerwire.BlockLen}
}

// Blocks are served to who is unchoked, of pieces that are there, while the
// torrent serves at all; everything else is rejected (BEP 6).
func TestServes(t *testing.T) {
	play(t, func(s *scene) {
		if have := peerwire.Bitfield(s.until(peerwire.IDBitfield)); have.Count() != pieces-1 || have.Has(pieces-1) {
			t.Errorf("introduced with %08b", have)
		}
		asked := func(i int, answer peerwire.ID) {
			t.Helper()
			s.send(peerwire.AppendRequest(nil, request(i)))
			s.until(answer)
		}
		asked(0, peerwire.IDReject)
		s.p.Unchoke()
		asked(0, peerwire.IDPiece)
		asked(pieces-1, peerwire.IDReject)
		s.owner.serving.Store(false)
		asked(0, peerwire.IDReject)
		s.owner.serving.Store(true)
		asked(1, peerwire.IDPiece)
		s.p.Choke()
		s.until(peerwire.IDChoke)
		asked(1, peerwire.IDReject)
	})
}

// What a peer was told is lost it does not get any more.
func TestLost(t *testing.T) {
	play(t, func(s *scene) {
		hello := extension.Handshake{M: map[string]byte{"lt_donthave": 9}}
		s.send(peerwire.AppendExtended(nil, 0, hello.Append(nil)))
		s.until(peerwire.IDExtended)
		s.p.Unchoke()
		s.until(peerwire.IDUnchoke)
		_, lost := s.cfg.Content.Recount() // nothing was ever stored
		if len(lost) != pieces-1 {
			t.Fatalf("lost %v", lost)
		}
		go s.p.TellLost(lost)
		id, msg, err := peerwire.ParseExtended(s.until(peerwire.IDExtended))
		if m, bad := extension.ParseDontHave(msg); err != nil || bad != nil || id != 9 || m.Piece != 0 {
			t.Errorf("extended message %d: %+v, %v, %v", id, m, err, bad)
		}
		s.send(peerwire.AppendRequest(nil, request(0)))
		s.until(peerwire.IDReject)
	})
}

// We are interested in who has what is missing, and the owner hears of those who
// are in us, once.
func TestInterest(t *testing.T) {
	play(t, func(s *scene) {
		s.until(peerwire.IDBitfield)
		s.send(peerwire.AppendHave(nil, pieces-1))
		s.until(peerwire.IDInterested)
		s.send(peerwire.AppendInterested(peerwire.AppendInterested(nil)))
		synctest.Wait()
		if n := s.owner.pokes.Load(); n != 1 || !s.p.Interested() {
			t.Errorf("interested %t, told %d times", s.p.Interested(), n)
		}
		if i := s.p.Info(); !i.AmInterested || !i.Interested || !i.AmChoking || i.Pieces != 1 {
			t.Errorf("%+v", i)
		}
	})
}

// The owner hears of those who lack something once all of it is here.
func TestLacking(t *testing.T) {
	play(t, func(s *scene) {
		told := func(b []byte, want int64) {
			t.Helper()
			s.send(b)
			synctest.Wait()
			if n := s.owner.lacking.Load(); n != want {
				t.Errorf("told %d times, want %d", n, want)
			}
		}
		go s.drain()
		told(peerwire.AppendInterested(nil), 0)
		s.cfg.Content.Add(pieces - 1)
		s.cfg.Fetch.SetHave(s.cfg.Content.Have())
		told(peerwire.AppendHave(nil, 0), 1)
		told(peerwire.AppendNotInterested(nil), 1)
		told(peerwire.AppendInterested(nil), 2)
	})
}

// aria2 tells of several new pieces by a bitfield, which adds to what is known.
func TestBitfieldLate(t *testing.T) {
	play(t, func(s *scene) {
		s.until(peerwire.IDBitfield)
		tell := func(b []byte, want int) {
			t.Helper()
			s.send(b)
			synctest.Wait()
			if got := s.p.Info().Pieces; got != want {
				t.Errorf("the peer has %d pieces, want %d", got, want)
			}
		}
		tell(peerwire.AppendHaveNone(nil), 0)
		tell(peerwire.AppendHave(nil, 0), 1)
		tell(peerwire.AppendBitfield(nil, peerwire.Bitfield{0x60}), 3)
		tell(peerwire.AppendHaveNone(nil), 3)
		tell(peerwire.AppendBitfield(nil, peerwire.Bitfield{0x20}), 3)
		tell(peerwire.AppendHaveAll(nil), pieces)
		s.until(peerwire.IDInterested)
	})
}

// What no honest peer says ends the connection.
func TestNonsense(t *testing.T) {
	for name, b := range map[string][]byte{
		"bitfield spare":    peerwire.AppendBitfield(nil, peerwire.Bitfield{0xff}),
		"bitfield late":     peerwire.AppendBitfield(peerwire.AppendUnchoke(nil), peerwire.Bitfield{0xff}),
		"have beyond":       peerwire.AppendHave(nil, pieces),
		"request beyond":    peerwire.AppendRequest(nil, request(pieces)),
		"request of none":   peerwire.AppendRequest(nil, peerwire.Request{}),
		"request over end":  peerwire.AppendRequest(nil, peerwire.Request{Begin: pieceLen - 1, Length: 2}),
		"request too long":  peerwire.AppendRequest(nil, peerwire.Request{Length: peerwire.BlockLen + 1}),
		"allowed beyond":    peerwire.AppendAllowedFast(nil, pieces),
		"extended cut":      peerwire.AppendExtended(nil, 0, []byte("d1:")),
		"don't have beyond": peerwire.AppendExtended(nil, 7, extension.DontHave{Piece: pieces}.Append(nil)),
	} {
		t.Run(name, func(t *testing.T) { play(t, func(s *scene) { s.fails(b) }) })
	}
}

// A peer that says nothing is given up; before that it hears from us now and
// then, so that it does not give us up.
func TestSilence(t *testing.T) {
	play(t, func(s *scene) {
		var heard atomic.Int64
		go func() {
			b := make([]byte, 1024)
			for {
				n, err := s.far.Read(b)
				heard.Add(int64(n))
				if err != nil {
					return
				}
			}
		}()
		tick := func(seconds int) {
			for range seconds {
				time.Sleep(time.Second)
				s.p.Tick(time.Now(), false)
			}
			synctest.Wait()
		}
		if _, err := s.far.Write(peerwire.AppendKeepalive(nil)); err != nil {
			t.Fatal(err)
		}
		tick(90)
		before := heard.Load()
		tick(30)
		if n := heard.Load() - before; n != int64(len(peerwire.AppendKeepalive(nil))) {
			t.Errorf("heard %d bytes", n)
		}
		tick(60)
		select {
		case err := <-s.end:
			if err == nil {
				t.Error("it ended without a reason")
			}
			s.end <- err
		default:
			t.Error("it is still there")
		}
	})
}
