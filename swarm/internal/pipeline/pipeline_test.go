package pipeline

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

var epoch = time.Unix(1_700_000_000, 0)

// link is a peer behind a link of constant rate and round-trip time. It answers
// requests in order, as fast as the link takes them.
type link struct {
	w     *Window
	rate  float64 // bytes per second
	rtt   time.Duration
	now   time.Time
	free  time.Time   // when the link has sent everything so far
	queue []time.Time // arrivals of the blocks outstanding

	blocks, maxOut int
	batches        []int
}

func newLink(rate float64, rtt time.Duration) *link {
	return &link{w: New(0), rate: rate, rtt: rtt, now: epoch, free: epoch}
}

// request sends what the window wants.
func (l *link) request() {
	n := l.w.Want(len(l.queue))
	if n == 0 {
		return
	}
	l.w.OnSent(n, l.now)
	l.batches = append(l.batches, n)
	for range n {
		start := l.now.Add(l.rtt / 2)
		if l.free.After(start) {
			start = l.free
		}
		l.free = start.Add(time.Duration(BlockLen / l.rate * float64(time.Second)))
		l.queue = append(l.queue, l.free.Add(l.rtt/2))
	}
	l.maxOut = max(l.maxOut, len(l.queue))
}

// run lets d pass and returns the rate in that time, in bytes per second.
func (l *link) run(d time.Duration) float64 {
	begin, before := l.now, l.blocks
	for l.now.Sub(begin) < d {
		l.request()
		if len(l.queue) == 0 {
			return 0
		}
		l.now = l.queue[0]
		n := 0
		for len(l.queue) > 0 && !l.queue[0].After(l.now) {
			l.queue = l.queue[1:]
			n++
		}
		l.blocks += n
		l.w.OnBlocks(n, n*BlockLen, l.now)
	}
	return float64(l.blocks-before) * BlockLen / l.now.Sub(begin).Seconds()
}

// TestFillsTheLink checks that the window is never what limits a peer, unless
// the cap is, and is not much larger than need be.
func TestFillsTheLink(t *testing.T) {
	for _, tt := range []struct {
		name     string
		rate     float64
		rtt      time.Duration
		min, max int // of the window in the end
	}{
		{"modem", 5e3, 300 * time.Millisecond, 2, 4},
		{"slow uplink", 100e3, 50 * time.Millisecond, 2, 6},
		{"dsl", 2e6, 40 * time.Millisecond, 60, 90},
		{"far away", 2e6, 300 * time.Millisecond, 110, 150},
		{"long line", 25e6, 100 * time.Millisecond, 1000, 1024},
		{"fibre", 100e6, 10 * time.Millisecond, 1024, 1024},
		{"loopback", 700e6, 100 * time.Microsecond, 64, 64},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := newLink(tt.rate, tt.rtt)
			d := 30 * time.Second
			if tt.rate > 50e6 {
				d = 3 * time.Second // or there are too many blocks to model
			}
			l.run(d)
			if got := l.run(d); got < 0.97*tt.rate || got > 1.03*tt.rate {
				t.Errorf("%.0f B/s of %.0f", got, tt.rate)
			}
			if got := l.w.Rate(l.now); got < 0.9*tt.rate || got > 1.1*tt.rate {
				t.Errorf("rate measured %.0f B/s of %.0f", got, tt.rate)
			}
			if got := l.w.Target(); got < tt.min || got > tt.max {
				t.Errorf("target %d, want %d to %d", got, tt.min, tt.max)
			}
			if l.w.Stalled(l.now) {
				t.Errorf("stalled, with time-out %v", l.w.Timeout())
			}
		})
	}
}

func TestStartsFast(t *testing.T) {
	l := newLink(100e6, 50*time.Millisecond)
	l.run(time.Second)
	if got := l.w.Target(); got != DefaultCap/BlockLen {
		t.Errorf("target %d after a second", got)
	}
	for i, n := range l.batches[1:] {
		if n < Batch/2 {
			t.Errorf("batch %d has %d requests", i+1, n)
		}
	}
}

func TestFollowsTheRate(t *testing.T) {
	l := newLink(10e6, 20*time.Millisecond)
	l.run(20 * time.Second)
	fast := l.w.Target()
	l.rate = 50e3
	l.run(2 * time.Minute) // the first 84 s drain what was requested before
	slow := l.w.Target()
	if fast < 200 || slow > 8 {
		t.Errorf("targets %d, then %d", fast, slow)
	}
	l.rate = 10e6
	l.run(20 * time.Second)
	if got := l.run(5 * time.Second); got < 0.95*l.rate {
		t.Errorf("%.0f B/s after the link recovered", got)
	}
}

func TestWant(t *testing.T) {
	w := New(0)
	w.target = 200
	for out, want := range map[int]int{0: 200, 168: 32, 169: 0, 200: 0, 250: 0} {
		if got := w.Want(out); got != want {
			t.Errorf("target 200, %d outstanding: want %d, got %d", out, want, got)
		}
	}
	w.target = 10
	for out, want := range map[int]int{0: 10, 5: 5, 6: 0} {
		if got := w.Want(out); got != want {
			t.Errorf("target 10, %d outstanding: want %d, got %d", out, want, got)
		}
	}
	w.target = 2
	if got := w.Want(1); got != 1 {
		t.Errorf("target 2, 1 outstanding: got %d", got)
	}
}

func TestLimits(t *testing.T) {
	w := New(20)
	if got := w.Target(); got != 20 {
		t.Errorf("target %d with reqq 20", got)
	}
	w.SetReqq(1)
	if got := w.Want(0); got != 1 {
		t.Errorf("wants %d with reqq 1", got)
	}
	w.SetReqq(0)
	w.SetCap(4 * BlockLen)
	if got := w.Target(); got != 4 {
		t.Errorf("target %d with a cap of 4 blocks", got)
	}
	w.SetCap(0)
	if got := w.Target(); got != Min {
		t.Errorf("target %d with no cap to speak of", got)
	}
}

func TestStalled(t *testing.T) {
	w := New(0)
	if w.Stalled(epoch.Add(time.Hour)) {
		t.Error("stalled with nothing outstanding")
	}
	w.OnSent(32, epoch)
	for d, want := range map[time.Duration]bool{19: false, 21: true} {
		if got := w.Stalled(epoch.Add(d * time.Second)); got != want {
			t.Errorf("before any block, %ds: stalled is %t", d, got)
		}
	}
	now := epoch.Add(100 * time.Millisecond)
	w.OnBlocks(8, 8*BlockLen, now)
	for d, want := range map[time.Duration]bool{7: false, 9: true} {
		if got := w.Stalled(now.Add(d * time.Second)); got != want {
			t.Errorf("%ds after a block: stalled is %t", d, got)
		}
	}
	if w.Snubbed(now.Add(59*time.Second)) || !w.Snubbed(now.Add(60*time.Second)) {
		t.Error("snubbed is not after 60 s")
	}
	w.OnDropped(24)
	if w.Stalled(now.Add(time.Hour)) || w.Snubbed(now.Add(time.Hour)) {
		t.Error("stalled after everything was dropped")
	}
	// A later request starts a new wait.
	w.OnSent(1, now.Add(time.Hour))
	if w.Stalled(now.Add(time.Hour + 7*time.Second)) {
		t.Error("idle time counts as waiting")
	}
}

func TestTimeoutFollowsTheRate(t *testing.T) {
	l := newLink(1000, time.Second) // a block takes 16 s
	l.run(10 * time.Minute)
	if got := l.w.Timeout(); got != snubTime {
		t.Errorf("time-out %v at a block every 16 s", got)
	}
	l = newLink(5e3, time.Second) // a block takes 3.3 s
	l.run(10 * time.Minute)
	if got := l.w.Timeout(); got < 20*time.Second || got > snubTime {
		t.Errorf("time-out %v at a block every 3.3 s", got)
	}
}

func TestIdleTimeIsNotThePeers(t *testing.T) {
	l := newLink(1e6, 10*time.Millisecond)
	l.run(20 * time.Second)
	target := l.w.Target()
	for len(l.queue) > 0 { // let it drain
		l.now = l.queue[0]
		l.queue = l.queue[1:]
		l.w.OnBlocks(1, BlockLen, l.now)
	}
	l.now = l.now.Add(10 * time.Minute)
	l.run(600 * time.Millisecond)
	if got := l.w.Target(); got < target*9/10 {
		t.Errorf("target %d after a pause of our own, %d before", got, target)
	}
}

func TestDroppedRequestsMeasureNothing(t *testing.T) {
	w := New(0)
	w.OnSent(4, epoch)
	w.OnDropped(4)
	now := epoch.Add(10 * time.Second)
	w.OnSent(4, now)
	w.OnBlocks(1, BlockLen, now.Add(100*time.Millisecond))
	if got := w.RTT(); got != 100*time.Millisecond {
		t.Errorf("round trip %v, want 100ms", got)
	}
}

func TestRateFades(t *testing.T) {
	l := newLink(1e6, 10*time.Millisecond)
	l.run(10 * time.Second)
	if got := l.w.Rate(l.now.Add(20 * time.Second)); got > 1000 {
		t.Errorf("%.0f B/s after 20 s of silence", got)
	}
	if got := New(0).Rate(epoch); got != 0 {
		t.Errorf("%.0f B/s before anything", got)
	}
}

// TestAnyHistory checks the bounds that hold whatever happens.
func TestAnyHistory(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		reqq := rapid.IntRange(0, 600).Draw(t, "reqq")
		w := New(reqq)
		out, now := 0, epoch
		for range rapid.IntRange(1, 80).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.Int64Range(0, int64(3*time.Second)).Draw(t, "pause")))
			switch rapid.IntRange(0, 4).Draw(t, "event") {
			case 0, 1:
				n := w.Want(out)
				if n < 0 || n > 0 && out+n != w.Target() {
					t.Fatalf("wants %d with %d outstanding, target %d", n, out, w.Target())
				}
				if out == 0 && n == 0 {
					t.Fatalf("wants nothing with nothing outstanding, target %d", w.Target())
				}
				w.OnSent(n, now)
				out += n
			case 2, 3:
				n := rapid.IntRange(0, out).Draw(t, "blocks")
				w.OnBlocks(n, n*BlockLen, now)
				out -= n
			case 4:
				n := rapid.IntRange(0, out).Draw(t, "dropped")
				w.OnDropped(n)
				out -= n
			}
			target := w.Target()
			if target < 1 || target > DefaultCap/BlockLen || reqq > 0 && target > reqq {
				t.Fatalf("target %d with reqq %d", target, reqq)
			}
			if r := w.Rate(now); !(r >= 0) || w.RTT() < 0 {
				t.Fatalf("rate %v, round trip %v", r, w.RTT())
			}
			if d := w.Timeout(); d < minTimeout || d > snubTime {
				t.Fatalf("time-out %v", d)
			}
			if out == 0 && w.Stalled(now) {
				t.Fatal("stalled with nothing outstanding")
			}
		}
	})
}

// BenchmarkOnBlocks is what every received block costs.
func BenchmarkOnBlocks(b *testing.B) {
	w := New(0)
	now := epoch
	out := w.Want(0)
	w.OnSent(out, now)
	b.ReportAllocs()
	for b.Loop() {
		now = now.Add(23 * time.Microsecond)
		out--
		w.OnBlocks(1, BlockLen, now)
		if n := w.Want(out); n > 0 {
			w.OnSent(n, now)
			out += n
		}
	}
}
