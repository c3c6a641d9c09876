package timetable

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/store"
)

// Limits are speeds in bytes a second, 0 for no limit.
type Limits struct {
	Up   int64 `json:"up"`
	Down int64 `json:"down"`
}

// Now is what holds at present.
type Now struct {
	Limits
	Pause       bool `json:"pause"`       // nothing is sent nor received
	Alternative bool `json:"alternative"` // the limits are the alternative ones
}

// Config is what a Keeper needs.
type Config struct {
	Plan               *Plan  // nil if nothing is planned
	Usual, Alternative Limits // without a plan, and when it or the user says so
	Clock              clock.Clock
	Log                *slog.Logger
	// Store keeps what the user has said by hand; nil forgets it in the end.
	Store *store.Store
	// Apply is told what holds, at first and whenever it changes. It must not call
	// the Keeper.
	Apply func(Now)
}

// Keeper applies a plan until it is closed. Its methods are safe for concurrent use.
type Keeper struct {
	clock clock.Clock
	log   *slog.Logger
	store *store.Store
	apply func(Now)
	done  chan struct{}
	ended sync.WaitGroup

	mu                 sync.Mutex
	plan               *Plan
	usual, alternative Limits
	hand               *byHand // nil if nobody has said anything since the plan did
	now                *Now    // what was applied last, nil before
}

// New starts to apply a plan, and has done so once when it returns.
func New(ctx context.Context, cfg Config) (*Keeper, error) {
	k := &Keeper{
		clock: cfg.Clock, log: cfg.Log, store: cfg.Store, apply: cfg.Apply, done: make(chan struct{}),
		plan: cfg.Plan, usual: cfg.Usual, alternative: cfg.Alternative,
	}
	if err := k.load(ctx); err != nil {
		return nil, err
	}
	k.change(func() {})
	k.ended.Go(k.run)
	return k, nil
}

// Close ends the work of the Keeper; what was applied last stays.
func (k *Keeper) Close() {
	close(k.done)
	k.ended.Wait()
}

// run looks at the beginning of every minute: rules know no less, and a timer that
// is set for longer is late after the machine has slept.
func (k *Keeper) run() {
	for {
		now := k.clock.Now()
		timer := time.NewTimer(now.Truncate(time.Minute).Add(time.Minute).Sub(now))
		select {
		case <-timer.C:
			k.change(func() {})
		case <-k.done:
			timer.Stop()
			return
		}
	}
}

// Now returns what holds.
func (k *Keeper) Now() Now {
	k.mu.Lock()
	defer k.mu.Unlock()
	return *k.now
}

// Next returns when the plan says something else, zero if it never does.
func (k *Keeper) Next() time.Time {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.plan.Next(k.clock.Now())
}

// Until returns when something else holds than now, as far as the plan says so; zero if
// it never does.
func (k *Keeper) Until() time.Time {
	k.mu.Lock()
	defer k.mu.Unlock()
	at := k.clock.Now()
	now, end := k.holds(at), at.Add(8*24*time.Hour)
	for at = k.plan.Next(at); !at.IsZero() && at.Before(end); at = k.plan.Next(at) {
		if k.holds(at) != now {
			return at
		}
	}
	return time.Time{}
}

// ByHand reports whether the user has said that the alternative limits hold, or that
// they do not, and the plan has not turned since.
func (k *Keeper) ByHand() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return !k.over(k.clock.Now())
}

// Plan returns the plan.
func (k *Keeper) Plan() *Plan {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.plan
}

// Limits returns the limits that hold without a plan, and the alternative ones.
func (k *Keeper) Limits() (usual, alternative Limits) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.usual, k.alternative
}

// SetPlan replaces the plan.
func (k *Keeper) SetPlan(p *Plan) { k.change(func() { k.plan = p }) }

// SetLimits replaces the limits.
func (k *Keeper) SetLimits(usual, alternative Limits) {
	k.change(func() { k.usual, k.alternative = usual, alternative })
}

// SetAlternative says by hand whether the alternative limits hold. That counts until
// the plan changes between alternative and not.
func (k *Keeper) SetAlternative(ctx context.Context, on bool) error {
	var err error
	k.change(func() {
		now := k.clock.Now()
		hand := &byHand{On: on, Since: now}
		if on == k.plan.At(now).Alternative {
			hand = nil
		}
		if err = k.save(ctx, hand); err == nil {
			k.hand = hand
		}
	})
	return err
}

// change makes a change and applies what holds then, if it is something else.
func (k *Keeper) change(f func()) {
	k.mu.Lock()
	defer k.mu.Unlock()
	f()
	at := k.clock.Now()
	if k.over(at) {
		k.hand = nil // also when it is read from the store again
	}
	now := k.holds(at)
	if k.now != nil && now == *k.now {
		return
	}
	if k.now != nil {
		k.log.Info("other limits hold from now on", "up", now.Up, "down", now.Down, "pause", now.Pause, "alternative", now.Alternative)
	}
	k.now = &now
	k.apply(now)
}
