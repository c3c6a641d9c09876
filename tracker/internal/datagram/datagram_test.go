package datagram_test

import (
	"encoding/binary"
	"errors"
	"net/netip"
	"testing"
	"time"

	"github.com/warren-p2p/warren/tracker/internal/datagram"
	"github.com/warren-p2p/warren/tracker/message"
)

// bench is an exchange with a clock of its own.
type bench struct {
	*testing.T
	x    *datagram.Exchange
	now  time.Time
	last []byte // sent
}

func newBench(t *testing.T, ids *datagram.Connections, tries int, now time.Time) *bench {
	next := uint32(100)
	return &bench{T: t, now: now, x: datagram.New(datagram.Config{
		To: netip.MustParseAddrPort("192.0.2.1:6969"), Connections: ids, Tries: tries,
		Rand:   func() uint32 { next++; return next },
		Append: func(dst []byte, id uint64, tid uint32) []byte { return message.AppendScrape(dst, id, tid, nil) },
	})}
}

// sends expects a datagram, and returns how long it is waited for an answer.
func (b *bench) sends(connection uint64, action uint32) time.Duration {
	b.Helper()
	send, again, err := b.x.Next(b.now)
	if err != nil || len(send) != 16 {
		b.Fatalf("sends %x, %v", send, err)
	}
	if id, a := binary.BigEndian.Uint64(send), binary.BigEndian.Uint32(send[8:]); id != connection || a != action {
		b.Fatalf("sends action %d under %x, want %d under %x", a, id, action, connection)
	}
	if more, at, err := b.x.Next(b.now); more != nil || !at.Equal(again) || err != nil {
		b.Fatalf("and then %x, %v, %v", more, at, err)
	}
	b.last = send
	return again.Sub(b.now)
}

func (b *bench) fails() {
	b.Helper()
	if _, _, err := b.x.Next(b.now); !errors.Is(err, datagram.ErrNoAnswer) {
		b.Fatalf("no end: %v", err)
	}
}

// reply returns an answer to what was sent last.
func (b *bench) reply(action uint32, body ...byte) []byte {
	out := binary.BigEndian.AppendUint32(nil, action)
	return append(append(out, b.last[12:16]...), body...)
}

const (
	protocol = 0x41727101980
	connect  = 0
	scrape   = 2
	failure  = 3
)

func id(b byte) []byte { return []byte{0, 0, 0, 0, 0, 0, 0, b} }

func (b *bench) takes(datagram []byte, again bool) {
	b.Helper()
	if answer, more := b.x.Receive(datagram, b.now); answer != nil || more != again {
		b.Fatalf("took %x: %x, %v", datagram, answer, more)
	}
}

func (b *bench) answers(datagram []byte) {
	b.Helper()
	if answer, _ := b.x.Receive(datagram, b.now); string(answer) != string(datagram) {
		b.Fatalf("%x is no answer: %x", datagram, answer)
	}
}

func TestExchange(t *testing.T) {
	ids := datagram.NewConnections()
	b := newBench(t, ids, 2, time.Unix(0, 0))
	b.takes(b.replyTo(0, connect), false) // before anything was sent
	b.sends(protocol, connect)
	b.takes(b.reply(connect, id(7)...), true)
	b.sends(7, scrape)
	b.answers(b.reply(scrape))

	// Within a minute the id is used again, and then no more.
	b = newBench(t, ids, 2, b.now.Add(59*time.Second))
	b.sends(7, scrape)
	b.answers(b.reply(scrape))
	b = newBench(t, ids, 2, b.now.Add(time.Second))
	b.sends(protocol, connect)
}

func (b *bench) replyTo(tid, action uint32) []byte {
	return binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, action), tid)
}

// What is lost is sent again, 15 s · 2^n later (BEP 15).
func TestRetransmission(t *testing.T) {
	b := newBench(t, datagram.NewConnections(), 8, time.Unix(0, 0))
	for n := range 8 {
		if wait := b.sends(protocol, connect); wait != 15*time.Second<<n {
			t.Errorf("datagram %d: waits %v", n, wait)
		}
		b.now = b.now.Add(15 * time.Second << n)
	}
	b.fails()
}

// An id that has passed while an answer was waited for is asked for anew.
func TestIDExpiresMeanwhile(t *testing.T) {
	b := newBench(t, datagram.NewConnections(), 8, time.Unix(0, 0))
	b.sends(protocol, connect)
	b.takes(b.reply(connect, id(7)...), true)
	for _, wait := range []time.Duration{15 * time.Second, 30 * time.Second} {
		if got := b.sends(7, scrape); got != wait {
			t.Errorf("waits %v", got)
		}
		b.now = b.now.Add(wait)
	}
	b.sends(7, scrape) // after 45 s
	b.now = b.now.Add(time.Minute)
	b.sends(protocol, connect)
}

// A tracker that has started anew does not know the id any more.
func TestIDIsNotTakenAnyMore(t *testing.T) {
	ids := datagram.NewConnections()
	b := newBench(t, ids, 2, time.Unix(0, 0))
	b.sends(protocol, connect)
	b.takes(b.reply(connect, id(7)...), true)
	b.sends(7, scrape)
	b.answers(b.reply(failure, []byte("this id is fresh: it means what it says")...))

	b = newBench(t, ids, 2, b.now)
	b.sends(7, scrape)
	b.takes(b.reply(failure, []byte("connection id mismatch")...), true)
	b.sends(protocol, connect)
	b.takes(b.reply(connect, id(8)...), true)
	b.sends(8, scrape)
	b.answers(b.reply(failure, []byte("now it is final")...))
}

// What others than the tracker can send changes nothing.
func TestOthers(t *testing.T) {
	b := newBench(t, datagram.NewConnections(), 2, time.Unix(0, 0))
	b.sends(protocol, connect)
	right := b.reply(connect, id(7)...)
	for _, wrong := range [][]byte{
		nil, {0}, right[:7], right[:12], // too short
		append(b.replyTo(1, connect), id(7)...), // another transaction
		append(b.replyTo(binary.BigEndian.Uint32(b.last[12:]), scrape), id(7)...),
	} {
		b.takes(wrong, false)
	}
	b.answers(b.reply(failure, []byte("go away")...))
	b.takes(right, true)
	b.sends(7, scrape)
	b.takes(right, false) // comes twice
	b.answers(b.reply(scrape))
}

func TestConnectionsAreBounded(t *testing.T) {
	ids := datagram.NewConnections()
	for n := range 10_000 {
		at := netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 0, byte(n >> 8), byte(n)}), 6969)
		x := datagram.New(datagram.Config{
			To: at, Connections: ids, Tries: 1, Rand: func() uint32 { return 1 },
			Append: func(dst []byte, _ uint64, _ uint32) []byte { return dst },
		})
		if _, _, err := x.Next(time.Unix(0, 0)); err != nil {
			t.Fatal(err)
		}
		x.Receive(append([]byte{0, 0, 0, 0, 0, 0, 0, 1}, id(1)...), time.Unix(0, 0))
	}
	if n := ids.Len(); n == 0 || n > 512 {
		t.Errorf("%d ids are kept", n)
	}
}

// FuzzReceive sends whatever to an exchange in each of its states.
func FuzzReceive(f *testing.F) {
	f.Add([]byte{0, 0, 0, 0, 0, 0, 0, 101, 0, 0, 0, 0, 0, 0, 0, 7}, []byte{0, 0, 0, 2, 0, 0, 0, 102})
	f.Fuzz(func(t *testing.T, first, second []byte) {
		b := newBench(t, datagram.NewConnections(), 2, time.Unix(0, 0))
		for _, d := range [][]byte{first, second, first} {
			if _, _, err := b.x.Next(b.now); err != nil && !errors.Is(err, datagram.ErrNoAnswer) {
				t.Fatal(err)
			}
			if answer, again := b.x.Receive(d, b.now); answer != nil && (again || len(answer) < 8) {
				t.Errorf("%x is an answer", answer)
			}
			b.now = b.now.Add(20 * time.Second)
		}
	})
}
