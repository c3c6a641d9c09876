package torrent

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"path/filepath"

	"github.com/warren-p2p/warren/internal/library/record"
	"github.com/warren-p2p/warren/internal/store"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/swarm"
)

// Pause stops a torrent until Resume.
func (t *Torrent) Pause(ctx context.Context) error { return t.pause(ctx, true) }

// Resume lets a torrent go on that was paused or has failed.
func (t *Torrent) Resume(ctx context.Context) error { return t.pause(ctx, false) }

func (t *Torrent) pause(ctx context.Context, on bool) error {
	defer t.stir() // once others may change it
	t.changing.Lock()
	defer t.changing.Unlock()
	if v := t.View(); v.Paused != on {
		if err := t.update(ctx, func(r *record.Record) { r.Paused = on }); err != nil {
			return err
		}
	}
	switch {
	case t.Engine() == nil && on:
		return nil
	case t.Engine() == nil:
		return t.begin(ctx, Start{})
	case on:
		t.Engine().Stop()
	default:
		t.Engine().Start()
	}
	return nil
}

// stir has the torrent looked at, asleep or not.
func (t *Torrent) stir() {
	t.mu.Lock()
	t.dirty = true
	t.mu.Unlock()
	t.s.Stir()
}

// Recheck hashes all content once more, in the background; the status tells of it.
func (t *Torrent) Recheck() error {
	if t.Engine() == nil {
		return t.why()
	}
	leave, ok := t.s.Enter()
	if !ok {
		return swarm.ErrClosed
	}
	go func() {
		defer leave()
		if err := t.Engine().Recheck(); err != nil && !errors.Is(err, swarm.ErrStopped) {
			t.s.Log.Warn("content is not checked", "err", err)
		}
		t.stir()
	}()
	t.stir()
	return nil
}

// Move moves the content to another folder, which is made if need be. It returns once
// that is done.
func (t *Torrent) Move(ctx context.Context, dir string) error {
	return t.rehouse(ctx, dir, (*swarm.Torrent).Move)
}

// Find goes over to another folder, where others have put the content, and hashes what
// is there. It returns once that is done.
func (t *Torrent) Find(ctx context.Context, dir string) error {
	return t.rehouse(ctx, dir, (*swarm.Torrent).Adopt)
}

func (t *Torrent) rehouse(ctx context.Context, dir string, take func(*swarm.Torrent, context.Context, vfs.FS) error) error {
	if !filepath.IsAbs(dir) {
		return record.Input("dir", "want the full path of a folder, not %q", dir)
	}
	dir = filepath.Clean(dir)
	t.changing.Lock()
	defer t.changing.Unlock()
	if t.Engine() == nil {
		return t.why()
	}
	if t.View().Dir == dir {
		return nil
	}
	if err := t.s.Make(dir); err != nil {
		return record.Input("dir", "the folder cannot be made: %v", err)
	}
	to := t.s.Folders.At(dir)
	if err := take(t.Engine(), ctx, to); err != nil && !errors.Is(err, swarm.ErrStopped) {
		return errors.Join(err, to.Close())
	}
	t.mu.Lock()
	from := t.dir
	t.dir = to
	t.mu.Unlock()
	return errors.Join(t.update(ctx, func(r *record.Record) { r.Dir = dir }), from.Close())
}

// AddPeers adds addresses to dial.
func (t *Torrent) AddPeers(addrs ...netip.AddrPort) error {
	return t.have(func(e *swarm.Torrent) { e.AddPeers(addrs...) })
}

// have has the engine do something, if the torrent is there.
func (t *Torrent) have(do func(*swarm.Torrent)) error {
	e := t.Engine()
	if e == nil {
		return t.why()
	}
	do(e)
	return nil
}

// Position returns how many torrents stand before this one in the queue.
func (t *Torrent) Position() int { return max(t.Place(), 0) }

// Remove forgets a torrent, and removes its content if that is said. The error is
// [ErrRemoved] if that was done before.
func (t *Torrent) Remove(ctx context.Context, content bool) error {
	t.changing.Lock()
	defer t.changing.Unlock()
	t.mu.Lock()
	gone, name, dir := t.removed, t.rec.Name, t.dir
	t.mu.Unlock()
	if gone {
		return ErrRemoved
	}
	if t.Engine() != nil {
		if err := t.Engine().Remove(content); err != nil && !errors.Is(err, swarm.ErrRemoved) {
			return fmt.Errorf("remove %q: %w", name, err)
		}
	}
	if err := t.s.Store.Write(ctx, func(q store.Querier) error { return record.Delete(ctx, q, t.id) }); err != nil {
		return err
	}
	t.mu.Lock()
	t.removed = true
	t.mu.Unlock()
	if dir != nil {
		return dir.Close()
	}
	return nil
}

// SetPosition puts the torrent where so many stand before it.
func (t *Torrent) SetPosition(to int) error {
	return t.have(func(e *swarm.Torrent) { e.SetPosition(max(to, 0)) })
}
