package datagram_test

import (
	"errors"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/warren-p2p/warren/tracker/message"
	"github.com/warren-p2p/warren/tracker/server"
	"github.com/warren-p2p/warren/tracker/server/datagram"
	"github.com/warren-p2p/warren/tracker/server/peerstore/memory"
	"github.com/warren-p2p/warren/tracker/server/throttle"
)

func begin() time.Time { return time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC) }

func key() [16]byte { return [16]byte{1, 2, 3} }

// front is a tracker that is asked by datagrams.
type front struct {
	*testing.T
	*datagram.Answers
	tracker *server.Tracker
	now     time.Time
}

func open(t *testing.T, cfg server.Config) *front {
	cfg.Store = memory.New(memory.Config{})
	tracker := server.New(cfg)
	return &front{t, datagram.New(tracker, key()), tracker, begin()}
}

func (f *front) ask(from string, b []byte) []byte {
	return f.Answer(f.Context(), b, netip.MustParseAddr(from), f.now, nil)
}

// connect returns the connection id of an address.
func (f *front) connect(from string) uint64 {
	f.Helper()
	b := f.ask(from, message.AppendConnect(nil, 7))
	id, err := message.ParseConnectUDP(b)
	if err != nil || len(b) != 16 || b[7] != 7 {
		f.Fatalf("connect: %x, %v", b, err)
	}
	return id
}

func request(port uint16, left int64, want int) *message.Request {
	return &message.Request{InfoHash: [20]byte{1}, Port: port, Left: left, NumWant: want}
}

func (f *front) announce(from string, r *message.Request) (message.Response, error) {
	f.Helper()
	b := f.ask(from, message.AppendAnnounce(nil, f.connect(from), 9, r, ""))
	if len(b) > datagram.MaxSize || len(b) < 8 || b[7] != 9 {
		f.Errorf("an answer of %d bytes: %x", len(b), b[:min(8, len(b))])
	}
	return message.ParseAnnounceUDP(b, netip.MustParseAddr(from).Is6())
}

func TestAnnounce(t *testing.T) {
	f := open(t, server.Config{Interval: time.Hour})
	for _, from := range []string{"1.2.3.4", "2001:db8::1"} {
		if _, err := f.announce(from, request(6881, 0, 50)); err != nil {
			t.Fatal(err)
		}
	}
	for from, want := range map[string]string{"5.6.7.8": "1.2.3.4:6881", "2001:db8::2": "[2001:db8::1]:6881"} {
		r, err := f.announce(from, request(80, 3, 50))
		if err != nil || !slices.Equal(r.Peers, []netip.AddrPort{netip.MustParseAddrPort(want)}) || r.Seeders != 2 || r.Interval < time.Hour {
			t.Errorf("%+v, %v", r, err)
		}
	}
	b := f.ask("9.9.9.9", message.AppendScrape(nil, f.connect("9.9.9.9"), 3, [][20]byte{{2}, {1}}))
	totals, err := message.ParseScrapeUDP(b, 2)
	if err != nil || !slices.Equal(totals, []message.Totals{{}, {Seeders: 2, Leechers: 2}}) {
		t.Errorf("%+v, %v", totals, err)
	}
	if s := f.tracker.Stats(); s.AnnouncesUDP != 4 || s.ScrapesUDP != 1 || s.Connects != 5 {
		t.Errorf("%+v", s)
	}
}

// However many peers are wanted, an answer fits into a packet.
func TestSize(t *testing.T) {
	f := open(t, server.Config{MaxNumWant: 10_000})
	for _, from := range []string{"1.2.3.4", "2001:db8::1"} {
		for i := range 400 {
			if _, err := f.announce(from, request(uint16(1000+i), 1, 0)); err != nil {
				t.Fatal(err)
			}
		}
		r, err := f.announce(from, request(5, 1, 10_000))
		if err != nil || len(r.Peers) < 76 {
			t.Errorf("%d peers, %v", len(r.Peers), err)
		}
	}
}

// An id is good for two minutes at least and four at most, for the address it was
// given to, at every tracker with the same key.
func TestConnection(t *testing.T) {
	f := open(t, server.Config{})
	good := func(from string, id uint64) bool {
		_, err := message.ParseAnnounceUDP(f.ask(from, message.AppendAnnounce(nil, id, 9, request(1, 1, 1), "")), false)
		_, refused := errors.AsType[*message.Failure](err)
		if err != nil && !refused {
			t.Errorf("an answer that is none: %v", err)
		}
		return err == nil
	}
	id := f.connect("1.2.3.4")
	if !good("1.2.3.4", id) || good("1.2.3.5", id) || good("1.2.3.4", id^1) || good("1.2.3.4", 0x41727101980) || good("1.2.3.4", 0) {
		t.Error("an id is taken from somebody else, or not from whom it is of")
	}
	f.now = begin().Add(datagram.Window)
	if !good("1.2.3.4", id) {
		t.Error("it is refused after two minutes")
	}
	f.now = begin().Add(2 * datagram.Window)
	if good("1.2.3.4", id) {
		t.Error("it is taken after four minutes")
	}
	other := open(t, server.Config{})
	other.now = f.now
	if id = other.connect("1.2.3.4"); !good("1.2.3.4", id) {
		t.Error("trackers with the same key do not know each other's ids")
	}
	foreign := datagram.New(f.tracker, [16]byte{9})
	id, _ = message.ParseConnectUDP(foreign.Answer(t.Context(), message.AppendConnect(nil, 7), netip.MustParseAddr("1.2.3.4"), f.now, nil))
	if good("1.2.3.4", id) {
		t.Error("an id of another key is taken")
	}
}

func TestRefused(t *testing.T) {
	f := open(t, server.Config{Throttle: throttle.New(1, 1)})
	if _, err := f.announce("1.2.3.4", request(0, 1, 1)); err == nil {
		t.Error("port 0 is taken")
	}
	if _, err := f.announce("1.2.3.4", request(1, 1, 1)); err != nil {
		t.Error(err)
	}
	_, err := f.announce("1.2.3.4", request(1, 1, 1))
	if fail, ok := errors.AsType[*message.Failure](err); !ok || fail.Reason == "" {
		t.Errorf("one too many: %v", err)
	}
	if b := f.ask("1.2.3.4", message.AppendScrape(nil, f.connect("1.2.3.4"), 3, make([][20]byte, 3))); b[3] != 3 {
		t.Errorf("a scrape too many: %x", b)
	}
}

// amplified reports whether a source that is not known gets more than it has sent.
func amplified(f *front, b []byte) bool { return len(f.ask("6.6.6.6", b)) > len(b) }

// Nobody is told more than he has asked with, unless he has shown that he is there.
func TestNoAmplification(t *testing.T) {
	f := open(t, server.Config{})
	for i := range 200 { // of whom could be told
		if _, err := f.announce("1.2.3.4", request(uint16(1000+i), 1, 0)); err != nil {
			t.Fatal(err)
		}
	}
	stolen := f.connect("1.2.3.4")
	for _, b := range [][]byte{
		message.AppendConnect(nil, 1),
		message.AppendAnnounce(nil, 0, 1, request(1, 1, 200), ""),
		message.AppendAnnounce(nil, stolen, 1, request(1, 1, 200), ""),
		message.AppendScrape(nil, stolen, 1, make([][20]byte, 74)),
		message.AppendScrape(nil, 0, 1, make([][20]byte, 1)),
		message.AppendConnect(nil, 1)[:15],
		nil,
		make([]byte, 2000),
	} {
		if amplified(f, b) {
			t.Errorf("%d bytes of a stranger get %d", len(b), len(f.ask("6.6.6.6", b)))
		}
	}
	if s := f.tracker.Stats(); s.AnnouncesUDP != 200 || s.Ignored == 0 {
		t.Errorf("%+v", s)
	}
}

func FuzzAnswer(f *testing.F) {
	f.Add(message.AppendConnect(nil, 1))
	f.Add(message.AppendAnnounce(nil, 5, 1, request(1, 1, 200), "/x/announce"))
	f.Add(message.AppendScrape(nil, 5, 1, make([][20]byte, 2)))
	f.Fuzz(func(t *testing.T, b []byte) {
		w := open(t, server.Config{})
		if amplified(w, b) {
			t.Errorf("%d bytes of a stranger get more", len(b))
		}
		if len(b) >= 16 { // the same from somebody who is known
			id := message.AppendAnnounce(nil, w.connect("6.6.6.6"), 0, request(1, 1, 1), "")[:8]
			if answer := w.ask("6.6.6.6", append(slices.Clone(id), b[8:]...)); len(answer) > datagram.MaxSize {
				t.Errorf("%d bytes", len(answer))
			}
		}
	})
}

func TestNoGarbage(t *testing.T) {
	f := open(t, server.Config{})
	b := message.AppendAnnounce(nil, f.connect("1.2.3.4"), 9, request(1, 1, 50), "")
	dst, from := make([]byte, 0, datagram.MaxSize), netip.MustParseAddr("1.2.3.4")
	f.Answer(t.Context(), b, from, f.now, dst)
	if n := testing.AllocsPerRun(100, func() { f.Answer(t.Context(), b, from, f.now, dst) }); n > 0 {
		t.Errorf("%v allocations for an announce", n)
	}
}
