package roster_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/netip"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/transport"
	"github.com/warren-p2p/warren/internal/vfs/memfs"
	"github.com/warren-p2p/warren/metainfo/create"
	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/swarm/internal/conduct"
	"github.com/warren-p2p/warren/swarm/internal/conns"
	"github.com/warren-p2p/warren/swarm/internal/content"
	"github.com/warren-p2p/warren/swarm/internal/fetch"
	"github.com/warren-p2p/warren/swarm/internal/greeting"
	"github.com/warren-p2p/warren/swarm/internal/intake"
	"github.com/warren-p2p/warren/swarm/internal/limiter"
	"github.com/warren-p2p/warren/swarm/internal/link/frame"
	"github.com/warren-p2p/warren/swarm/internal/peer"
	"github.com/warren-p2p/warren/swarm/internal/piece"
	"github.com/warren-p2p/warren/swarm/internal/roster"
	"github.com/warren-p2p/warren/swarm/internal/storage"
)

const (
	pieces   = 4
	pieceLen = 32 << 10
)

type owner struct{}

func (owner) Poke()            {}
func (owner) Unreadable(error) {}

type events struct{}

func (events) Verified(int)             {}
func (events) Failed(int, error)        {}
func (events) Guilty(fetch.PeerID, int) {}
func (events) Suspect(int)              {}

// torrent is a roster of three peers at most, of a torrent of which nothing is
// there, with a ban list that a test keeps.
type torrent struct {
	t      *testing.T
	r      *roster.Roster
	id     transport.ID
	banned map[netip.Addr]bool
	log    bytes.Buffer
	net    netpolicy.Policy
	dials  chan chan net.Conn // if not nil, dials wait for what they come to
}

// Dial implements transport.Opener.
func (s *torrent) Dial(ctx context.Context, addr string) (net.Conn, error) {
	if s.dials == nil {
		return s.net.Dial(ctx, addr)
	}
	answer := make(chan net.Conn)
	s.dials <- answer
	return <-answer, nil // whatever becomes of ctx, as a dial may just have ended
}

func play(t *testing.T, f func(*torrent)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
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
		store, err := storage.Open(storage.Config{Torrent: m, Content: memfs.New(), State: memfs.New()})
		if err != nil {
			t.Fatal(err)
		}
		buffers, workers := piece.NewBuffers(1<<20), intake.NewWorkers(1, 1<<20, 0)
		fetcher := fetch.New(fetch.Config{
			Torrent: m, Store: store, Buffers: buffers, Workers: workers,
			Clock: clock.System{}, Events: events{}, Rand: rand.New(rand.NewPCG(1, 2)),
		})
		s := &torrent{t: t, id: transport.ID{V1: m.Hashes().V1, HasV1: true}, banned: make(map[netip.Addr]bool), net: netpolicy.NewMem().Host(host(9))}
		s.r = roster.New(roster.Config{
			Owner: owner{}, Dial: roster.Dialer{ID: s.id, PeerID: [20]byte{100}, Net: s},
			Log: slog.New(slog.NewTextHandler(&s.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
			Peer: peer.Config{
				Port:    func() uint16 { return 0 },
				Content: content.New(m, store), Fetch: fetcher, Up: limiter.New(0, time.Now()), Down: limiter.New(0, time.Now()),
				Clock: clock.System{}, Frames: frame.NewPool(), Client: "test", Done: new(atomic.Bool),
			},
			Conns: conns.Config{
				InfoHash: s.id.Wire(), MaxConns: 3, Blocked: func(a netip.Addr) bool { return s.banned[a] },
				Verdicts: conns.NewVerdicts(10), Rand: rand.New(rand.NewPCG(3, 4)),
			},
			Conduct: conduct.NewBook(), Rand: rand.New(rand.NewPCG(5, 6)),
		})
		f(s)
		s.r.Close(greeting.ErrStopped)
		fetcher.Close()
		workers.Close()
		buffers.Close()
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
}

func host(i byte) netip.Addr { return netip.AddrFrom4([4]byte{10, i, 0, 1}) }

// call lets a peer in, as one that has connected to us.
func (s *torrent) call(id byte, kind transport.Kind) (net.Conn, error) {
	near, far := net.Pipe()
	at := netip.AddrPortFrom(host(id), 50_000)
	r := peerwire.Reserved{}.With(peerwire.CapFast)
	m := greeting.Met{
		Stream: near, Kind: kind, Incoming: true, At: at, From: at,
		Theirs: peerwire.Handshake{Reserved: r, InfoHash: s.id.Wire(), PeerID: [20]byte{id}},
	}
	return far, s.r.Join(m)
}

func (s *torrent) mustCall(id byte) net.Conn {
	s.t.Helper()
	c, err := s.call(id, transport.Plain)
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

// has reads a message and compares it.
func (s *torrent) has(c net.Conn, want []byte) {
	s.t.Helper()
	b := make([]byte, len(want))
	if _, err := io.ReadFull(c, b); err != nil || !bytes.Equal(b, want) {
		s.t.Errorf("got %x, %v, want %x", b, err, want)
	}
}

// ended reports whether the other side has closed.
func ended(c net.Conn) bool {
	_ = c.SetReadDeadline(time.Now().Add(time.Second))
	_, err := io.Copy(io.Discard, c)
	return !errors.Is(err, os.ErrDeadlineExceeded)
}

// Nobody comes in but while the torrent serves and its policy allows; and nobody
// twice.
func TestAdmits(t *testing.T) {
	play(t, func(s *torrent) {
		refused := func(id byte, kind transport.Kind, want error) {
			t.Helper()
			c, err := s.call(id, kind)
			if !errors.Is(err, want) || !ended(c) {
				t.Errorf("joined: %v, want %v", err, want)
			}
		}
		refused(1, transport.Plain, greeting.ErrStopped)
		s.r.Serve(t.Context())
		s.mustCall(1)
		refused(1, transport.Plain, greeting.ErrTwice)
		if err := s.r.MayJoin(peerwire.Handshake{PeerID: [20]byte{100}}, greeting.Conn{}); !errors.Is(err, greeting.ErrOurself) {
			t.Errorf("we may join ourselves: %v", err)
		}
		s.r.SetPolicy(conns.Require)
		refused(2, transport.MSE, greeting.ErrKind)
		s.r.SetPolicy(conns.Prefer)
		s.banned[host(3)] = true
		refused(3, transport.Plain, greeting.ErrFull)
		s.r.Rest()
		refused(4, transport.Plain, greeting.ErrStopped)
		if n := s.r.Totals().Peers; n != 1 {
			t.Errorf("%d peers", n)
		}
		s.r.Serve(t.Context())
		s.r.Close(greeting.ErrStopped)
		refused(5, transport.Plain, greeting.ErrStopped)
	})
}

// Of a peer that is dialled in vain the log shows why, and the network.
func TestLogShowsNoAddresses(t *testing.T) {
	play(t, func(s *torrent) {
		s.r.Serve(context.Background())
		s.r.Add(conns.Manual, netip.AddrPortFrom(host(7), 6881))
		s.r.Step(time.Now())
		synctest.Wait()
		if text := s.log.String(); !strings.Contains(text, "peer=10.7.0.0/16") || !strings.Contains(text, "refused") || strings.Contains(text, "10.7.0.1") {
			t.Error(text)
		}
	})
}

// There are never more peers than may be, whoever has to go.
func TestFull(t *testing.T) {
	play(t, func(s *torrent) {
		s.r.Serve(t.Context())
		for id := range byte(20) {
			_, _ = s.call(id+1, transport.Plain)
			synctest.Wait()
			if n := s.r.Totals().Peers; n != min(int(id)+1, 3) {
				t.Errorf("%d peers after %d have called", n, id+1)
			}
		}
	})
}

// A verified piece is told to everybody, to those who come later at once.
func TestVerified(t *testing.T) {
	play(t, func(s *torrent) {
		s.r.Serve(t.Context())
		early := s.mustCall(1)
		s.has(early, peerwire.AppendHaveNone(nil))
		s.r.Verified(2)
		s.r.Tick(time.Now(), false)
		s.has(early, peerwire.AppendHave(nil, 2))
		s.has(s.mustCall(2), peerwire.AppendBitfield(nil, peerwire.Bitfield{0x20}))
	})
}

// A seeder suggests each piece to one of those who share; alone a peer hears
// nothing.
func TestLacking(t *testing.T) {
	play(t, func(s *torrent) {
		s.r.Serve(t.Context())
		for i := range pieces {
			s.r.Verified(i)
		}
		a := s.mustCall(1)
		s.has(a, peerwire.AppendHaveAll(nil))
		s.say(a, peerwire.AppendHaveNone(nil), peerwire.AppendInterested(nil))
		b := s.mustCall(2)
		s.has(b, peerwire.AppendHaveAll(nil))
		s.say(b, peerwire.AppendHaveNone(nil), peerwire.AppendInterested(nil))
		suggested := make(map[uint32]bool)
		msg := make([]byte, len(peerwire.AppendSuggest(nil, 0)))
		for range pieces {
			if _, err := io.ReadFull(b, msg); err != nil {
				t.Fatal(err)
			}
			i, err := peerwire.ParseSuggest(msg[5:])
			if err != nil || peerwire.ID(msg[4]) != peerwire.IDSuggest {
				t.Fatalf("got %x", msg)
			}
			suggested[i] = true
		}
		if len(suggested) != pieces {
			t.Errorf("suggested %v", suggested)
		}
		s.say(a, peerwire.AppendHave(nil, 1))
		b.Close()
		synctest.Wait()
		s.has(s.mustCall(3), peerwire.AppendHaveAll(nil))
		s.say(a, peerwire.AppendHave(nil, 0))
		_ = a.SetReadDeadline(time.Now().Add(time.Second))
		rest, _ := io.ReadAll(a)
		if n := len(rest) / len(msg); n != pieces-2 || bytes.Contains(rest, peerwire.AppendSuggest(nil, 1)) {
			t.Errorf("after the other left %d pieces are suggested: %x", n, rest)
		}
	})
}

// say writes messages and waits until they were read.
func (s *torrent) say(c net.Conn, messages ...[]byte) {
	s.t.Helper()
	for _, m := range messages {
		if _, err := c.Write(m); err != nil {
			s.t.Fatal(err)
		}
	}
	synctest.Wait()
}

// Who sent wrong data is out, and counted once.
func TestExpel(t *testing.T) {
	play(t, func(s *torrent) {
		s.r.Serve(t.Context())
		there := s.mustCall(1)
		var id fetch.PeerID
		s.r.Each(func(p *peer.Peer) { id = p.ID() })
		if a, known := s.r.Expel(id); !known || a != host(1) {
			t.Errorf("expelled %v, %t", a, known)
		}
		s.banned[host(1)] = true
		// It may be on its way out still, and is no second one then.
		if a, known := s.r.Expel(id); known && a != host(1) {
			t.Errorf("expelled %v", a)
		}
		if !ended(there) {
			t.Error("it is still there")
		}
		synctest.Wait()
		if _, known := s.r.Expel(id); known {
			t.Error("one that gave nothing is remembered")
		}
		if got := s.r.Totals(); got.Banned != 1 || got.Peers != 0 {
			t.Errorf("%+v", got)
		}
	})
}

// Slots are given while the torrent serves, to those who want something.
func TestRechoke(t *testing.T) {
	play(t, func(s *torrent) {
		s.r.Serve(t.Context())
		c := s.mustCall(1)
		s.has(c, peerwire.AppendHaveNone(nil))
		if _, err := c.Write(peerwire.AppendInterested(nil)); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		s.r.Rest()
		s.r.Step(time.Now())
		synctest.Wait()
		if i := s.r.Infos(); len(i) != 1 || !i[0].AmChoking || !i[0].Interested {
			t.Errorf("while it rests: %+v", i)
		}
		s.r.Serve(t.Context())
		s.r.Step(time.Now())
		s.has(c, peerwire.AppendUnchoke(nil))
	})
}

// The policy that has changed ends what it does not allow; a ban ends a host.
func TestPart(t *testing.T) {
	play(t, func(s *torrent) {
		s.r.Serve(t.Context())
		clear := s.mustCall(1)
		secret, err := s.call(2, transport.TLS)
		if err != nil {
			t.Fatal(err)
		}
		s.r.SetPolicy(conns.Require)
		s.r.PartKinds()
		if !ended(clear) || ended(secret) {
			t.Error("not those that are no longer allowed are out")
		}
		s.r.Part(func(a netip.Addr) bool { return a == host(2) })
		if !ended(secret) {
			t.Error("a banned host is still there")
		}
	})
}
