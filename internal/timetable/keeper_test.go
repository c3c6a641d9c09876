package timetable

import (
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/store"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("database/sql.(*DB).connectionOpener"))
}

// applied is what a keeper has said so far.
type applied struct {
	mu   sync.Mutex
	list []string
}

func (a *applied) apply(n Now) {
	s := fmt.Sprintf("%d/%d", n.Up, n.Down)
	if n.Pause {
		s += " paused"
	}
	if n.Alternative {
		s += " alternative"
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.list = append(a.list, s)
}

func (a *applied) take() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	s := strings.Join(a.list, "; ")
	a.list = nil
	return s
}

func config(t testing.TB, a *applied, text string) Config {
	return Config{
		Plan: plan(t, time.UTC, text), Usual: Limits{10, 100}, Alternative: Limits{1, 2},
		Clock: clock.System{}, Log: slog.New(slog.DiscardHandler), Apply: a.apply,
	}
}

// Time in a bubble begins on Saturday, 1 January 2000, midnight UTC.
func TestKeeper(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var a applied
		k, err := New(t.Context(), config(t, &a, "sat 01:00-03:00 up 5B\nsat 02:00-04:00 alternative\nsun 00:00-01:00 pause"))
		if err != nil {
			t.Fatal(err)
		}
		defer k.Close()
		step := func(d time.Duration, want string) {
			t.Helper()
			time.Sleep(d)
			synctest.Wait()
			if got := a.take(); got != want {
				t.Errorf("%s: %q, want %q", time.Now().UTC().Format("Mon 15:04"), got, want)
			}
		}
		by := func(on bool) {
			t.Helper()
			if err := k.SetAlternative(t.Context(), on); err != nil {
				t.Fatal(err)
			}
		}
		step(0, "10/100")
		if want := time.Date(2000, 1, 1, 1, 0, 0, 0, time.UTC); !k.Next().Equal(want) {
			t.Error(k.Next())
		}
		step(59*time.Minute+59*time.Second, "")
		step(2*time.Second, "5/100")
		step(time.Hour, "1/2 alternative")
		by(false)
		step(0, "5/100")
		by(false)
		step(0, "")
		step(time.Hour, "10/100") // 03:00
		by(true)
		step(0, "1/2 alternative")
		by(false)
		step(0, "10/100")
		step(time.Hour, "")
		by(true)
		step(0, "1/2 alternative")
		step(20*time.Hour, "1/2 paused alternative") // Sunday
		step(6*24*time.Hour, "1/2 alternative")      // Saturday again, before the plan says anything else
		k.SetLimits(Limits{20, 200}, Limits{3, 4})
		step(0, "3/4 alternative")
		step(4*time.Hour, "20/200") // the plan had its turn meanwhile: alternative, and not any more
		k.SetPlan(nil)
		step(21*time.Hour, "")
		if n := k.Now(); n != (Now{Limits: Limits{20, 200}}) || !k.Next().IsZero() || k.Plan() != nil {
			t.Error(n, k.Next())
		}
		if usual, alternative := k.Limits(); usual.Up != 20 || alternative.Up != 3 {
			t.Error(usual, alternative)
		}
	})
}

// What was said by hand outlives the node, until the plan has changed its mind.
func TestByHandIsKept(t *testing.T) {
	s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	wall := clock.NewManual(time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC))
	open := func() (*Keeper, *applied) {
		a := new(applied)
		cfg := config(t, a, "daily 20:00-22:00 alternative")
		cfg.Store, cfg.Clock = s, wall
		k, err := New(t.Context(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(k.Close)
		return k, a
	}
	k, _ := open()
	if err := k.SetAlternative(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	wall.Pass(time.Hour)
	if _, a := open(); a.take() != "1/2 alternative" {
		t.Error("forgotten")
	}
	wall.Pass(9*time.Hour + time.Minute) // 22:01
	if _, a := open(); a.take() != "10/100" {
		t.Error("the plan has changed its mind twice meanwhile")
	}
	if err := s.Write(t.Context(), func(q store.Querier) error {
		_, err := q.ExecContext(t.Context(), "UPDATE automation SET value = 'nonsense'")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := New(t.Context(), Config{Store: s, Clock: wall, Log: slog.New(slog.DiscardHandler), Apply: func(Now) {}}); err == nil {
		t.Error("nonsense in the store goes unnoticed")
	}
}

// What holds now holds until something else does, be that by hand or by the plan.
func TestUntil(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var a applied
		k, err := New(t.Context(), config(t, &a, "sat 01:00-03:00 up 10B\nsat 02:00-04:00 alternative\nsun 00:00-01:00 pause"))
		if err != nil {
			t.Fatal(err)
		}
		defer k.Close()
		check := func(hand bool, want string) {
			t.Helper()
			got := "never"
			if at := k.Until(); !at.IsZero() {
				got = at.UTC().Format("Mon 15:04")
			}
			if got != want || k.ByHand() != hand {
				t.Errorf("%s: until %s, by hand %v, want %s", time.Now().UTC().Format("Mon 15:04"), got, k.ByHand(), want)
			}
		}
		by := func(on bool) {
			t.Helper()
			if err := k.SetAlternative(t.Context(), on); err != nil {
				t.Fatal(err)
			}
		}
		check(false, "Sat 02:00") // at one a rule says what holds anyway
		by(true)
		check(true, "Sat 04:00") // at two the plan says so as well, and takes over
		by(false)
		check(false, "Sat 02:00")
		time.Sleep(2*time.Hour + 30*time.Minute)
		check(false, "Sat 04:00")
		by(false)
		check(true, "Sun 00:00")
		time.Sleep(2 * time.Hour)
		check(false, "Sun 00:00")
		k.SetPlan(nil)
		check(false, "never")
		by(true)
		check(true, "never")
	})
}
