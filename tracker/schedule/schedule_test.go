package schedule_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/warren-p2p/warren/tracker/message"
	"github.com/warren-p2p/warren/tracker/schedule"
)

// bench is a schedule with a clock of its own.
type bench struct {
	*testing.T
	*schedule.Schedule
	now time.Time
}

func newBench(t *testing.T, cfg schedule.Config) *bench {
	cfg.Rand = rand.New(rand.NewPCG(1, 2))
	start := time.Unix(1_000_000, 0)
	return &bench{T: t, Schedule: schedule.New(cfg, start), now: start}
}

func tiers(list ...[]string) (out [][]schedule.Tracker) {
	for _, tier := range list {
		var all []schedule.Tracker
		for _, url := range tier {
			all = append(all, schedule.Tracker{URL: url})
		}
		out = append(out, all)
	}
	return out
}

// add adds a torrent that has begun.
func (b *bench) add(state schedule.State, list ...[]string) schedule.ID {
	id := b.Add(tiers(list...), 1)
	b.Set(id, state, b.now)
	return id
}

// next expects an announce now.
func (b *bench) next(id schedule.ID, url string, event message.Event) schedule.Job {
	b.Helper()
	job, ok := b.Next(b.now)
	if !ok {
		wake, ok := b.Wake(b.now)
		b.Fatalf("nothing to do before %v, %v", wake.Sub(b.now), ok)
	}
	if job.ID != id || url != "" && job.Tracker.URL != url || job.Event != event {
		b.Fatalf("%d announces %q to %s; want %d %q %s", job.ID, job.Event, job.Tracker.URL, id, event, url)
	}
	return job
}

// nothing expects no announce now.
func (b *bench) nothing() {
	b.Helper()
	if job, ok := b.Next(b.now); ok {
		b.Fatalf("%d announces %q to %s", job.ID, job.Event, job.Tracker.URL)
	}
}

// wait goes on to when there may be something to do, and returns how long that
// was.
func (b *bench) wait() time.Duration {
	b.Helper()
	b.nothing()
	wake, ok := b.Wake(b.now)
	if !ok || !wake.After(b.now) {
		b.Fatalf("waits until %v, %v", wake.Sub(b.now), ok)
	}
	d := wake.Sub(b.now)
	b.now = wake
	return d
}

func good(interval time.Duration) schedule.Outcome {
	return schedule.Outcome{Interval: interval, Seeders: 3, Leechers: 4, Peers: 2}
}

var errRefused = errors.New("refused")

func down() schedule.Outcome    { return schedule.Outcome{Err: errRefused, Down: true} }
func refused() schedule.Outcome { return schedule.Outcome{Err: errRefused} }

// between checks a pause with its jitter.
func (b *bench) between(d, least, most time.Duration) {
	b.Helper()
	if d < least || d > most {
		b.Errorf("waits %v, not %v to %v", d, least, most)
	}
}

func TestLife(t *testing.T) {
	b := newBench(t, schedule.Config{})
	id := b.Add(tiers([]string{"http://a/"}), 1)
	b.nothing()
	if _, ok := b.Wake(b.now); ok {
		t.Error("waits for nothing")
	}
	b.Set(id, schedule.Downloading, b.now)
	job := b.next(id, "http://a/", message.Started)
	b.nothing()
	b.Done(job, good(10*time.Minute), b.now)
	b.between(b.wait(), 10*time.Minute, 10*time.Minute+30*time.Second)
	b.Done(b.next(id, "http://a/", message.None), good(10*time.Minute), b.now)

	b.Set(id, schedule.Seeding, b.now)
	b.nothing()
	b.Completed(id, b.now)
	b.Done(b.next(id, "http://a/", message.Completed), good(0), b.now)
	b.between(b.wait(), 30*time.Minute, 32*time.Minute) // not told: the usual

	job = b.next(id, "http://a/", message.None)
	b.Set(id, schedule.Off, b.now) // meanwhile
	b.Done(job, good(0), b.now)
	b.Done(b.next(id, "http://a/", message.Stopped), down(), b.now)
	b.nothing() // one attempt is enough
	b.Set(id, schedule.Seeding, b.now)
	b.Done(b.next(id, "http://a/", message.Started), good(0), b.now)
	b.Remove(id, b.now)
	if !b.Has(id) {
		t.Error("forgotten before the tracker was told")
	}
	b.Done(b.next(id, "http://a/", message.Stopped), good(0), b.now)
	if b.Has(id) || !b.Idle() {
		t.Error("not forgotten")
	}
}

// What trackers ask for is bounded.
func TestIntervals(t *testing.T) {
	for _, c := range []struct {
		name        string
		out         schedule.Outcome
		least, most time.Duration
	}{
		{"too short", good(time.Second), time.Minute, 63 * time.Second},
		{"too long", good(1000 * time.Hour), 2 * time.Hour, 126 * time.Minute},
		{"nobody found, may ask", schedule.Outcome{Interval: time.Hour, MinInterval: 5 * time.Minute}, 5 * time.Minute, 6 * time.Minute},
		{"nobody found, may ask at once", schedule.Outcome{Interval: time.Hour, MinInterval: 1}, time.Minute, 63 * time.Second},
		{"nobody found, not told", schedule.Outcome{Interval: time.Hour}, time.Hour, 63 * time.Minute},
		{"refused", refused(), time.Minute, 75 * time.Second},
		{"down", down(), 15 * time.Second, 19 * time.Second},
		{"retry in", schedule.Outcome{Err: errRefused, RetryIn: 3 * time.Hour}, 3 * time.Hour, 3*time.Hour + 45*time.Minute},
		{"retry in a year", schedule.Outcome{Err: errRefused, RetryIn: 9999 * time.Hour}, 24 * time.Hour, 30 * time.Hour},
	} {
		b := newBench(t, schedule.Config{})
		id := b.add(schedule.Downloading, []string{"http://a/"})
		b.Done(b.next(id, "", message.Started), c.out, b.now)
		if d := b.wait(); d < c.least || d > c.most {
			t.Errorf("%s: waits %v", c.name, d)
		}
	}
	b := newBench(t, schedule.Config{})
	id := b.add(schedule.Downloading, []string{"http://a/"})
	b.Done(b.next(id, "", message.Started), schedule.Outcome{Err: errRefused, Never: true}, b.now)
	b.nothing()
	if wake, ok := b.Wake(b.now); ok {
		t.Errorf("asks again in %v what was not to be asked again", wake.Sub(b.now))
	}
}

func TestWant(t *testing.T) {
	b := newBench(t, schedule.Config{})
	id := b.add(schedule.Seeding, []string{"http://a/"})
	out := good(time.Hour)
	out.MinInterval = 5 * time.Minute
	b.Done(b.next(id, "", message.Started), out, b.now)
	b.now = b.now.Add(time.Minute)
	b.Want(id, b.now)
	b.between(b.wait(), 4*time.Minute, 4*time.Minute)
	b.Done(b.next(id, "", message.None), out, b.now)
	b.now = b.now.Add(10 * time.Minute)
	b.Set(id, schedule.Downloading, b.now) // more was made wanted
	b.next(id, "", message.None)
}

// The first tier comes first, in it whoever answered last (BEP 12).
func TestTiers(t *testing.T) {
	b := newBench(t, schedule.Config{})
	first, second := []string{"http://a/", "http://b/", "http://c/"}, []string{"http://d/"}
	id := b.add(schedule.Seeding, first, second)
	seen := map[string]bool{}
	for range 3 {
		job := b.next(id, "", message.Started)
		if !slices.Contains(first, job.Tracker.URL) || seen[job.Tracker.URL] {
			t.Fatalf("asks %s", job.Tracker.URL)
		}
		seen[job.Tracker.URL] = true
		b.Done(job, refused(), b.now)
	}
	b.Done(b.next(id, "http://d/", message.Started), good(time.Hour), b.now)
	b.wait()
	job := b.next(id, "", message.Started) // the first tier again
	b.Done(job, refused(), b.now)
	last := b.next(id, "", message.Started)
	b.Done(last, good(time.Hour), b.now)
	b.wait()
	b.Done(b.next(id, last.Tracker.URL, message.None), good(time.Hour), b.now)
	if list, next := b.Status(id); list[0].URL != last.Tracker.URL || list[3].URL != "http://d/" || !next.After(b.now) || list[0].Seeders != 3 || list[0].Err != nil {
		t.Errorf("%+v, %v", list, next)
	}

	// All that know it are told.
	b.Remove(id, b.now)
	b.Done(b.next(id, last.Tracker.URL, message.Stopped), good(0), b.now)
	b.Done(b.next(id, "http://d/", message.Stopped), good(0), b.now)
	b.nothing()
}

func TestShuffle(t *testing.T) {
	b := newBench(t, schedule.Config{})
	seen := map[string]int{}
	for range 300 {
		id := b.Add(tiers([]string{"http://a/", "http://b/", "http://c/"}), 1)
		list, _ := b.Status(id)
		seen[list[0].URL]++
	}
	for url, n := range seen {
		if n < 50 {
			t.Errorf("%s is first %d times of 300", url, n)
		}
	}
	if len(seen) != 3 {
		t.Error(seen)
	}
}

// Pauses after failures double, and end.
func TestBackoff(t *testing.T) {
	b := newBench(t, schedule.Config{})
	id := b.add(schedule.Seeding, []string{"http://a/"})
	want := time.Minute
	for n := range 12 {
		b.Done(b.next(id, "", message.Started), refused(), b.now)
		if n > 2 {
			want = min(15*time.Second<<n, time.Hour)
		}
		b.between(b.wait(), want, want*5/4+1)
	}
	b.Done(b.next(id, "", message.Started), good(time.Hour), b.now)
	b.wait()
	b.Done(b.next(id, "", message.None), refused(), b.now)
	b.between(b.wait(), time.Minute, 75*time.Second)
}

// Downloads come first, then what is told once, then what nobody knows yet.
func TestOrder(t *testing.T) {
	b := newBench(t, schedule.Config{AtOnce: 1})
	known := b.add(schedule.Seeding, []string{"http://a/"})
	out := good(time.Hour)
	b.Done(b.next(known, "", message.Started), out, b.now)
	told := b.add(schedule.Seeding, []string{"http://b/"})
	b.Done(b.next(told, "", message.Started), out, b.now)
	b.now = b.now.Add(2 * time.Hour)
	hold := b.add(schedule.Downloading, []string{"http://z/"})
	job := b.next(hold, "", message.Started)
	b.Set(told, schedule.Off, b.now)
	fresh := b.add(schedule.Seeding, []string{"http://c/"})
	download := b.add(schedule.Downloading, []string{"http://d/"})
	b.nothing()
	b.Done(job, out, b.now)
	for _, want := range []struct {
		id    schedule.ID
		event message.Event
	}{{download, message.Started}, {told, message.Stopped}, {fresh, message.Started}, {known, message.None}} {
		b.Done(b.next(want.id, "", want.event), out, b.now)
	}
}

// A host that fails is left alone by all torrents, then tried with one announce.
func TestHostDown(t *testing.T) {
	b := newBench(t, schedule.Config{})
	const n = 100
	for i := range n {
		b.add(schedule.Seeding, []string{fmt.Sprintf("http://down/%d", i)}, []string{"http://up/"})
	}
	asked := map[string]int{}
	for range 10_000 {
		job, ok := b.Next(b.now)
		if !ok {
			wake, ok := b.Wake(b.now)
			if !ok || wake.Sub(b.now) > 10*time.Minute {
				break
			}
			b.now = wake
			continue
		}
		out := good(time.Hour)
		if job.Tracker.URL != "http://up/" {
			asked["down"]++
			out = down()
		} else {
			asked["up"]++
		}
		b.Done(job, out, b.now)
	}
	if asked["up"] != n || asked["down"] > 10 {
		t.Errorf("asked %v", asked)
	}
	if list, _ := b.Status(1); list[0].Err == nil || list[1].Err != nil {
		t.Errorf("%+v", list)
	}
}

func TestCutOff(t *testing.T) {
	b := newBench(t, schedule.Config{})
	id := b.add(schedule.Downloading, []string{"http://a/"})
	job := b.next(id, "", message.Started)
	b.Drain(b.now)
	b.nothing()
	b.Done(job, schedule.Outcome{Err: errRefused, Cut: true}, b.now)
	b.Done(b.next(id, "", message.Stopped), good(0), b.now) // it may have heard it
	if !b.Idle() {
		t.Error("not over")
	}
	b.Set(b.Add(tiers([]string{"http://a/"}), 1), schedule.Downloading, b.now)
	b.nothing()
}

// A hostile list of trackers is cut.
func TestManyTrackers(t *testing.T) {
	b := newBench(t, schedule.Config{})
	var list [][]string
	for i := range 10_000 {
		list = append(list, []string{fmt.Sprintf("http://%d/", i), "http://0/"})
	}
	got, _ := b.Status(b.Add(tiers(list...), 1))
	if len(got) != 64 {
		t.Errorf("%d trackers", len(got))
	}
}

// TestMemory: ten thousand torrents with two trackers that wait.
func TestMemory(t *testing.T) {
	const n = 10_000
	b := newBench(t, schedule.Config{Rate: 1e6, HostRate: 1e6})
	pair := [][]schedule.Tracker{{{URL: "http://tracker.example/announce"}}, {{URL: "udp://other.example:6969"}}}
	before := heap()
	for range n {
		b.Set(b.Add(pair, 2), schedule.Seeding, b.now)
	}
	for job, ok := b.Next(b.now); ok; job, ok = b.Next(b.now) {
		b.Done(job, good(time.Hour), b.now)
		b.now = b.now.Add(time.Millisecond)
	}
	per := (heap() - before) / n
	t.Logf("%d bytes a torrent", per)
	if per > 300 {
		t.Errorf("%d bytes a torrent", per)
	}
	runtime.KeepAlive(b)
}

func heap() int {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}
