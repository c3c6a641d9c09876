package serve

import (
	"bytes"
	"slices"
	"testing"

	"github.com/warren-p2p/warren/peerwire"
)

// line is a Link that keeps everything.
type line struct {
	said    []byte
	waiting []peerwire.Request
}

func (l *line) Send(add func([]byte) []byte) { l.said = add(l.said) }

func (l *line) Upload(reqs []peerwire.Request) int {
	l.waiting = append(l.waiting, reqs...)
	return len(l.waiting)
}

func (l *line) CancelUpload(r peerwire.Request) bool {
	i := slices.Index(l.waiting, r)
	if i >= 0 {
		l.waiting = slices.Delete(l.waiting, i, i+1)
	}
	return i >= 0
}

func (l *line) DropUploads(add func([]byte, []peerwire.Request) []byte) {
	l.said, l.waiting = add(l.said, l.waiting), nil
}

const (
	pieces   = 3
	pieceLen = 32 << 10
)

// shop lacks the last of its pieces.
type shop struct{ closed bool }

func (s shop) Serving() bool       { return !s.closed }
func (shop) NumPieces() int        { return pieces }
func (shop) Limit(int) int64       { return pieceLen }
func (shop) Offers(piece int) bool { return piece < pieces-1 }

func ask(piece int) peerwire.Request {
	return peerwire.Request{Index: uint32(piece), Length: peerwire.BlockLen}
}

// rejected are the messages that refuse requests.
func rejected(reqs ...peerwire.Request) []byte { return appendRejects(nil, reqs) }

// What is there is sent to who is unchoked; everything else is rejected.
func TestRequests(t *testing.T) {
	for name, c := range map[string]struct {
		choked, closed bool
		want           []peerwire.Request // the others are rejected
	}{
		"open":   {want: []peerwire.Request{ask(0), ask(1)}},
		"choked": {choked: true},
		"closed": {closed: true},
	} {
		for _, fast := range []bool{true, false} {
			l := &line{}
			s := New(l, fast)
			if !c.choked {
				s.Unchoke()
			}
			if s.Choking() != c.choked {
				t.Errorf("%s: choking %t", name, s.Choking())
			}
			l.said = nil
			if err := s.Requests([]peerwire.Request{ask(0), ask(2), ask(1)}, shop{c.closed}); err != nil {
				t.Fatal(err)
			}
			refused := rejected(ask(0), ask(2), ask(1))
			if c.want != nil {
				refused = rejected(ask(2))
			}
			if !fast {
				refused = nil
			}
			if !slices.Equal(l.waiting, c.want) || !bytes.Equal(l.said, refused) {
				t.Errorf("%s, fast %t: %v wait, said %x", name, fast, l.waiting, l.said)
			}
		}
	}
}

// A choke and a cancel take back what waits.
func TestTakenBack(t *testing.T) {
	for _, fast := range []bool{true, false} {
		l := &line{}
		s := New(l, fast)
		s.Unchoke()
		if err := s.Requests([]peerwire.Request{ask(0), ask(1)}, shop{}); err != nil {
			t.Fatal(err)
		}
		s.Cancel(ask(0))
		s.Cancel(ask(0)) // is gone already
		s.Choke()
		want := peerwire.AppendUnchoke(nil)
		if fast {
			want = append(want, rejected(ask(0))...)
		}
		want = peerwire.AppendChoke(want)
		if fast {
			want = append(want, rejected(ask(1))...)
		}
		if len(l.waiting) != 0 || !bytes.Equal(l.said, want) || !s.Choking() {
			t.Errorf("fast %t: %v wait, said %x, want %x", fast, l.waiting, l.said, want)
		}
	}
}

// What no honest peer asks for is an error, and nothing of it is answered.
func TestNonsense(t *testing.T) {
	for name, r := range map[string]peerwire.Request{
		"beyond":   ask(pieces),
		"far":      {Index: 1<<32 - 1, Length: 1},
		"none":     {},
		"over end": {Begin: pieceLen - 1, Length: 2},
		"past end": {Begin: 1<<32 - 1, Length: 1},
		"too long": {Length: peerwire.BlockLen + 1},
	} {
		l := &line{}
		s := New(l, true)
		s.Unchoke()
		l.said = nil
		if err := s.Requests([]peerwire.Request{ask(0), r}, shop{}); err == nil || l.waiting != nil || l.said != nil {
			t.Errorf("%s: %v, %v wait, said %x", name, err, l.waiting, l.said)
		}
	}
	l := &line{}
	s := New(l, true)
	s.Unchoke()
	for i := range 4*MaxQueue + 1 {
		if err := s.Requests([]peerwire.Request{ask(0)}, shop{}); (err != nil) != (i == 4*MaxQueue) {
			t.Fatalf("request %d: %v", i, err)
		}
	}
}

// What is there is told in as few bytes as the peer understands.
func TestIntroduction(t *testing.T) {
	for name, c := range map[string]struct {
		have       peerwire.Bitfield
		fast, slow []byte
	}{
		"nil":   {nil, peerwire.AppendHaveNone(nil), nil},
		"empty": {peerwire.Bitfield{0, 0}, peerwire.AppendHaveNone(nil), nil},
		"some":  {peerwire.Bitfield{0xff, 0}, []byte{0, 0, 0, 3, 5, 0xff, 0}, []byte{0, 0, 0, 3, 5, 0xff, 0}},
		"all":   {peerwire.Bitfield{0xff, 0x80}, peerwire.AppendHaveAll(nil), []byte{0, 0, 0, 3, 5, 0xff, 0x80}},
	} {
		if got := Introduction(c.have, 9, true); !bytes.Equal(got, c.fast) {
			t.Errorf("%s: %x, want %x", name, got, c.fast)
		}
		if got := Introduction(c.have, 9, false); !bytes.Equal(got, c.slow) {
			t.Errorf("%s, slow: %x, want %x", name, got, c.slow)
		}
	}
}

// Who asks on and on while it is choked is out; a choke that crosses a full queue
// of requests is no reason, nor is it while nobody is served.
func TestAskingWhileChoked(t *testing.T) {
	all := make([]peerwire.Request, MaxQueue)
	for i := range all {
		all[i] = ask(0)
	}
	s := New(&line{}, true)
	batch := func() []peerwire.Request { return slices.Clone(all) }
	for range 20 {
		s.Choke()
		for range 2 {
			if err := s.Requests(batch(), shop{}); err != nil {
				t.Fatal(err)
			}
		}
		s.Unchoke()
	}
	s.Choke()
	for range 100 {
		if err := s.Requests(batch(), shop{closed: true}); err != nil {
			t.Fatal(err)
		}
	}
	n := 0
	for s.Requests(batch(), shop{}) == nil {
		if n++; n > 4 {
			t.Fatalf("%d requests while choked, and no end", n*MaxQueue)
		}
	}
}
