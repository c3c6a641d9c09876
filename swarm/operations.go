package swarm

import (
	"context"
	"errors"
	"fmt"

	"github.com/warren-p2p/warren/internal/vfs"
)

// Start lets a torrent go on that was paused or has failed.
func (t *Torrent) Start() {
	t.mu.Lock()
	t.paused = false
	t.turnLocked(resting, StateStarting, nil)
	t.mu.Unlock()
	t.poke()
}

// Stop ends all connections of the torrent, and a check under way, and keeps
// it paused.
func (t *Torrent) Stop() {
	t.mu.Lock()
	t.paused = true
	t.mu.Unlock()
	t.halt()
}

// halt ends what the torrent does by itself: transfers, dials, checks. It is
// paused then, whether the user said so or not.
func (t *Torrent) halt() {
	t.fetch.SetActive(false)
	t.mu.Lock()
	t.turnLocked(anyState, StatePaused, nil)
	t.endWork(ErrStopped)
	t.work, t.endWork = context.WithCancelCause(t.ctx)
	t.mu.Unlock()
	t.closePeers(ErrStopped, func(*peer) bool { return true })
}

// alone runs f while the torrent rests, one f at a time. Afterwards the torrent
// goes on unless the user has stopped it.
func (t *Torrent) alone(f func() error) error {
	t.halt() // what the loop is at must not be waited for
	t.ops <- struct{}{}
	err := context.Cause(t.ctx)
	if err == nil {
		t.halt() // the loop may have begun anew before it was our turn
		t.drain()
		err = f()
	}
	<-t.ops
	t.mu.Lock()
	if !t.paused {
		t.turnLocked(1<<StatePaused, StateStarting, nil)
	}
	t.mu.Unlock()
	t.poke()
	return err
}

// drain waits until no peer is connected and nothing is being written.
func (t *Torrent) drain() {
	for _, p := range t.peerList() {
		<-p.gone
	}
	t.fetch.Drain()
}

// Recheck hashes all content on disk and then goes on as before. If the torrent
// is stopped meanwhile it returns [ErrStopped], and the check is done when it
// is started.
func (t *Torrent) Recheck() error {
	err := t.alone(func() error { return t.check(1<<StatePaused|1<<StateStarting, true) })
	if err != nil {
		return fmt.Errorf("check %q: %w", t.meta.Info.Name, err)
	}
	return nil
}

// Move moves the content to another folder. Transfers pause meanwhile.
func (t *Torrent) Move(ctx context.Context, to vfs.FS) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer context.AfterFunc(t.ctx, func() { cancel(context.Cause(t.ctx)) })()
	if err := t.alone(func() error { return t.store.Move(ctx, to) }); err != nil {
		return fmt.Errorf("move %q: %w", t.meta.Info.Name, err)
	}
	return nil
}

// Remove takes the torrent out of the session, with its resume state, and with
// its content if that is said. Until that is done the session does not take
// the same torrent again.
func (t *Torrent) Remove(content bool) error {
	t.mu.Lock()
	again := t.removed
	t.removed = true
	t.mu.Unlock()
	if again {
		return ErrRemoved
	}
	if t.s.enter() {
		defer t.s.wg.Done()
	}
	defer t.s.unregister(t)
	err := t.close(ErrRemoved)
	if content {
		err = errors.Join(err, t.store.RemoveData())
	}
	return errors.Join(err, t.store.RemoveState())
}

// close stops everything the torrent runs and closes its store, once.
func (t *Torrent) close(reason error) error {
	t.closing.Do(func() {
		t.mu.Lock()
		t.stopping = true
		t.mu.Unlock()
		t.cancel(reason)
		t.fetch.SetActive(false)
		t.closePeers(reason, func(*peer) bool { return true })
		t.wg.Wait()
		t.ops <- struct{}{} // whoever has it was told by the context
		defer func() { <-t.ops }()
		t.fetch.Close()
		t.closeErr = t.store.Close()
	})
	return t.closeErr
}
