package link

import (
	"bytes"
	"io"
	"net"
	"testing"
	"time"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/swarm/internal/link/frame"
)

// script is a connection that gives its bytes in reads of at most step.
type script struct {
	net.Conn
	data []byte
	step int
}

func (s *script) Read(p []byte) (int, error) {
	if len(s.data) == 0 {
		return 0, io.EOF
	}
	n := copy(p[:min(len(p), s.step)], s.data)
	s.data = s.data[n:]
	return n, nil
}
func (s *script) Write(p []byte) (int, error) { return len(p), nil }
func (s *script) Close() error                { return nil }

// echo writes what it gets as messages again.
type echo struct {
	out   []byte
	block []byte
	at    [2]uint32
}

func (e *echo) Block(index, begin uint32, n int) []byte {
	e.at = [2]uint32{index, begin}
	e.block = make([]byte, n)
	return e.block
}

func (e *echo) BlockDone(ok bool) {
	if ok {
		var h [peerwire.PieceHeaderLen]byte
		peerwire.PutPieceHeader(h[:], e.at[0], e.at[1], len(e.block))
		e.out = append(append(e.out, h[:]...), e.block...)
	}
}

func (e *echo) Requests(reqs []peerwire.Request) error {
	for _, r := range reqs {
		e.out = peerwire.AppendRequest(e.out, r)
	}
	return nil
}

func (e *echo) Message(id peerwire.ID, payload []byte) error {
	n := 1 + len(payload)
	e.out = append(e.out, byte(n>>24), byte(n>>16), byte(n>>8), byte(n), byte(id))
	e.out = append(e.out, payload...)
	return nil
}

// FuzzReader feeds bytes in reads of some size: what was understood, written
// again, is what was sent, up to the first message that is not whole or not
// right, whatever the size of the reads.
func FuzzReader(f *testing.F) {
	f.Add([]byte("\x00\x00\x00\x01\x01\x00\x00\x00\x00"), byte(1))
	f.Add([]byte("\x00\x00\x00\x0d\x06\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x40\x00"), byte(3))
	f.Add([]byte("\x00\x00\x00\x0b\x07\x00\x00\x00\x01\x00\x00\x00\x00ab\x00\x00\x00\x05\x04\x00\x00\x00\x01"), byte(200))
	f.Add([]byte("\xff\xff\xff\xff\x14"), byte(0))
	f.Fuzz(func(t *testing.T, data []byte, step byte) {
		e := &echo{}
		c := New(Config{
			Conn: &script{data: data, step: 1 + int(step)*20}, Handler: e, Clock: clock.System{}, NumPieces: 40,
		})
		if err := c.readLoop(); err == nil {
			t.Fatal("the end of the stream is no error")
		}
		// Keep-alives say nothing; without them it is a prefix.
		var spoken []byte
		for rest := data; len(rest) >= 4; {
			n := 4 + int(rest[0])<<24 + int(rest[1])<<16 + int(rest[2])<<8 + int(rest[3])
			n = min(n, len(rest))
			if n > 4 {
				spoken = append(spoken, rest[:n]...)
			}
			rest = rest[n:]
		}
		if !bytes.HasPrefix(spoken, e.out) {
			t.Fatalf("%x was read as %x", data, e.out)
		}
	})
}

// TestHotPathAllocatesNothing counts for a request read, and for blocks asked
// for and collected.
func TestHotPathAllocatesNothing(t *testing.T) {
	conn := &script{step: 4096}
	c := New(Config{Conn: conn, Handler: &echo{}, Clock: clock.System{}, NumPieces: 9})
	wire := peerwire.AppendRequest(nil, peerwire.Request{Index: 1, Length: peerwire.BlockLen})
	reqs := make([]peerwire.Request, 0, maxBatch)
	if n := testing.AllocsPerRun(1000, func() {
		conn.data = wire
		if _, err := c.r.need(5); err != nil {
			t.Fatal(err)
		}
		c.r.skip(5)
		var err error
		if reqs, err = c.readRequest(reqs[:0]); err != nil || len(reqs) != 1 {
			t.Fatal(reqs, err)
		}
	}); n != 0 {
		t.Errorf("reading a request allocates %v times", n)
	}
	w := writer{c: c, room: frame.Room}
	if n := testing.AllocsPerRun(1000, func() {
		c.Upload(reqs)
		w.collect()
		if len(w.b.reqs) != 1 {
			t.Fatal(w.b.reqs)
		}
	}); n != 0 {
		t.Errorf("collecting a block allocates %v times", n)
	}
}

// TestPace checks that writes become small on a slow connection, never less
// than a block, and large again.
func TestPace(t *testing.T) {
	w := writer{room: frame.Room}
	w.pace(frame.Room, 64*time.Second)
	if w.room != frame.Block {
		t.Errorf("%d bytes at 4 KB/s", w.room)
	}
	w.pace(frame.Block, slowWrite/2)
	if w.room != frame.Block {
		t.Errorf("%d bytes when a block takes half a second", w.room)
	}
	for range 5 {
		w.pace(frame.Block, 0)
	}
	if w.room != frame.Room {
		t.Errorf("%d bytes when it is fast again", w.room)
	}
}
