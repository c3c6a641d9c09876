package guard_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/share/guard"
	"github.com/warren-p2p/warren/internal/share/record"
)

// cheap is what a guess costs in tests.
func cheap() guard.Cost { return guard.Cost{Passes: 1, Memory: 8} }

func hash(t *testing.T, passphrase string) []byte {
	t.Helper()
	b, err := guard.Hash(passphrase, cheap())
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestHash(t *testing.T) {
	g := guard.New(clock.NewManual(time.Unix(1, 0)))
	kept, again := hash(t, "Zwölf"), hash(t, "Zwölf")
	if string(kept) == string(again) || len(kept) != 53 || strings.Contains(string(kept), "lf") {
		t.Error("the same passphrase is kept the same way twice, or in clear")
	}
	usual, err := guard.Hash("Zwölf", guard.Cost{})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		kept       []byte
		passphrase string
		ok         bool
	}{
		"right": {kept, "Zwölf", true}, "typed otherwise": {again, "Zwo\u0308lf", true}, "at the usual cost": {usual, "Zwölf", true},
		"wrong": {kept, "zwölf", false}, "none": {kept, "", false}, "of none": {nil, "", false}, "damaged": {kept[1:], "Zwölf", false},
		"zeros": {make([]byte, 53), "x", false}, "endless": {kept, strings.Repeat("x", 1<<20), false},
	} {
		if err := g.Check(t.Context(), record.NewID(), c.kept, c.passphrase); (err == nil) != c.ok || err != nil && !errors.Is(err, guard.ErrWrong) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, bad := range []string{"", strings.Repeat("x", 1025)} {
		if _, err := guard.Hash(bad, cheap()); !errors.Is(err, guard.ErrLength) {
			t.Errorf("%d bytes: %v", len(bad), err)
		}
	}
}

// TestGuesses: of each share ten at once and one every two minutes, however many try, and
// who knows the passphrase uses none up.
func TestGuesses(t *testing.T) {
	c := clock.NewManual(time.Unix(1_000_000, 0))
	g, kept, id := guard.New(c), hash(t, "right"), record.NewID()
	try := func(passphrase string) error { return g.Check(t.Context(), id, kept, passphrase) }
	for range 50 {
		if err := try("right"); err != nil {
			t.Fatal(err)
		}
	}
	tried := 0
	for range 7200 {
		c.Pass(time.Second)
		switch err := try("wrong"); {
		case errors.Is(err, guard.ErrWrong):
			tried++
		default:
			if wait, ok := errors.AsType[*guard.WaitError](err); !ok || wait.For <= 0 || wait.For > 2*time.Minute {
				t.Fatal(err)
			}
		}
	}
	if tried < 69 || tried > 71 {
		t.Errorf("%d guesses in two hours", tried)
	}
	if err := g.Check(t.Context(), record.NewID(), kept, "right"); err != nil {
		t.Errorf("another share: %v", err)
	}
	c.Pass(-time.Hour) // a clock that is set back locks nobody out for long
	_ = try("wrong")
	c.Pass(2 * time.Minute)
	if err := try("right"); err != nil {
		t.Error(err)
	}
}

// TestAtOnce: many guesses at once are no way around, and take the memory of one.
func TestAtOnce(t *testing.T) {
	g, kept, id := guard.New(clock.NewManual(time.Unix(1, 0))), hash(t, "right"), record.NewID()
	var wrong, refused atomic.Int64
	var wg sync.WaitGroup
	for range 100 {
		wg.Go(func() {
			switch err := g.Check(context.Background(), id, kept, "wrong"); {
			case errors.Is(err, guard.ErrWrong):
				wrong.Add(1)
			default:
				refused.Add(1)
			}
		})
	}
	wg.Wait()
	if wrong.Load() > 10 || wrong.Load()+refused.Load() != 100 {
		t.Errorf("%d guesses were tried", wrong.Load())
	}
}

// TestManyShares: who guesses at very many shares finds no more memory than there is, and
// those that were left alone are forgotten.
func TestManyShares(t *testing.T) {
	c := clock.NewManual(time.Unix(1, 0))
	g, kept := guard.New(c), hash(t, "right")
	for range 4096 {
		if err := g.Check(t.Context(), record.NewID(), kept, "x"); !errors.Is(err, guard.ErrWrong) {
			t.Fatal(err)
		}
	}
	if err := g.Check(t.Context(), record.NewID(), kept, "right"); !errors.Is(err, guard.ErrBusy) {
		t.Error(err)
	}
	c.Pass(2 * time.Minute)
	if err := g.Check(t.Context(), record.NewID(), kept, "right"); err != nil {
		t.Error(err)
	}
}

func TestGone(t *testing.T) {
	g, kept := guard.New(clock.NewManual(time.Unix(1, 0))), hash(t, "right")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for range 20 { // whoever has gone holds nobody up
		if err := g.Check(ctx, record.NewID(), kept, "right"); err != nil && !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
	}
	if err := g.Check(t.Context(), record.NewID(), kept, "right"); err != nil {
		t.Error(err)
	}
}
