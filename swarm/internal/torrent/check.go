package torrent

import (
	"context"
	"fmt"

	"github.com/warren-p2p/warren/swarm/internal/activity"
	"github.com/warren-p2p/warren/swarm/internal/greeting"
)

// check hashes content whose state is not certain, all of it if that is asked
// for or still owed. It begins in one of the activity.Set from, and does nothing in
// others. The caller holds t.ops.
func (t *Torrent) check(from activity.Set, all bool) error {
	t.mu.Lock()
	t.owed = t.owed || all
	all = t.owed
	t.mu.Unlock()
	if !t.Known() {
		return nil // it is done when there is something
	}
	var pieces []int
	if !all {
		if pieces = t.Content.Store.NeedsCheck(); len(pieces) == 0 {
			return nil
		}
	}
	ctx, ok := t.beginCheck(from)
	if !ok {
		return greeting.ErrStopped
	}
	total := float64(max(len(pieces), 1))
	if all {
		total = float64(t.Content.Meta.Info.NumPieces())
	}
	err := t.Content.Store.Check(ctx, pieces, t.res.Checkers, func(done int) {
		t.mu.Lock()
		t.checked = float64(done) / total
		t.mu.Unlock()
	})
	t.endCheck(ctx, err)
	if err != nil && ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

func (t *Torrent) beginCheck(from activity.Set) (ctx context.Context, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.checked = 0
	return t.work, t.turnLocked(from, activity.Checking, nil)
}

// endCheck takes over what was found. If the check was ended, the state is
// left to who did.
func (t *Torrent) endCheck(ctx context.Context, err error) {
	have, _ := t.Content.Recount()
	t.Fetch.SetHave(have)
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case err == nil:
		t.owed = false
		next := activity.Starting
		if t.paused {
			next = activity.Paused
		}
		t.turnLocked(1<<activity.Checking, next, nil)
	case ctx.Err() == nil:
		t.turnLocked(1<<activity.Checking, activity.Failed, fmt.Errorf("check the content: %w", err))
	}
}
