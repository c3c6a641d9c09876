// Package history keeps how much content a node has received and sent, and when: in steps
// of ten seconds for the last hour, of ten minutes for a day, of an hour for a month, and of
// a day for two years.
//
// The hour is in memory alone. What was counted of the rest waits there, and is added to
// rows in the store from time to time and at the end; a crash takes what waits. There is a
// step wherever the node ran, whether anything moved or not: where there is none, it did
// not run.
//
// Nothing here has a clock or a goroutine: whoever counts says when it is. After a clock
// that was wrong, the steps of that time are wrong and no others.
package history

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/warren-p2p/warren/internal/store"
)

// Step is what moved in a span of time that begins at At.
type Step struct {
	At             time.Time // UTC
	Received, Sent int64     // bytes of content
}

// pause is how long nobody has counted if the node did not run meanwhile, or the machine
// slept. The clock is that much wrong if it was set.
const pause = 2 * time.Minute

// History is what was counted. Its methods are safe for concurrent use.
type History struct {
	store *store.Store

	saving sync.Mutex // held while what waits becomes rows, and while both are read

	mu   sync.Mutex
	seen time.Time // the steps up to here are there
	kept [4]series
}

// series are the steps of one length: all of those that are in memory alone, and of the
// others what is to be added to their rows.
type series struct {
	each  time.Duration
	most  int
	steps []Step // the oldest first
}

// New begins to count.
func New(s *store.Store, now time.Time) *History {
	h := &History{store: s, seen: now.Round(0)}
	for i, span := range [...]Span{Hour, Day, Month, All} {
		h.kept[i].each, h.kept[i].most = span.Steps()
	}
	h.reach(now)
	return h
}

// Count adds what has moved just now, in bytes.
func (h *History) Count(now time.Time, received, sent int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !now.Equal(h.seen) { // torrents are counted many at a time
		h.reach(now)
	}
	for i := range h.kept {
		h.kept[i].add(h.seen, received, sent)
	}
}

// reach begins the steps up to now. The caller holds h.mu.
func (h *History) reach(now time.Time) {
	now = now.Round(0) // a machine that sleeps stops the other reading
	switch passed := now.Sub(h.seen); {
	case passed < -pause:
		for i := range h.kept {
			s := &h.kept[i]
			s.steps = slices.DeleteFunc(s.steps, func(step Step) bool { return step.At.After(now) })
		}
		h.seen = now
	case passed < 0:
		return // it is being set right, and will be there again
	case passed > pause:
		h.seen = now
	}
	for i := range h.kept {
		s := &h.kept[i]
		for at := h.seen; at.Before(now); at = at.Add(s.each) {
			s.add(at, 0, 0)
		}
		s.add(now, 0, 0)
	}
	h.seen = now
}

// add adds to the step of a time that is in the newest step or after it.
func (s *series) add(now time.Time, received, sent int64) {
	if n := len(s.steps); n == 0 || now.Sub(s.steps[n-1].At) >= s.each {
		s.steps = append(s.steps, Step{At: now.UTC().Truncate(s.each)})
		s.trim()
	}
	last := &s.steps[len(s.steps)-1]
	last.Received += received
	last.Sent += sent
}

// trim forgets the oldest of too many steps.
func (s *series) trim() { s.steps = slices.Delete(s.steps, 0, max(0, len(s.steps)-s.most)) }

// Save notes that the node still runs, which has to be done every minute or so; with rows
// it adds what waits to the rows in the store as well.
func (h *History) Save(ctx context.Context, now time.Time, rows bool) error {
	h.saving.Lock()
	defer h.saving.Unlock()
	h.mu.Lock()
	h.reach(now)
	var waits [len(h.kept)][]Step
	for i := 1; rows && i < len(h.kept); i++ {
		waits[i], h.kept[i].steps = h.kept[i].steps, nil
	}
	h.mu.Unlock()
	if !rows {
		return nil
	}
	err := h.store.Write(ctx, func(q store.Querier) error {
		for i := range h.kept {
			if err := h.kept[i].write(ctx, q, waits[i]); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		return nil
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for i, steps := range waits {
		h.kept[i].steps = merge(steps, h.kept[i].steps)
		h.kept[i].trim()
	}
	return fmt.Errorf("write down what has moved: %w", err)
}

// Of returns what moved in the span that ends now, the oldest first. The last step goes
// on.
func (h *History) Of(ctx context.Context, span Span, now time.Time) ([]Step, error) {
	each, n := span.Steps()
	if n == 0 {
		return nil, fmt.Errorf("no such span of time: %.20q", string(span))
	}
	h.saving.Lock()
	defer h.saving.Unlock()
	h.mu.Lock()
	h.reach(now)
	var steps []Step
	for i := range h.kept {
		if h.kept[i].each == each {
			steps = slices.Clone(h.kept[i].steps)
		}
	}
	h.mu.Unlock()
	from, to := span.From(now), now.UTC()
	if span != Hour {
		rows, err := read(ctx, h.store, each, from, to)
		if err != nil {
			return nil, fmt.Errorf("read what has moved: %w", err)
		}
		steps = merge(rows, steps)
	}
	return slices.DeleteFunc(steps, func(s Step) bool { return s.At.Before(from) || s.At.After(to) }), nil
}

// merge adds steps to others; both have the oldest first.
func merge(a, b []Step) []Step {
	out := make([]Step, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		switch order := a[0].At.Compare(b[0].At); {
		case order < 0:
			out, a = append(out, a[0]), a[1:]
		case order > 0:
			out, b = append(out, b[0]), b[1:]
		default:
			out = append(out, Step{a[0].At, a[0].Received + b[0].Received, a[0].Sent + b[0].Sent})
			a, b = a[1:], b[1:]
		}
	}
	return append(append(out, a...), b...)
}
