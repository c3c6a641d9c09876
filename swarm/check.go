package swarm

import (
	"context"
	"fmt"
)

// check hashes content whose state is not certain, all of it if that is asked
// for or still owed. It begins in one of the states from, and does nothing in
// others. The caller holds t.ops.
func (t *Torrent) check(from states, all bool) error {
	t.mu.Lock()
	t.owed = t.owed || all
	all = t.owed
	t.mu.Unlock()
	var pieces []int
	if !all {
		if pieces = t.store.NeedsCheck(); len(pieces) == 0 {
			return nil
		}
	}
	ctx, ok := t.beginCheck(from)
	if !ok {
		return ErrStopped
	}
	total := float64(max(len(pieces), 1))
	if all {
		total = float64(t.meta.Info.NumPieces())
	}
	err := t.store.Check(ctx, pieces, t.s.cfg.Workers, func(done int) {
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

func (t *Torrent) beginCheck(from states) (ctx context.Context, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.checked = 0
	return t.work, t.turnLocked(from, StateChecking, nil)
}

// endCheck takes over what was found. If the check was ended, the state is
// left to who did.
func (t *Torrent) endCheck(ctx context.Context, err error) {
	have, _ := t.content.Recount()
	t.fetch.SetHave(have)
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case err == nil:
		t.owed = false
		next := StateStarting
		if t.paused {
			next = StatePaused
		}
		t.turnLocked(1<<StateChecking, next, nil)
	case ctx.Err() == nil:
		t.turnLocked(1<<StateChecking, StateFailed, fmt.Errorf("check the content: %w", err))
	}
}

// trust takes content as it is. If it cannot be that, the check finds out. The
// torrent is not known to others yet.
func (t *Torrent) trust() {
	if err := t.store.Trust(); err != nil {
		t.s.cfg.Log.Debug("content is not trusted", "err", err)
		return
	}
	have, _ := t.content.Recount()
	t.fetch.SetHave(have)
}
