package announces

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/net/ipv4"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/tracker/message"
)

// sockets is over how many the generator sends.
const sockets = 8

// late is when an answer counts as lost.
const late = 500 * time.Millisecond

// load is what all workers of a generator share.
type load struct {
	what   string
	target *net.UDPAddr
	next   atomic.Int64 // announce to make
	most   int64
}

// peer returns whom to announce next: which torrent and which port.
func (l *load) peer(chance *rand.Rand) (torrent int, port uint16, ok bool) {
	n := l.next.Add(1) - 1
	if n >= l.most {
		return 0, 0, false
	}
	if l.what == Fill {
		return int(n % Torrents), uint16(1024 + n/Torrents), true
	}
	return chance.IntN(Torrents), uint16(1024 + chance.IntN(PeersOf)), true
}

// Generate makes announces to a tracker at addr.
func Generate(ctx context.Context, what, addr string, announces int64) (Told, error) {
	to, err := net.ResolveUDPAddr("udp4", addr)
	if err != nil {
		return Told{}, fmt.Errorf("generate: %w", err)
	}
	l := &load{what: what, target: to, most: announces}
	work, workers := l.datagrams, sockets
	if what == HTTP {
		work, workers = l.requests, atOnce
	}
	told, errs := make([]Told, workers), make([]error, workers)
	began := clock.System{}.Now()
	var wg sync.WaitGroup
	for i := range workers {
		wg.Go(func() { told[i], errs[i] = work(ctx, uint64(i)) })
	}
	wg.Wait()
	all := Told{Seconds: clock.System{}.Now().Sub(began).Seconds()}
	for _, t := range told {
		all.Announces += t.Announces
		all.Lost += t.Lost
		all.Refused += t.Refused
	}
	return all, errors.Join(errs...)
}

// Role generates as a process of its own, and tells of it in a line of JSON.
func Role(ctx context.Context, what, addr, announces string, out io.Writer) error {
	n, err := strconv.ParseInt(announces, 10, 64)
	if err != nil {
		return fmt.Errorf("generate %q announces: %w", announces, err)
	}
	told, err := Generate(ctx, what, addr, n)
	return errors.Join(err, json.NewEncoder(out).Encode(told))
}

// window is the requests in flight of a socket: a slot for each.
type window struct {
	sent []time.Time // zero: free
	ids  []uint32
	free []int
	seq  uint32
}

func newWindow(n int) *window {
	w := &window{sent: make([]time.Time, n), ids: make([]uint32, n)}
	for i := range n {
		w.free = append(w.free, i)
	}
	return w
}

// take returns a transaction id.
func (w *window) take(now time.Time) uint32 {
	slot := w.free[len(w.free)-1]
	w.free = w.free[:len(w.free)-1]
	w.seq++
	w.ids[slot] = w.seq*uint32(len(w.sent)) + uint32(slot)
	w.sent[slot] = now
	return w.ids[slot]
}

// give takes a transaction id back; false if it was given up.
func (w *window) give(id uint32) bool {
	slot := int(id) % len(w.sent)
	if w.sent[slot].IsZero() || w.ids[slot] != id {
		return false
	}
	w.sent[slot] = time.Time{}
	w.free = append(w.free, slot)
	return true
}

// lose gives up what is late.
func (w *window) lose(now time.Time) (n int64) {
	for slot, sent := range w.sent {
		if !sent.IsZero() && now.Sub(sent) > late {
			w.sent[slot] = time.Time{}
			w.free = append(w.free, slot)
			n++
		}
	}
	return n
}

// socket is one over which datagrams go, many with a system call.
type socket struct {
	conn    net.PacketConn
	many    *ipv4.PacketConn
	in, out []ipv4.Message
	id      uint64 // of the connection
}

func (l *load) open(ctx context.Context, n int) (*socket, error) {
	// One address for all: an announce of one socket is of a peer of the others.
	c, err := netpolicy.Direct{}.ListenPacket(ctx, "udp4", "127.0.0.2:0")
	if err != nil {
		return nil, err
	}
	s := &socket{conn: c, many: ipv4.NewPacketConn(c), in: make([]ipv4.Message, n), out: make([]ipv4.Message, n)}
	for i := range n {
		s.in[i].Buffers, s.out[i].Buffers = [][]byte{make([]byte, 2048)}, [][]byte{make([]byte, 0, 98)}
		s.out[i].Addr = l.target
	}
	b := make([]byte, 64)
	for range 10 {
		if _, err = c.WriteTo(message.AppendConnect(nil, 7), l.target); err != nil {
			break
		}
		if err = c.SetReadDeadline(clock.System{}.Now().Add(time.Second)); err != nil {
			break
		}
		var got int
		if got, _, err = c.ReadFrom(b); err == nil {
			if s.id, err = message.ParseConnectUDP(b[:got]); err == nil {
				return s, nil
			}
		}
	}
	return nil, errors.Join(fmt.Errorf("ask for a connection id: %w", err), c.Close())
}

// datagrams makes announces over UDP, a window of them at a time.
func (l *load) datagrams(ctx context.Context, seed uint64) (told Told, err error) {
	s, err := l.open(ctx, inFlight/sockets)
	if err != nil {
		return told, err
	}
	defer func() { err = errors.Join(err, s.conn.Close()) }()
	w, chance := newWindow(inFlight/sockets), rand.New(rand.NewPCG(seed, 42))
	for done := false; ctx.Err() == nil; {
		now := clock.System{}.Now()
		n := 0
		for ; !done && len(w.free) > 0; n++ {
			torrent, port, ok := l.peer(chance)
			if done = !ok; done {
				break
			}
			s.out[n].Buffers[0] = message.AppendAnnounce(s.out[n].Buffers[0][:0], s.id, w.take(now), announce(torrent, port), "")
		}
		for sent := 0; sent < n; {
			more, err := s.many.WriteBatch(s.out[sent:n], 0)
			if err != nil {
				return told, fmt.Errorf("send announces: %w", err)
			}
			sent += more
		}
		if len(w.free) == len(w.sent) {
			return told, nil
		}
		if err := s.receive(w, &told); err != nil {
			return told, err
		}
	}
	return told, ctx.Err()
}

// receive takes what answers are there.
func (s *socket) receive(w *window, told *Told) error {
	if err := s.conn.SetReadDeadline(clock.System{}.Now().Add(late / 2)); err != nil {
		return err
	}
	n, err := s.many.ReadBatch(s.in, 0)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		told.Lost += w.lose(clock.System{}.Now())
		return nil
	}
	if err != nil {
		return fmt.Errorf("receive answers: %w", err)
	}
	for _, m := range s.in[:n] {
		b := m.Buffers[0][:m.N]
		id, ok := message.Transaction(b)
		switch {
		case !ok || !w.give(id):
		case binary.BigEndian.Uint32(b) != 1:
			told.Refused++
		default:
			told.Announces++
		}
	}
	return nil
}

// announce is one of a peer, of which a quarter are seeds.
func announce(torrent int, port uint16) *message.Request {
	return &message.Request{
		InfoHash: hash(torrent), PeerID: [20]byte([]byte("-GG0001-abcdefghijkl")), Port: port,
		Left: int64(port % 4), Event: message.Started, Key: uint32(port), NumWant: NumWant,
	}
}
