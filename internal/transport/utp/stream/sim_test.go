package stream_test

import (
	"bytes"
	"container/heap"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/warren-p2p/warren/internal/netpolicy/impair"
	"github.com/warren-p2p/warren/internal/transport/utp/packet"
	"github.com/warren-p2p/warren/internal/transport/utp/stream"
)

var epoch = time.Unix(1_800_000_000, 0)

// network is two streams in virtual time.
type network struct {
	t       *testing.T
	now     time.Time
	ends    [2]*end
	events  events
	order   int
	mtu     int // longer datagrams are lost when they must not be fragmented
	packets int
	buf     []byte
}

type end struct {
	s    *stream.Stream
	cfg  stream.Config
	out  *impair.Pipe // what it sends passes
	tick time.Time
	got  int    // bytes read, all of them right
	todo int    // bytes to be written
	sent int    // bytes written
	text []byte // what is written, again and again; the other end expects the same
	idle bool   // does not read
	end  bool   // closes when all is written
}

type event struct {
	at    time.Time
	order int
	to    int
	b     []byte // nil for a tick
}

type events []event

func (e events) Len() int { return len(e) }
func (e events) Less(i, j int) bool {
	if e[i].at.Equal(e[j].at) {
		return e[i].order < e[j].order
	}
	return e[i].at.Before(e[j].at)
}
func (e events) Swap(i, j int) { e[i], e[j] = e[j], e[i] }
func (e *events) Push(x any)   { *e = append(*e, x.(event)) }
func (e *events) Pop() any {
	old := *e
	x := old[len(old)-1]
	*e = old[:len(old)-1]
	return x
}

func config() stream.Config {
	return stream.Config{Epoch: epoch.Add(-time.Hour), Packet: stream.DefaultPacket, Probes: []int{1452, 1472, 8952}, Receive: 12 << 20, Flight: 12 << 20}
}

// connect makes a network in which 0 dials 1 through a link.
func connect(t *testing.T, there, back impair.Link) *network {
	n := &network{t: t, now: epoch, mtu: 1472, buf: make([]byte, 64<<10)}
	n.ends[0] = &end{cfg: config(), out: impair.NewPipe(there)}
	n.ends[1] = &end{cfg: config(), out: impair.NewPipe(back)}
	text := make([]byte, 1<<20-3)
	_, _ = rand.NewChaCha8([32]byte{1}).Read(text)
	for _, e := range n.ends {
		e.text = text
	}
	n.ends[0].s = stream.Dial(n.ends[0].cfg, 500, 0xfff0, n.now)
	return n
}

func (n *network) schedule(at time.Time, to int, b []byte) {
	n.order++
	heap.Push(&n.events, event{at, n.order, to, b})
}

// pump lets an end do what it can now.
func (n *network) pump(i int) {
	e := n.ends[i]
	if e.s == nil {
		return
	}
	for !e.idle && e.s.Readable() {
		n.check(e, n.buf[:e.s.Read(n.buf)])
	}
	for e.todo > 0 {
		at := e.sent % len(e.text)
		m := e.s.Write(e.text[at:min(len(e.text), at+e.todo)])
		e.sent, e.todo = e.sent+m, e.todo-m
		if m == 0 {
			break
		}
	}
	if e.end && e.todo == 0 {
		e.s.Close()
		e.end = false
	}
	for {
		out, probe := e.s.Emit(nil, n.now)
		if out == nil {
			break
		}
		n.packets++
		if probe && len(out) > n.mtu {
			continue
		}
		if at, ok := e.out.Pass(len(out), n.now); ok {
			n.schedule(at, 1-i, out)
		}
	}
	if d := e.s.Deadline(); !d.IsZero() && (e.tick.IsZero() || d.Before(e.tick)) {
		e.tick = d
		n.schedule(d, i, nil)
	}
}

// check compares what an end has read with what the other writes.
func (n *network) check(e *end, b []byte) {
	for len(b) > 0 {
		want := e.text[e.got%len(e.text):]
		k := min(len(b), len(want))
		if !bytes.Equal(b[:k], want[:k]) {
			n.t.Fatalf("other bytes came after %d", e.got)
		}
		e.got, b = e.got+k, b[k:]
	}
}

// run goes on until done, or for so long.
func (n *network) run(most time.Duration, done func() bool) bool {
	n.t.Helper()
	limit := n.now.Add(most)
	n.pump(0)
	n.pump(1)
	for !done() {
		if len(n.events) == 0 {
			return false
		}
		e := heap.Pop(&n.events).(event)
		if e.at.After(limit) {
			n.now = limit
			heap.Push(&n.events, e)
			return false
		}
		n.now = e.at
		if n.packets > 3_000_000 {
			n.t.Fatal("packets without end")
		}
		n.step(e)
	}
	return true
}

func (n *network) step(e event) {
	at := n.ends[e.to]
	if e.b == nil {
		at.tick = time.Time{}
		at.s.Tick(n.now)
		n.pump(e.to)
		return
	}
	h, payload, err := packet.Parse(e.b)
	if err != nil {
		n.t.Fatal(err)
	}
	if at.s == nil {
		if h.Type == packet.Syn {
			at.s = stream.Accept(at.cfg, h, 0x7ff0, n.now)
		}
	} else {
		at.s.Handle(h, payload, n.now)
	}
	n.pump(e.to)
}

func TestThroughput(t *testing.T) {
	for _, c := range []struct {
		name  string
		link  impair.Link
		size  int
		least float64
	}{
		{"200 Mbit/s, 100 ms, no loss", impair.Link{Delay: 50 * time.Millisecond, Rate: 200e6}, 512 << 20, .9},
		{"200 Mbit/s, 100 ms, 0.1 %", impair.Link{Delay: 50 * time.Millisecond, Rate: 200e6, Loss: .001, Seed: 1}, 512 << 20, .9},
		{"50 Mbit/s, 40 ms, 1 %", impair.Link{Delay: 20 * time.Millisecond, Rate: 50e6, Loss: .01, Seed: 1}, 64 << 20, .85},
		{"20 Mbit/s, 20 ms, queue of 20 ms", impair.Link{Delay: 10 * time.Millisecond, Rate: 20e6, Queue: 50_000}, 32 << 20, .85},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := connect(t, c.link, impair.Link{Delay: c.link.Delay, Loss: c.link.Loss, Seed: 2})
			if raced { // that is for mistakes, not for figures
				c.size /= 16
				c.least = 0
			}
			n.ends[0].todo = c.size
			if !n.run(10*time.Minute, func() bool { return n.ends[1].got == c.size }) {
				t.Fatalf("%d of %d bytes came: %v, %v", n.ends[1].got, c.size, n.ends[0].s.Err(), n.ends[1].s.Err())
			}
			took := n.now.Sub(epoch)
			share := float64(c.size) * 8 / took.Seconds() / float64(c.link.Rate)
			t.Logf("%.3f of the link in %v, %d packets", share, took, n.packets)
			if share < c.least {
				t.Errorf("%.3f of the link, want %.2f", share, c.least)
			}
		})
	}
}
