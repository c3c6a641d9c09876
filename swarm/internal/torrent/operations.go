package torrent

import (
	"context"

	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/swarm/internal/activity"
	"github.com/warren-p2p/warren/swarm/internal/greeting"
	"github.com/warren-p2p/warren/swarm/internal/peer"
)

// Start lets a torrent go on that was paused or has failed.
func (t *Torrent) Start() {
	t.mu.Lock()
	t.paused = false
	t.turnLocked(activity.Resting, activity.Starting, nil)
	t.mu.Unlock()
	t.Poke()
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
	t.deactivate()
	t.mu.Lock()
	t.turnLocked(activity.Any, activity.Paused, nil)
	t.endWork(greeting.ErrStopped)
	t.work, t.endWork = context.WithCancelCause(t.ctx)
	t.mu.Unlock()
	t.part(greeting.ErrStopped)
}

// part ends all connections.
func (t *Torrent) part(reason error) {
	t.Peers.Each(func(p *peer.Peer) { p.Close(reason) })
}

// alone runs f while the torrent rests, one f at a time. Afterwards the torrent
// goes on unless the user has stopped it.
func (t *Torrent) alone(f func() error) error {
	t.halt() // what the loop is at must not be waited for
	t.ops <- struct{}{}
	err := context.Cause(t.ctx)
	if err == nil {
		t.halt() // the loop may have begun anew before it was our turn
		t.Peers.Drain()
		if t.Known() {
			t.Web.Drain()
			t.Fetch.Drain()
		}
		err = f()
	}
	<-t.ops
	t.mu.Lock()
	if !t.paused {
		t.turnLocked(1<<activity.Paused, activity.Starting, nil)
	}
	t.mu.Unlock()
	t.Poke()
	return err
}

// Recheck hashes all content on disk and then goes on as before. If the torrent
// is stopped meanwhile that is the error, and the check is done when it is
// started.
func (t *Torrent) Recheck() error {
	return t.alone(func() error { return t.check(1<<activity.Paused|1<<activity.Starting, true) })
}

// Move moves the content to another folder, or adopts what others have put there, which
// has to be checked then. Transfers pause meanwhile.
func (t *Torrent) Move(ctx context.Context, to vfs.FS, adopt bool) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer context.AfterFunc(t.ctx, func() { cancel(context.Cause(t.ctx)) })()
	return t.alone(func() error {
		if !t.Known() {
			t.opts.Content = to
			return nil
		}
		return t.Content.Store.Move(ctx, to, adopt)
	})
}

// Close stops everything the torrent runs and closes its store, once.
func (t *Torrent) Close(reason error) error {
	t.closing.Do(func() {
		t.cancel(reason)
		t.deactivate()
		t.Peers.Close(reason)
		t.wg.Wait()
		t.ops <- struct{}{} // whoever has it was told by the context
		defer func() { <-t.ops }()
		if t.Known() {
			t.Web.Drain()
			t.Fetch.Close()
			t.closeErr = t.Content.Store.Close()
		}
		t.mu.Lock()
		defer t.mu.Unlock()
		close(t.changed) // who looks now sees what follows
		t.changed = make(chan struct{})
	})
	return t.closeErr
}
