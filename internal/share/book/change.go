package book

import (
	"context"
	"fmt"
	"time"

	"github.com/warren-p2p/warren/internal/share/book/rows"
	"github.com/warren-p2p/warren/internal/share/book/shelf"
	"github.com/warren-p2p/warren/internal/share/record"
	"github.com/warren-p2p/warren/internal/store"
)

// Change changes a share, and signs new records if what they say has changed. The error
// may be ErrNotFound, ErrRevoked, a [*record.FieldError], permid.ErrLocked or
// guard.ErrLength. Who has redeemed the link goes on, whatever passphrase there is now.
func (b *Book) Change(ctx context.Context, id record.ID, c Change) (Share, error) {
	b.change.Lock()
	defer b.change.Unlock()
	row, err := b.row(id)
	if err != nil {
		return Share{}, err
	}
	c.Cost = b.cfg.Cost
	if err := c.Apply(row, b.cfg.Clock.Now()); err != nil {
		return Share{}, err
	}
	var private, public *record.Signed
	if c.Signed() {
		if private, err = b.resign(row, row.Torrent, row.Expires); err != nil {
			return Share{}, err
		}
		if row.Public != "" {
			if public, err = b.resign(row, row.Public, time.Time{}); err != nil {
				return Share{}, err
			}
		}
	}
	if err := b.goOn(ctx, id, row); err != nil {
		return Share{}, err
	}
	err = b.cfg.Store.Write(ctx, func(q store.Querier) error {
		for is, r := range map[bool]*record.Signed{false: private, true: public} {
			if r == nil {
				continue
			}
			if err := rows.PutRecord(ctx, q, id, is, r.Bytes()); err != nil {
				return err
			}
		}
		return rows.Update(ctx, q, row)
	})
	if err != nil {
		b.stir() // what goes on already has to stop again
		return Share{}, err
	}
	return b.replace(row), nil
}

// goOn starts the torrent of a share whose link has ended and is to last again, before that
// is written down. Should the node die between the two, the link has ended and the torrent
// is stopped when it starts again; in the other order it would stay stopped for good.
func (b *Book) goOn(ctx context.Context, id record.ID, row *rows.Share) error {
	now := b.cfg.Clock.Now()
	s, err := b.Find(id)
	if err != nil || s.State != Expired || shelf.StateOf(row, now) == Expired {
		return err
	}
	if err := b.turn(ctx, shelf.Turn{ID: id, Torrent: row.Torrent}); err != nil {
		return fmt.Errorf("share %q: %w", row.Title, err)
	}
	return nil
}

// resign signs the next record of a torrent of a share.
func (b *Book) resign(row *rows.Share, key string, expires time.Time) (*record.Signed, error) {
	m, _, err := b.cfg.Swarm.Metainfo(key)
	if err != nil {
		return nil, fmt.Errorf("share %q: %w", row.Title, err)
	}
	return b.sign(row, m, expires)
}
