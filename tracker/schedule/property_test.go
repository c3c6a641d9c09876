package schedule_test

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/warren-p2p/warren/tracker/message"
	"github.com/warren-p2p/warren/tracker/schedule"
)

// model is what a tracker and a network would see.
type model struct {
	*rapid.T
	s     *schedule.Schedule
	cfg   schedule.Config
	now   time.Time
	ids   []schedule.ID
	state map[schedule.ID]schedule.State
	fly   []schedule.Job
	busy  map[schedule.ID]bool
	host  map[string]int // announces under way
	sent  []time.Time
	knows map[string]bool      // torrent and tracker: Started without Stopped
	calm  map[string]time.Time // torrent and tracker: not to be asked before
}

func newModel(t *rapid.T) *model {
	cfg := schedule.Config{
		Rate: float64(rapid.IntRange(1, 20).Draw(t, "rate")), HostRate: float64(rapid.IntRange(1, 20).Draw(t, "host rate")),
		AtOnce: rapid.IntRange(1, 6).Draw(t, "at once"), HostAtOnce: rapid.IntRange(1, 3).Draw(t, "host at once"),
		Rand: rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0)),
	}
	m := &model{
		T: t, cfg: cfg, now: time.Unix(0, 0), state: map[schedule.ID]schedule.State{}, busy: map[schedule.ID]bool{},
		host: map[string]int{}, knows: map[string]bool{}, calm: map[string]time.Time{},
	}
	m.s = schedule.New(cfg, m.now)
	return m
}

func key(j schedule.Job) string { return fmt.Sprint(j.ID, j.Tracker.URL) }

func hostOf(j schedule.Job) string {
	u, _ := url.Parse(j.Tracker.URL)
	return u.Host
}

func (m *model) add(t *rapid.T) {
	var list [][]schedule.Tracker
	for range rapid.IntRange(1, 3).Draw(t, "tiers") {
		var tier []schedule.Tracker
		for range rapid.IntRange(1, 3).Draw(t, "trackers") {
			tier = append(tier, schedule.Tracker{URL: fmt.Sprintf("http://%d/%d", rapid.IntRange(0, 3).Draw(t, "host"), rapid.IntRange(0, 3).Draw(t, "path"))})
		}
		list = append(list, tier)
	}
	id := m.s.Add(list, 1)
	m.ids = append(m.ids, id)
}

func (m *model) pick(t *rapid.T) schedule.ID {
	if len(m.ids) == 0 {
		t.Skip("no torrent")
	}
	return rapid.SampledFrom(m.ids).Draw(t, "torrent")
}

// start starts all that may start.
func (m *model) start() {
	for job, ok := m.s.Next(m.now); ok; job, ok = m.s.Next(m.now) {
		m.check(job)
		m.fly = append(m.fly, job)
		m.busy[job.ID] = true
		m.host[hostOf(job)]++
		m.sent = append(m.sent, m.now)
	}
}

func (m *model) check(job schedule.Job) {
	switch {
	case m.busy[job.ID]:
		m.Fatalf("torrent %d has two announces under way", job.ID)
	case len(m.fly) >= m.cfg.AtOnce, m.host[hostOf(job)] >= m.cfg.HostAtOnce:
		m.Fatalf("too many at once: %d, %v", len(m.fly), m.host)
	}
	recent := 0
	for _, at := range m.sent {
		if m.now.Sub(at) < time.Second {
			recent++
		}
	}
	if recent > int(2*m.cfg.Rate) {
		m.Fatalf("%d within a second", recent)
	}
	known := m.knows[key(job)]
	switch job.Event {
	case message.Stopped:
		if !known || m.state[job.ID] != schedule.Off {
			m.Fatalf("stops what has not begun or goes on: %+v", job)
		}
		return
	case message.Started:
		if known {
			m.Fatalf("starts twice: %+v", job)
		}
	case message.Completed, message.None:
		if !known {
			m.Fatalf("%q before it started: %+v", job.Event, job)
		}
	}
	if m.state[job.ID] == schedule.Off {
		m.Fatalf("announces what is off: %+v", job)
	}
	if calm := m.calm[key(job)]; m.now.Before(calm) && job.Event == message.None {
		m.Fatalf("%v too early: %+v", calm.Sub(m.now), job)
	}
}

func (m *model) done(t *rapid.T) {
	if len(m.fly) == 0 {
		t.Skip("nothing under way")
	}
	i := rapid.IntRange(0, len(m.fly)-1).Draw(t, "which")
	job := m.fly[i]
	m.fly = append(m.fly[:i:i], m.fly[i+1:]...)
	delete(m.busy, job.ID)
	m.host[hostOf(job)]--
	var out schedule.Outcome
	switch rapid.IntRange(0, 4).Draw(t, "outcome") {
	case 0:
		out = schedule.Outcome{Err: errRefused, Down: true}
	case 1:
		out = schedule.Outcome{Err: errRefused}
	default:
		out = good(time.Duration(rapid.IntRange(0, 5000).Draw(t, "interval")) * time.Second)
		m.calm[key(job)] = m.now.Add(min(max(out.Interval, time.Minute), 2*time.Hour))
		if out.Interval == 0 {
			m.calm[key(job)] = m.now.Add(30 * time.Minute)
		}
		m.knows[key(job)] = true
	}
	if job.Event == message.Stopped {
		delete(m.knows, key(job))
	}
	m.s.Done(job, out, m.now)
}

func (m *model) set(t *rapid.T) {
	id := m.pick(t)
	state := rapid.SampledFrom([]schedule.State{schedule.Off, schedule.Seeding, schedule.Downloading}).Draw(t, "state")
	if m.state[id] == schedule.Off && state != schedule.Off {
		for k := range m.calm { // it begins anew
			if m.belongs(k, id) {
				delete(m.calm, k)
			}
		}
	}
	m.s.Set(id, state, m.now)
	m.state[id] = state
}

func (m *model) belongs(k string, id schedule.ID) bool {
	var of schedule.ID
	_, _ = fmt.Sscan(k, &of)
	return of == id
}

func (m *model) pass(t *rapid.T) {
	m.start()
	wake, ok := m.s.Wake(m.now)
	if ok && wake.Before(m.now) {
		t.Fatalf("wakes in the past: %v", wake.Sub(m.now))
	}
	if ok && !wake.After(m.now) {
		t.Fatalf("wakes now and has nothing to do")
	}
	if ok && rapid.Bool().Draw(t, "until it wakes") {
		m.now = wake
	} else {
		m.now = m.now.Add(time.Duration(rapid.IntRange(1, 7200).Draw(t, "seconds")) * time.Second)
	}
	m.start()
}

// Whatever happens, the budget is kept, trackers are told in order and not asked
// too early, and in the end all of them know that it is over.
func TestProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := newModel(t)
		t.Repeat(map[string]func(*rapid.T){
			"add": m.add, "set": m.set, "done": m.done, "pass": m.pass,
			"completed": func(t *rapid.T) { m.s.Completed(m.pick(t), m.now) },
		})
		m.s.Drain(m.now)
		for _, id := range m.ids {
			m.state[id] = schedule.Off
		}
		for range 10_000 {
			m.sent = nil // the rate does not hold any more
			m.start()
			if len(m.fly) == 0 {
				break
			}
			job := m.fly[0]
			m.fly = m.fly[1:]
			delete(m.busy, job.ID)
			m.host[hostOf(job)]--
			if job.Event == message.Stopped {
				delete(m.knows, key(job))
			} else {
				m.knows[key(job)] = true
			}
			m.s.Done(job, good(0), m.now)
		}
		if !m.s.Idle() || len(m.knows) > 0 {
			t.Fatalf("not all were told: %v", m.knows)
		}
		for _, id := range m.ids {
			if m.s.Has(id) {
				t.Fatalf("torrent %d is still there", id)
			}
		}
	})
}

// Every torrent gets its turn, whatever comes first.
func TestTenThousand(t *testing.T) {
	b := newBench(t, schedule.Config{})
	const n = 10_000
	begun := b.now
	for i := range n {
		state := schedule.Seeding
		if i%1000 == 999 {
			state = schedule.Downloading
		}
		b.add(state, []string{fmt.Sprintf("http://%d/", i%5)})
	}
	seen := map[schedule.ID]bool{}
	perSecond := map[int64]int{}
	for len(seen) < n {
		job, ok := b.Next(b.now)
		if !ok {
			b.wait()
			continue
		}
		if len(seen) < 10 && job.ID%1000 != 0 {
			t.Fatalf("torrent %d comes before a download", job.ID)
		}
		seen[job.ID] = true
		perSecond[b.now.Unix()]++
		b.Done(job, good(30*time.Minute), b.now)
	}
	if took := b.now.Sub(begun); took > 5*time.Minute {
		t.Errorf("took %v", took)
	}
	for at, n := range perSecond {
		if n > 80 {
			t.Errorf("%d announces within second %d", n, at)
		}
	}
}
