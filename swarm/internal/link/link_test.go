package link_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/swarm/internal/link"
	"github.com/warren-p2p/warren/swarm/internal/link/frame"
)

// recorder is a Handler that notes what it gets. Blocks of piece 0 are wanted.
type recorder struct {
	mu       sync.Mutex
	blocks   map[uint32][]byte // by begin
	done     []bool
	batches  [][]peerwire.Request
	messages []string
	onMsg    func(id peerwire.ID) error
	onReqs   func() error
}

func (h *recorder) Block(index, begin uint32, n int) []byte {
	h.mu.Lock()
	defer h.mu.Unlock()
	if index != 0 {
		return nil
	}
	if h.blocks == nil {
		h.blocks = make(map[uint32][]byte)
	}
	h.blocks[begin] = make([]byte, n)
	return h.blocks[begin]
}

func (h *recorder) BlockDone(ok bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.done = append(h.done, ok)
}

func (h *recorder) Requests(reqs []peerwire.Request) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.batches = append(h.batches, slices.Clone(reqs))
	if h.onReqs != nil {
		return h.onReqs()
	}
	return nil
}

func (h *recorder) Message(id peerwire.ID, payload []byte) error {
	h.mu.Lock()
	h.messages = append(h.messages, id.String()+" "+hex.EncodeToString(payload))
	f := h.onMsg
	h.mu.Unlock()
	if f != nil {
		return f(id)
	}
	return nil
}

// pattern is a Source whose content tells where it is from; it counts reads.
type pattern struct {
	mu    sync.Mutex
	reads []int // buffers of each call
	err   error
}

func (s *pattern) ReadVec(piece, begin int, bufs [][]byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reads = append(s.reads, len(bufs))
	for _, b := range bufs {
		copy(b, content(piece, begin, len(b)))
		begin += len(b)
	}
	return s.err
}

func content(piece, begin, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(piece*7 + (begin+i)>>14*13 + (begin+i)%251)
	}
	return b
}

// writes is a connection that notes each write.
type writes struct {
	net.Conn
	mu   sync.Mutex
	list [][]byte
}

func (w *writes) Write(p []byte) (int, error) {
	w.mu.Lock()
	w.list = append(w.list, bytes.Clone(p))
	w.mu.Unlock()
	return w.Conn.Write(p)
}

// slow is a Limiter of so many bytes a second.
type slow int64

func (s slow) Reserve(n int, _ time.Time) time.Duration {
	return time.Duration(n) * time.Second / time.Duration(s)
}
func (s slow) Rate() int64            { return int64(s) }
func (slow) Return(int, time.Time)    {}
func (slow) Changed() <-chan struct{} { return nil }

// rig is a connection under test and its far end.
type rig struct {
	*link.Conn
	h    *recorder
	src  *pattern
	near *writes
	far  net.Conn
	end  chan error
}

// start runs a connection in the bubble of the test.
func start(change func(*link.Config)) *rig {
	near, far := net.Pipe()
	r := &rig{h: &recorder{}, src: &pattern{}, near: &writes{Conn: near}, far: far, end: make(chan error, 1)}
	cfg := link.Config{
		Conn: r.near, Handler: r.h, Source: r.src, Clock: clock.System{}, Frames: frame.NewPool(), NumPieces: 9,
	}
	if change != nil {
		change(&cfg)
	}
	r.Conn = link.New(cfg)
	go func() { r.end <- r.Run() }()
	return r
}

// stop closes the connection and returns why it ended.
func (r *rig) stop() error {
	r.Close(nil)
	_ = r.far.Close()
	return <-r.end
}

// send writes hex to the connection, as the peer.
func (r *rig) send(t *testing.T, text string) {
	t.Helper()
	if _, err := r.far.Write(unhex(t, text)); err != nil {
		t.Fatal(err)
	}
	synctest.Wait()
}

func unhex(t *testing.T, text string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(text, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// receive reads n bytes as the peer.
func (r *rig) receive(t *testing.T, n int) []byte {
	t.Helper()
	b := make([]byte, n)
	if _, err := io.ReadFull(r.far, b); err != nil {
		t.Fatal(err)
	}
	synctest.Wait()
	return b
}

func bubble(t *testing.T, change func(*link.Config), f func(t *testing.T, r *rig)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		r := start(change)
		defer r.stop()
		f(t, r)
	})
}

func reqs(piece uint32, blocks ...int) []peerwire.Request {
	var list []peerwire.Request
	for _, b := range blocks {
		list = append(list, peerwire.Request{Index: piece, Begin: uint32(b) << 14, Length: 1 << 14})
	}
	return list
}

func TestReading(t *testing.T) {
	bubble(t, nil, func(t *testing.T, r *rig) {
		// unchoke, keep-alive, have 5, extended, a block of five bytes, an unknown id
		r.send(t, "00000001 01 00000000 00000005 04 00000005 00000004 14 00 6465 0000000e 07 00000000 00004000 0102030405 00000003 63 abcd")
		if want := []string{"unchoke ", "have 00000005", "extended 006465", peerwire.ID(0x63).String() + " abcd"}; !slices.Equal(r.h.messages, want) {
			t.Errorf("got %q, want %q", r.h.messages, want)
		}
		if got := r.h.blocks[0x4000]; string(got) != "\x01\x02\x03\x04\x05" || !slices.Equal(r.h.done, []bool{true}) {
			t.Errorf("block %x, done %v", got, r.h.done)
		}
		if s := r.Stats(); s.Received != 5 || s.WireIn != 5+4+9+8+18+7 {
			t.Errorf("%+v", s)
		}
	})
}

// TestBytewise sends the same one byte at a time.
func TestBytewise(t *testing.T) {
	bubble(t, nil, func(t *testing.T, r *rig) {
		for _, b := range unhex(t, "00000005 04 00000005 0000000e 07 00000000 00004000 0102030405 0000000d 06 00000001 00000000 00004000") {
			r.send(t, hex.EncodeToString([]byte{b}))
		}
		if len(r.h.messages) != 1 || string(r.h.blocks[0x4000]) != "\x01\x02\x03\x04\x05" || len(r.h.batches) != 1 {
			t.Errorf("%q, %x, %v", r.h.messages, r.h.blocks, r.h.batches)
		}
	})
}

func TestUnwantedPayload(t *testing.T) {
	bubble(t, nil, func(t *testing.T, r *rig) {
		unwanted := append(unhex(t, "00004009 07 00000001 00000000"), make([]byte, 1<<14)...)
		if _, err := r.far.Write(unwanted); err != nil {
			t.Fatal(err)
		}
		r.send(t, "00000001 01")
		if len(r.h.messages) != 1 || !slices.Equal(r.h.done, []bool{true}) {
			t.Errorf("after an unwanted block: %q, %v", r.h.messages, r.h.done)
		}
		if s := r.Stats(); s.Received != 0 {
			t.Errorf("%d bytes count that nobody wanted", s.Received)
		}
	})
}

func TestRefusedLengths(t *testing.T) {
	for _, text := range []string{
		"ffffffff 14", "00000002 01", "00000004 04", "0000400a 07", "00000008 07", "00000004 05", "0000000e 06",
	} {
		synctest.Test(t, func(t *testing.T) {
			r := start(nil)
			r.send(t, text)
			if err := r.stop(); !errors.Is(err, peerwire.ErrLength) {
				t.Errorf("%s: %v", text, err)
			}
		})
	}
}

// TestBatches checks that requests are handed on together, at once when
// nothing more is here, and before whatever follows them.
func TestBatches(t *testing.T) {
	const request = "0000000d 06 00000001 00000000 00004000"
	for _, tt := range []struct {
		name, send string
		want       []int
		messages   int
	}{
		{"three", strings.Repeat(request, 3), []int{3}, 0},
		{"half of the next is here", request + request + request[:20], []int{2}, 0},
		{"a block follows", request + "00004009 07 00000000 00000000 01", []int{1}, 0},
		{"a cancel follows", request + strings.Replace(request, "06", "08", 1) + request, []int{1, 1}, 1},
		{"more than a batch", strings.Repeat(request, 600), nil, 0},
	} {
		bubble(t, nil, func(t *testing.T, r *rig) {
			r.h.onMsg = func(peerwire.ID) error {
				if len(r.h.batches) == 0 {
					t.Errorf("%s: the message came before the requests", tt.name)
				}
				return nil
			}
			r.send(t, tt.send)
			var got []int
			total := 0
			for _, b := range r.h.batches {
				got = append(got, len(b))
				total += len(b)
			}
			if tt.want != nil && !slices.Equal(got, tt.want) || len(r.h.messages) != tt.messages {
				t.Errorf("%s: batches of %v, want %v; %d messages", tt.name, got, tt.want, len(r.h.messages))
			}
			if tt.want == nil && (total != 600 || len(got) > 6 || slices.Max(got) > 256) {
				t.Errorf("%s: batches of %v", tt.name, got)
			}
		})
	}
}

func TestCoalescing(t *testing.T) {
	bubble(t, nil, func(t *testing.T, r *rig) {
		list := append(reqs(1, 0, 1, 2, 3), reqs(2, 7, 8, 5)...)
		r.SendLazily(func(b []byte) []byte { return peerwire.AppendHave(b, 3) })
		r.Upload(list)
		var want []byte
		for _, q := range list {
			want = append(want, make([]byte, peerwire.PieceHeaderLen)...)
			peerwire.PutPieceHeader(want[len(want)-peerwire.PieceHeaderLen:], q.Index, q.Begin, int(q.Length))
			want = append(want, content(int(q.Index), int(q.Begin), int(q.Length))...)
		}
		want = append(peerwire.AppendHave(nil, 3), want...)
		if got := r.receive(t, len(want)); !bytes.Equal(got, want) {
			t.Error("the blocks are not those asked for")
		}
		if len(r.near.list) != 1 || !slices.Equal(r.src.reads, []int{4, 2, 1}) {
			t.Errorf("%d writes, reads of %v", len(r.near.list), r.src.reads)
		}
		if s := r.Stats(); s.Sent != 7<<14 || s.WireOut != int64(len(want)) || r.Pending() != 0 {
			t.Errorf("%+v, %d pending", s, r.Pending())
		}
	})
}

func TestFrameSize(t *testing.T) {
	bubble(t, nil, func(t *testing.T, r *rig) {
		var list []peerwire.Request
		for i := range 100 {
			list = append(list, reqs(uint32(i/32), i%32)...)
		}
		r.Upload(list)
		r.receive(t, 100*(1<<14+peerwire.PieceHeaderLen))
		if n := len(r.near.list); n != 7 {
			t.Errorf("%d writes for 100 blocks", n)
		}
		for _, w := range r.near.list {
			if len(w) > frame.Size {
				t.Errorf("a write of %d bytes", len(w))
			}
		}
	})
}

// Inside TLS all writes but the last fill records, also while a limit lets one block
// pass at a time; what fills none does not wait for long.
func TestRecordsAreFull(t *testing.T) {
	const block, all = 1<<14 + peerwire.PieceHeaderLen, 40
	for _, c := range []struct {
		name string
		rate int64 // 0 for no limit
		full bool
	}{{"no limit", 0, true}, {"a limit", 20 * block, true}, {"a low limit", block / 3, false}} {
		t.Run(c.name, func(t *testing.T) {
			change := func(cfg *link.Config) {
				if cfg.Records = true; c.rate > 0 {
					cfg.Up = slow(c.rate)
				}
			}
			bubble(t, change, func(t *testing.T, r *rig) {
				var list []peerwire.Request
				for i := range all {
					list = append(list, reqs(uint32(i/32), i%32)...)
				}
				r.Upload(list)
				got := r.receive(t, all*block)
				for i, q := range list {
					want := make([]byte, peerwire.PieceHeaderLen)
					peerwire.PutPieceHeader(want, q.Index, q.Begin, int(q.Length))
					want = append(want, content(int(q.Index), int(q.Begin), int(q.Length))...)
					if !bytes.Equal(got[i*block:(i+1)*block], want) {
						t.Fatalf("block %d is not the one asked for", i)
					}
				}
				full := 0
				for _, w := range r.near.list[:len(r.near.list)-1] {
					if len(w)%(1<<14) == 0 {
						full++
					}
				}
				if writes := len(r.near.list) - 1; (full == writes) != c.full {
					t.Errorf("%d of %d writes fill records", full, writes)
				}
			})
		})
	}
}

func TestNothingAfterChoke(t *testing.T) {
	bubble(t, func(c *link.Config) { c.Up = slow(1 << 14) }, func(t *testing.T, r *rig) {
		list := reqs(0, 0, 1, 2)
		r.Upload(list)
		synctest.Wait() // they wait for the limit
		if !r.CancelUpload(list[1]) || r.CancelUpload(list[1]) {
			t.Error("a request can be cancelled once")
		}
		r.DropUploads(func(b []byte, dropped []peerwire.Request) []byte {
			if !slices.Equal(dropped, []peerwire.Request{list[0], list[2]}) {
				t.Errorf("dropped %v", dropped)
			}
			b = peerwire.AppendChoke(b)
			for _, q := range dropped {
				b = peerwire.AppendReject(b, q)
			}
			return b
		})
		want := unhex(t, "00000001 00 0000000d 10 00000000 00000000 00004000 0000000d 10 00000000 00008000 00004000")
		if got := r.receive(t, len(want)); !bytes.Equal(got, want) {
			t.Errorf("got %x, want %x", got, want)
		}
		time.Sleep(time.Minute)
		if s := r.Stats(); s.Sent != 0 || len(r.near.list) != 1 {
			t.Errorf("%d bytes after the choke", s.Sent)
		}
	})
}

// TestMessagesPassTheLimit checks that small messages do not wait for blocks
// that wait for the limiter.
func TestMessagesPassTheLimit(t *testing.T) {
	bubble(t, func(c *link.Config) { c.Up = slow(1 << 12) }, func(t *testing.T, r *rig) {
		begin := time.Now()
		r.Upload(reqs(0, 0))
		synctest.Wait()
		r.Send(peerwire.AppendInterested)
		r.receive(t, 5)
		if d := time.Since(begin); d != 0 {
			t.Errorf("a message waited %v", d)
		}
		r.receive(t, 1<<14+13)
		if d := time.Since(begin); d < 4*time.Second || d > 5*time.Second {
			t.Errorf("16 KiB at 4 KiB/s took %v", d)
		}
	})
}

func TestLazy(t *testing.T) {
	bubble(t, nil, func(t *testing.T, r *rig) {
		have := func(i uint32) func([]byte) []byte {
			return func(b []byte) []byte { return peerwire.AppendHave(b, i) }
		}
		r.Send(peerwire.AppendUnchoke)
		r.receive(t, 5)
		r.SendLazily(have(1))
		synctest.Wait()
		if len(r.near.list) != 1 {
			t.Fatal("a lazy message went alone")
		}
		r.DropUploads(func(b []byte, _ []peerwire.Request) []byte { return b })
		synctest.Wait()
		if len(r.near.list) != 1 {
			t.Fatal("a lazy message went alone when there was nothing to say")
		}
		r.Send(peerwire.AppendInterested)
		if got := r.receive(t, 5+9); got[4] != 2 || got[9] != 4 || len(r.near.list) != 2 {
			t.Errorf("%x in %d writes", got, len(r.near.list)-1)
		}
		r.SendLazily(have(2))
		r.Flush()
		synctest.Wait()
		if len(r.near.list) != 2 {
			t.Error("a lazy message went alone at once")
		}
		r.Flush()
		r.receive(t, 9)
		for i := range uint32(500) {
			r.SendLazily(have(i))
		}
		r.receive(t, 9) // so many do not wait
	})
}

func TestLimiterEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(func(c *link.Config) { c.Up, c.Down = slow(1), slow(1) })
		r.Upload(reqs(0, 0))
		r.send(t, "0000000a 07 00000000 00000000 01"+"00000009 07 00000000 00000001")
		if read := r.Signs(time.Now().Add(time.Second)).Read; read > 0 {
			t.Errorf("silent for %v while our own limit holds us", read)
		}
		begin := time.Now()
		if err := r.stop(); !errors.Is(err, link.ErrClosed) {
			t.Error(err)
		}
		if d := time.Since(begin); d > 2*time.Second {
			t.Errorf("the end took %v", d)
		}
	})
}

func TestRecords(t *testing.T) {
	limit := func(c *link.Config) { c.Records, c.MaxRecords = true, 3 }
	synctest.Test(t, func(t *testing.T) {
		r := start(limit)
		for range 3 {
			r.send(t, "00000000")
		}
		if err := <-r.end; !errors.Is(err, link.ErrRecords) {
			t.Errorf("after three records in: %v", err)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		r := start(limit)
		r.Upload(reqs(0, 0, 1)) // more than two records
		r.receive(t, 2*(1<<14+13))
		if err := <-r.end; !errors.Is(err, link.ErrRecords) {
			t.Errorf("after three records out: %v", err)
		}
	})
}

// TestBacklog has a peer that asks and never reads: we stop to listen.
func TestBacklog(t *testing.T) {
	for _, question := range []string{"00000001 02", "0000000d 06 00000001 00000000 00004000"} {
		bubble(t, nil, func(t *testing.T, r *rig) {
			asked := 0
			answer := func() error {
				asked++
				r.Send(func(b []byte) []byte { return append(b, make([]byte, 64<<10)...) })
				return nil
			}
			r.h.onReqs, r.h.onMsg = answer, func(peerwire.ID) error { return answer() }
			go func() {
				for range 1000 {
					if _, err := r.far.Write(unhex(t, question)); err != nil {
						return
					}
				}
			}()
			synctest.Wait()
			if asked > 10 {
				t.Errorf("%s: %d answers of 64 KiB are queued", question, asked)
			}
			before := asked
			r.receive(t, 6*(64<<10)) // the peer reads after all
			if asked == before {
				t.Errorf("%s: and we listen no more", question)
			}
		})
	}
}

// TestStuck checks that a payload that does not arrive counts as stuck.
func TestStuck(t *testing.T) {
	bubble(t, nil, func(t *testing.T, r *rig) {
		r.send(t, "00004009 07 00000000 00000000 01")
		for range 100 {
			time.Sleep(time.Second)
			r.send(t, "02")
		}
		if s := r.Signs(time.Now()); s.Landing != 100*time.Second || s.Writing != 0 {
			t.Errorf("landing for %v, writing for %v", s.Landing, s.Writing)
		}
	})
}

func TestSourceFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(nil)
		r.src.err = io.ErrUnexpectedEOF
		r.Upload(reqs(0, 0))
		if err := <-r.end; !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Error(err)
		}
	})
}

// TestHalfABlock checks that a block that ends with the connection is reported.
func TestHalfABlock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(nil)
		r.send(t, "00004009 07 00000000 00000000 0102")
		if err := r.stop(); !errors.Is(err, link.ErrClosed) || !slices.Equal(r.h.done, []bool{false}) {
			t.Errorf("%v, done %v", err, r.h.done)
		}
	})
}
