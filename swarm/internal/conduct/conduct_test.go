package conduct

import (
	"errors"
	"fmt"
	"io"
	"net/netip"
	"testing"
	"time"

	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/swarm/internal/link"
	"github.com/warren-p2p/warren/swarm/internal/pulse"
)

var epoch = time.Unix(1_700_000_000, 0)

func TestWeigh(t *testing.T) {
	length := peerwire.CheckLength(peerwire.IDHave, 9, 10)
	cut := fmt.Errorf("%w: %w", link.ErrCut, io.ErrUnexpectedEOF)
	for _, c := range []struct {
		err            error
		received, sent int64
		want           int
	}{
		{nil, 0, 0, none},
		{io.EOF, 0, 0, none},
		{link.ErrClosed, 0, 0, none},
		{link.ErrRecords, 0, 0, none},
		{pulse.ErrSilent, 0, 0, none},
		{length, 1 << 20, 0, offence},
		{Breach(io.ErrUnexpectedEOF), 1 << 20, 0, offence},
		{pulse.ErrMute, 0, 0, offence},
		{pulse.ErrVain, 0, 0, offence},
		{pulse.ErrVain, 1, 0, doubt},
		{pulse.ErrStuck, 0, 0, offence},
		{pulse.ErrStuck, 1, 0, doubt},
		{pulse.ErrDrip, 0, 0, offence},
		{pulse.ErrStuck, 0, readMuch - 1, offence},
		{pulse.ErrStuck, 0, readMuch, doubt},
		{pulse.ErrVain, 0, readMuch, offence},
		{cut, 0, 0, doubt},
	} {
		if got := weigh(c.err, c.received, c.sent); got != c.want {
			t.Errorf("%v after %d bytes and %d sent: %d, want %d", c.err, c.received, c.sent, got, c.want)
		}
	}
	if err := Breach(io.ErrUnexpectedEOF); !errors.Is(err, ErrBreach) || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("%v", err)
	}
	if err := Breach(io.ErrNoProgress, io.EOF, io.ErrNoProgress); errors.Is(err, ErrBreach) || Breach(nil) != nil {
		t.Errorf("nobody's fault is a breach: %v", err)
	}
}

// An offence costs a minute, the next one twice as much, up to an hour; after an
// hour without one all is forgotten. Others are not concerned.
func TestOffences(t *testing.T) {
	b, now := NewBook(), epoch
	a, beside := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("192.0.2.2")
	commit := func(want time.Duration) {
		t.Helper()
		if !b.Note(a, pulse.ErrVain, 0, 0, now) {
			t.Fatal("an offence without consequence")
		}
		if !b.Out(a, now.Add(want-1)) || b.Out(a, now.Add(want)) || b.Out(beside, now) {
			t.Errorf("it is not kept out for %v, or others are", want)
		}
	}
	for i := range 10 {
		commit(min(time.Minute<<i, time.Hour))
		now = now.Add(30 * time.Minute)
	}
	now = now.Add(time.Hour)
	commit(time.Minute)
}

// What may be an accident is one; three within an hour are none.
func TestDoubts(t *testing.T) {
	b := NewBook()
	a := netip.MustParseAddr("2001:db8::1")
	for i, want := range []bool{false, false, true, false} {
		if got := b.Note(a, link.ErrCut, 0, 0, epoch); got != want {
			t.Errorf("time %d: %t", i, got)
		}
	}
	if neighbour := netip.MustParseAddr("2001:db8::2"); !b.Out(neighbour, epoch) {
		t.Error("another address of the same /64 is let in")
	}
	c := netip.MustParseAddr("192.0.2.1")
	for i := range 10 {
		if now := epoch.Add(time.Duration(i) * time.Hour); b.Note(c, link.ErrCut, 0, 0, now) {
			t.Errorf("one accident an hour: out at the %dth", i)
		}
	}
}

// Whoever Tor brings comes from this machine: its peers do not suffer for one.
func TestThisMachine(t *testing.T) {
	b := NewBook()
	a := netip.MustParseAddr("127.0.0.1")
	if !b.Note(a, pulse.ErrMute, 0, 0, epoch) || b.Out(a, epoch) {
		t.Error("the peer is not left alone, or all from this machine are")
	}
}

func TestBookIsBounded(t *testing.T) {
	b := NewBook()
	at := func(i int) netip.Addr { return netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}) }
	for i := range maxHosts + 100 {
		b.Note(at(i), pulse.ErrMute, 0, 0, epoch.Add(time.Duration(i)*time.Millisecond))
	}
	if len(b.hosts) != maxHosts {
		t.Errorf("%d hosts", len(b.hosts))
	}
	now := epoch.Add(10 * time.Second)
	if b.Out(at(0), now) || !b.Out(at(maxHosts+99), now) {
		t.Error("not the oldest is forgotten")
	}
}
