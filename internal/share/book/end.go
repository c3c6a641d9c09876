package book

import (
	"context"
	"errors"
	"time"

	"github.com/warren-p2p/warren/btls"
	"github.com/warren-p2p/warren/internal/share/book/rows"
	"github.com/warren-p2p/warren/internal/share/book/shelf"
	"github.com/warren-p2p/warren/internal/share/link"
	"github.com/warren-p2p/warren/internal/share/record"
	"github.com/warren-p2p/warren/internal/store"
)

// Revoke ends a share at once: the link, those who have redeemed it, the public page, and
// its torrents, with their connections. Its content stays on the disk unless content is
// set. What is left is that there was one: see [Book.Forget]. The error may be
// ErrNotFound or ErrRevoked; after any other the link has ended all the same.
func (b *Book) Revoke(ctx context.Context, id record.ID, content bool) error {
	b.change.Lock()
	defer b.change.Unlock()
	row, err := b.row(id)
	if err != nil {
		return err
	}
	if row.Borrowed {
		row.Public = ""
	}
	row.Token, row.Secret, row.Announce, row.Passphrase = link.Token{}, btls.Secret{}, [16]byte{}, nil
	row.Borrowed, row.Direct = false, false
	row.Revoked = b.cfg.Clock.Now().UTC().Truncate(time.Second)
	b.replace(row)
	b.tickets.Revoke(id)
	err = b.cfg.Store.Write(ctx, func(q store.Querier) error { return rows.Clear(ctx, q, row) })
	return errors.Join(err, b.finish(ctx, *row, content))
}

// finish ends the torrents of a share that is revoked. Which they are is known until that
// is done and written down: what does not work, or what a node that died has left, is
// tried again (see expire). The caller holds b.change.
func (b *Book) finish(ctx context.Context, row rows.Share, content bool) error {
	var errs []error
	for key, content := range map[*string]bool{&row.Public: false, &row.Torrent: content} {
		if *key == "" {
			continue
		}
		err := b.cfg.Swarm.End(ctx, *key, content)
		if errs = append(errs, err); err == nil {
			*key = ""
		}
	}
	err := b.cfg.Store.Write(ctx, func(q store.Querier) error { return rows.Clear(ctx, q, &row) })
	if err == nil {
		b.shelf.Put(&row, b.cfg.Clock.Now())
	}
	return errors.Join(append(errs, err)...)
}

// Forget drops what is left of a share that is revoked. The error may be ErrNotFound, or
// why a torrent of it does not end.
func (b *Book) Forget(ctx context.Context, id record.ID) error {
	b.change.Lock()
	defer b.change.Unlock()
	row, err := b.row(id)
	if !errors.Is(err, ErrRevoked) {
		return errors.Join(err, ErrNotFound)
	}
	if err := b.finish(ctx, *row, false); err != nil {
		return err
	}
	if err := b.cfg.Store.Write(ctx, func(q store.Querier) error { return rows.Delete(ctx, q, id) }); err != nil {
		return err
	}
	b.shelf.Drop(id)
	return nil
}

// Removed tells the book that somebody has removed torrents from the library: shares that
// they were of are revoked, or not public any more. It does not wait.
func (b *Book) Removed() {
	select {
	case b.gone <- struct{}{}:
	default: // it is going to look
	}
}

// removed does what Removed says.
func (b *Book) removed(ctx context.Context) {
	for _, s := range b.All() {
		var err error
		switch {
		case s.State == Revoked:
		case !b.cfg.Swarm.Has(s.Torrent):
			err = b.Revoke(ctx, s.ID, false)
		case s.Published() && !b.cfg.Swarm.Has(s.Public):
			_, err = b.Unpublish(ctx, s.ID)
		}
		if errors.Is(err, ErrRevoked) || errors.Is(err, ErrUnpublished) {
			continue // somebody is ending it himself
		}
		if err != nil && ctx.Err() == nil {
			b.cfg.Log.Warn("the torrent of a share was removed, and the share does not end well", "share", s.ID.String(), "err", err)
		}
	}
}

// saveEvery is how often is written down what is counted.
const saveEvery = time.Minute

// run does what has to be done when time passes.
func (b *Book) run(ctx context.Context) {
	save := time.NewTicker(saveEvery)
	defer save.Stop()
	b.removed(ctx) // while the node was off, or died
	for {
		b.expire(ctx)
		next := time.NewTimer(b.shelf.Next(b.cfg.Clock.Now()))
		select {
		case <-ctx.Done():
			next.Stop()
			return
		case <-b.gone:
			b.removed(ctx)
		case <-b.wake:
		case <-next.C:
		case <-save.C:
			if err := b.save(ctx); err != nil {
				b.cfg.Log.Warn("visits of shares are not written down", "err", err)
			}
		}
		next.Stop()
	}
}

// expire stops the torrents of links that have ended, ends those of shares that are
// revoked, if that is still to be done, and forgets tickets.
func (b *Book) expire(ctx context.Context) {
	b.change.Lock()
	defer b.change.Unlock()
	now := b.cfg.Clock.Now()
	for _, t := range b.shelf.Turns(now) {
		if err := b.turn(ctx, t); err != nil && ctx.Err() == nil {
			b.cfg.Log.Warn("the torrent of a share does not stop, or start, with its link", "torrent", t.Torrent, "err", err)
		}
	}
	for _, s := range b.shelf.Unended() {
		if err := b.finish(ctx, s, false); err != nil && ctx.Err() == nil {
			b.cfg.Log.Warn("the torrent of a share that is revoked does not end", "share", s.ID.String(), "err", err)
		}
	}
	if !b.tickets.Expire(now) {
		return
	}
	if err := b.cfg.Store.Write(ctx, func(q store.Querier) error { return rows.DropTickets(ctx, q, now) }); err != nil && ctx.Err() == nil {
		b.cfg.Log.Warn("tickets that have ended are not forgotten", "err", err)
	}
}

// turn stops or starts a torrent. What does not work is tried again.
func (b *Book) turn(ctx context.Context, t shelf.Turn) error {
	err := b.cfg.Swarm.Pause(ctx, t.Torrent, t.Stop)
	if err == nil {
		b.shelf.Turned(t)
	}
	return err
}

// save writes down what was counted.
func (b *Book) save(ctx context.Context) error {
	b.change.Lock()
	defer b.change.Unlock()
	list := b.shelf.Counted()
	if len(list) == 0 {
		return nil
	}
	return b.cfg.Store.Write(ctx, func(q store.Querier) error {
		for i := range list {
			if err := rows.Update(ctx, q, &list[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

// Close writes down what is not yet, and waits for what the book does. It comes before
// the library is closed.
func (b *Book) Close() error {
	b.stop()
	b.work.Wait()
	return b.save(context.Background())
}
