package history

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/warren-p2p/warren/internal/store"
)

// start is in the middle of a step of every length.
var start = time.Date(2026, 11, 29, 15, 14, 5, 0, time.UTC)

func open(t *testing.T) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "warren.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// of returns the steps of a span, and what they come to.
func of(t *testing.T, h *History, span Span, now time.Time) (steps []Step, received, sent int64) {
	t.Helper()
	steps, err := h.Of(t.Context(), span, now)
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range steps {
		if received, sent = received+s.Received, sent+s.Sent; i > 0 && !s.At.After(steps[i-1].At) {
			t.Errorf("%s: %v comes after %v", span, s.At, steps[i-1].At)
		}
	}
	return steps, received, sent
}

// runs lets a node run for some time, in which it receives a byte a minute and sends two.
func runs(t *testing.T, h *History, now time.Time, d time.Duration) time.Time {
	t.Helper()
	for end := now.Add(d); now.Before(end); {
		now = now.Add(time.Minute)
		h.Count(now, 1, 2)
		if err := h.Save(t.Context(), now, now.Minute()%10 == 0); err != nil {
			t.Fatal(err)
		}
	}
	return now
}

// TestNextRun: what was counted is there in the next run, in whatever step it fell, and the
// time in which the node did not run is a gap.
func TestNextRun(t *testing.T) {
	s := open(t)
	h := New(s, start)
	now := runs(t, h, start, 3*time.Hour)
	steps, received, sent := of(t, h, Hour, now)
	if len(steps) != 360 || received != 60 || sent != 120 {
		t.Errorf("the hour: %d steps, %d and %d", len(steps), received, sent)
	}
	if steps, received, sent = of(t, h, Day, now); len(steps) != 19 || received != 180 || sent != 360 {
		t.Errorf("the day: %d steps, %d and %d", len(steps), received, sent)
	}
	if first := steps[0]; !first.At.Equal(start.Truncate(10*time.Minute)) || first.Received != 5 {
		t.Errorf("the day begins with %+v", first)
	}
	if err := h.Save(t.Context(), now, true); err != nil {
		t.Fatal(err)
	}

	later := now.Add(2*time.Minute + time.Second) // the same step of ten minutes
	h = New(s, later)
	h.Count(later, 100, 0)
	if _, received, _ = of(t, h, Hour, later); received != 100 {
		t.Errorf("the hour of the next run: %d", received)
	}
	steps, received, sent = of(t, h, Day, later)
	if len(steps) != 19 || received != 280 || sent != 360 || steps[18].Received != 105 {
		t.Errorf("the day of the next run: %d steps, %d and %d, %+v", len(steps), received, sent, steps[18])
	}

	later = later.Add(5 * time.Hour)
	h = New(s, later)
	for span, n := range map[Span]int{Hour: 1, Day: 20, Month: 5, Year: 1, All: 1} {
		if steps, received, _ := of(t, h, span, later); len(steps) != n || span != Hour && received != 180 {
			t.Errorf("%s, of the run after that: %d steps, %d", span, len(steps), received)
		}
	}
	if _, err := h.Of(t.Context(), "decade", later); err == nil {
		t.Error("a span that is not there")
	}
}

// TestClock: a machine that sleeps leaves a gap; a clock that is set right a little changes
// nothing; one that was years ahead spoils that time alone.
func TestClock(t *testing.T) {
	s := open(t)
	h := New(s, start)
	now := runs(t, h, start, 30*time.Minute)
	now = now.Add(4 * time.Hour)
	h.Count(now, 1, 2)
	if steps, received, _ := of(t, h, Day, now); len(steps) != 5 || received != 31 {
		t.Errorf("after sleep: %d steps, %d", len(steps), received)
	}
	h.Count(now.Add(-30*time.Second), 10, 0)
	if steps, received, _ := of(t, h, Day, now); len(steps) != 5 || received != 41 {
		t.Errorf("set right: %d steps, %d", len(steps), received)
	}
	ahead := now.AddDate(20, 0, 0)
	h.Count(ahead, 1000, 0)
	if err := h.Save(t.Context(), ahead, true); err != nil {
		t.Fatal(err)
	}
	if _, received, _ := of(t, h, All, ahead); received != 1000 {
		t.Errorf("twenty years ahead: %d", received)
	}
	h.Count(now, 100, 0)
	for _, span := range []Span{Day, Month, Year, All} {
		if _, received, _ := of(t, h, span, now); received != 141 {
			t.Errorf("%s, back again: %d", span, received)
		}
	}
	if _, received, _ := of(t, h, Hour, now); received != 111 {
		t.Errorf("hour, back again: %d", received)
	}
}

// TestBounded: however long a node runs, there are no more rows than it says.
func TestBounded(t *testing.T) {
	s := open(t)
	h := New(s, start)
	if err := s.Write(t.Context(), func(q store.Querier) error {
		_, err := q.ExecContext(t.Context(), `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
			INSERT INTO moved SELECT step, ? / step * step - i * step, 1, 1 FROM n, (SELECT 600 AS step UNION SELECT 3600 UNION SELECT 86400)`, start.Unix())
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if err := h.Save(t.Context(), start, true); err != nil {
		t.Fatal(err)
	}
	var rows int
	if err := s.Read(t.Context(), func(q store.Querier) error {
		return q.QueryRowContext(t.Context(), "SELECT count(*) FROM moved").Scan(&rows)
	}); err != nil {
		t.Fatal(err)
	}
	if want := 144 + 31*24 + 2*366; rows != want {
		t.Errorf("%d rows, want %d", rows, want)
	}
	for span, want := range map[Span]int{Day: 144, Month: 31 * 24, Year: 366, All: 2 * 366} {
		if steps, received, _ := of(t, h, span, start); len(steps) != want || received != int64(want)-1 {
			t.Errorf("%s: %d steps, %d", span, len(steps), received)
		}
	}
}

// TestNotSaved: what cannot be written down waits, in steps of which there are only so
// many, and is written down later.
func TestNotSaved(t *testing.T) {
	s := open(t)
	h := New(s, start)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	now := start
	for range 400 {
		now = now.Add(time.Minute)
		h.Count(now, 1, 0)
		if err := h.Save(gone, now, now.Minute()%10 == 0); (err != nil) != (now.Minute()%10 == 0) {
			t.Fatalf("at %v: %v", now, err)
		}
	}
	if _, received, _ := of(t, h, Day, now); received != 400 {
		t.Errorf("%d wait", received)
	}
	if err := h.Save(t.Context(), now, true); err != nil {
		t.Fatal(err)
	}
	if _, received, _ := of(t, New(s, now), Day, now); received != 400 {
		t.Errorf("%d were written down", received)
	}
	for i := range h.kept {
		if s := h.kept[i]; len(s.steps) > s.most {
			t.Errorf("%d steps of %v", len(s.steps), s.each)
		}
	}
}
