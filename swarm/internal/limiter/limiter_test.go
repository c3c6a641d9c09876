package limiter

import (
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var epoch = time.Unix(1_700_000_000, 0)

func TestReserve(t *testing.T) {
	const block = 16 << 10
	for _, tt := range []struct {
		name string
		rate int64
		want []time.Duration // of successive blocks, all reserved at once
	}{
		{"unlimited", Unlimited, []time.Duration{0, 0, 0}},
		{"one block a second", block, []time.Duration{0, time.Second, 2 * time.Second}},
		{"1 KB/s", 1000, []time.Duration{0, 16384 * time.Millisecond, 32768 * time.Millisecond}},
		{"burst of ten blocks", 100 * block, []time.Duration{
			0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10 * time.Millisecond, 20 * time.Millisecond,
		}},
		{"10 GB/s", 10e9, []time.Duration{0, 0, 0}},
	} {
		b := New(tt.rate, epoch)
		for i, want := range tt.want {
			if got := b.Reserve(block, epoch); got != want {
				t.Errorf("%s: block %d waits %v, want %v", tt.name, i, got, want)
			}
		}
	}
}

func TestTreeTakesTheLongestWait(t *testing.T) {
	node := New(50_000, epoch)
	torrent := node.Child(Unlimited, epoch)
	class := torrent.Child(20_000, epoch)
	class.Reserve(20_000, epoch)
	if got := class.Reserve(16_384, epoch); got != time.Second {
		t.Errorf("class waits %v, want 1s", got)
	}
	// The node has 16,384 of burst and 36,384 taken.
	if got := torrent.Reserve(5000, epoch); got != 500*time.Millisecond {
		t.Errorf("torrent waits %v, want 500ms", got)
	}
	if got := node.Child(Unlimited, epoch).Reserve(0, epoch); got != 500*time.Millisecond {
		t.Errorf("another torrent waits %v, want 500ms", got)
	}
}

func TestRateChangesAtOnce(t *testing.T) {
	b := New(1000, epoch)
	b.Reserve(16<<10, epoch)
	changed := b.Changed()
	if got := b.Reserve(10_000, epoch); got != 10*time.Second {
		t.Fatalf("waits %v, want 10s", got)
	}
	now := epoch.Add(2 * time.Second)
	b.SetRate(4000, now)
	select {
	case <-changed:
	default:
		t.Error("Changed was not closed")
	}
	b.Return(10_000, now)
	if got := b.Reserve(10_000, now); got != 2*time.Second {
		t.Errorf("waits %v after the change, want 2s", got)
	}
	b.SetRate(Unlimited, now)
	if got := b.Reserve(1<<30, now); got != 0 {
		t.Errorf("waits %v without a limit", got)
	}
	b.SetRate(-5, now)
	if b.Rate() != Unlimited {
		t.Errorf("rate %d", b.Rate())
	}
	select {
	case <-b.Changed():
		t.Error("Changed is closed without a change")
	default:
	}
}

// TestClocksDiffer reserves with a time read before that of another caller, who
// was faster to take the lock.
func TestClocksDiffer(t *testing.T) {
	b := New(1000, epoch)
	b.Reserve(16<<10, epoch.Add(time.Second))
	if got := b.Reserve(1000, epoch); got != 2*time.Second {
		t.Errorf("waits %v, want 2s", got)
	}
}

func TestReturnNeverExceedsBurst(t *testing.T) {
	b := New(1000, epoch)
	b.Return(1<<30, epoch)
	if got := b.Reserve(16<<10, epoch); got != 0 {
		t.Errorf("burst waits %v", got)
	}
	if got := b.Reserve(1000, epoch); got != time.Second {
		t.Errorf("waits %v, want 1s", got)
	}
}

// ledger notes what a bucket released, and when.
type ledger struct {
	bucket *Bucket
	rate   int64
	sum    int64
}

// TestNeverMoreThanRateAndBurst runs random transfers through a random tree: of
// each bucket, what was released by any time t is at most rate*t plus burst, and
// a bucket that is asked for more than that all the time is used in full.
func TestNeverMoreThanRateAndBurst(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rates := []int64{Unlimited, 1000, 50_000, 3_000_000, 1_000_000_000, 10_000_000_000}
		draw := func(name string) int64 { return rapid.SampledFrom(rates).Draw(t, name) }
		all := []*ledger{{bucket: New(draw("root"), epoch)}}
		for range rapid.IntRange(0, 4).Draw(t, "children") {
			parent := rapid.SampledFrom(all).Draw(t, "parent")
			all = append(all, &ledger{bucket: parent.bucket.Child(draw("rate"), epoch)})
		}
		of := map[*Bucket]*ledger{}
		for _, l := range all {
			l.rate = l.bucket.Rate()
			of[l.bucket] = l
		}
		now := epoch
		for range rapid.IntRange(1, 60).Draw(t, "transfers") {
			now = now.Add(time.Duration(rapid.Int64Range(0, int64(time.Second)).Draw(t, "pause")))
			b := rapid.SampledFrom(all).Draw(t, "bucket").bucket
			n := rapid.IntRange(0, 1<<20).Draw(t, "bytes")
			at := now.Add(b.Reserve(n, now)).Sub(epoch)
			for ; b != nil; b = b.parent.Load() {
				l := of[b]
				l.sum += int64(n)
				bound := float64(l.rate)*at.Seconds() + float64(b.Burst()) + 1
				if l.rate != Unlimited && float64(l.sum) > bound {
					t.Fatalf("%d bytes after %v at %d B/s, burst %d", l.sum, at, l.rate, b.Burst())
				}
			}
		}
	})
}

// TestSaturates checks the other side: a bucket with work all the time releases
// all that its rate allows.
func TestSaturates(t *testing.T) {
	for _, rate := range []int64{1000, 1 << 20, 1e9, 10e9} {
		b := New(rate, epoch)
		now, sum := epoch, int64(0)
		n := int(max(rate/100, 1000))
		for now.Sub(epoch) < 100*time.Second {
			now = now.Add(b.Reserve(n, now))
			sum += int64(n)
		}
		if got := float64(sum) / now.Sub(epoch).Seconds(); got < 0.99*float64(rate) {
			t.Errorf("%.0f B/s of %d", got, rate)
		}
	}
}

// TestTakesTurns lets connections with one reservation at a time share a bucket.
func TestTakesTurns(t *testing.T) {
	const peers = 5
	b := New(1_000_000, epoch)
	rng := rand.New(rand.NewPCG(1, 1))
	var due [peers]time.Time
	var got [peers]int
	for i := range due {
		due[i] = epoch
	}
	for range 5000 {
		next := rng.IntN(peers)
		for i := range due {
			if due[i].Before(due[next]) {
				next = i
			}
		}
		got[next]++
		due[next] = due[next].Add(b.Reserve(16<<10, due[next]))
	}
	for i, n := range got {
		if n < 900 || n > 1100 {
			t.Errorf("peer %d had %d of 5000 turns", i, n)
		}
	}
}

func TestConcurrent(t *testing.T) {
	root := New(1<<20, epoch)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			b := root.Child(Unlimited, epoch)
			for i := range 200 {
				now := epoch.Add(time.Duration(i) * time.Millisecond)
				b.Reserve(100, now)
				b.SetRate(int64(i)*1000, now)
				b.Changed()
				b.Return(10, now)
			}
		})
	}
	wg.Wait()
	// 8 children have taken 90 bytes 200 times, of which the burst and what has
	// flowed in may have covered everything or, whatever the order, nothing.
	now := epoch.Add(199 * time.Millisecond)
	if wait := root.Reserve(1<<20, now); wait < 890*time.Millisecond || wait > 1050*time.Millisecond {
		t.Errorf("waits %v", wait)
	}
}

func BenchmarkUnlimited(b *testing.B) {
	bucket := New(Unlimited, epoch).Child(Unlimited, epoch).Child(Unlimited, epoch)
	b.ReportAllocs()
	for b.Loop() {
		bucket.Reserve(16<<10, epoch)
	}
}

func BenchmarkReserve(b *testing.B) {
	bucket := New(1e9, epoch).Child(1e9, epoch).Child(1e9, epoch)
	now := epoch
	b.ReportAllocs()
	for b.Loop() {
		now = now.Add(16 * time.Microsecond)
		bucket.Reserve(16<<10, now)
	}
}
