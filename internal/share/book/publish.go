package book

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/warren-p2p/warren/internal/share/book/papers"
	"github.com/warren-p2p/warren/internal/share/book/rows"
	"github.com/warren-p2p/warren/internal/share/link"
	"github.com/warren-p2p/warren/internal/share/record"
	"github.com/warren-p2p/warren/internal/store"
	"github.com/warren-p2p/warren/metainfo"
)

// Publish seeds the content of a share once more, as a public torrent, and lists it under
// the public link. The private link stays. The error may be that of Change, or a
// [*record.FieldError] if title, licence or confirmation are missing.
func (b *Book) Publish(ctx context.Context, id record.ID, p Publication) (Share, error) {
	b.change.Lock()
	defer b.change.Unlock()
	row, err := b.row(id)
	if err != nil {
		return Share{}, err
	}
	if err := p.Apply(row); err != nil {
		return Share{}, err
	}
	if row.Public != "" {
		return b.Find(id)
	}
	m, dir, err := b.cfg.Swarm.Metainfo(row.Torrent)
	if err != nil {
		return Share{}, fmt.Errorf("publish %q: %w", row.Title, err)
	}
	open := papers.Public(m)
	signed, err := b.sign(row, open, time.Time{})
	if err != nil {
		return Share{}, err
	}
	row.PublicHashes = open.Hashes()
	row.Public, err = b.cfg.Swarm.Begin(ctx, Seed{Metainfo: open, Dir: dir, Like: row.Torrent})
	if row.Borrowed = errors.Is(err, ErrThere); err != nil && !row.Borrowed {
		return Share{}, fmt.Errorf("publish %q: %w", row.Title, err)
	}
	token, has := b.shelf.PublicToken()
	if !has {
		token = link.NewToken()
	}
	if err := b.cfg.Store.Write(ctx, func(q store.Querier) error {
		if err := rows.PutRecord(ctx, q, id, true, signed.Bytes()); err != nil {
			return err
		}
		if err := rows.PutPublicToken(ctx, q, token); err != nil {
			return err
		}
		return rows.Update(ctx, q, row)
	}); err != nil {
		if !row.Borrowed {
			b.drop(row.Public)
		}
		return Share{}, err
	}
	b.shelf.SetPublicToken(token)
	return b.replace(row), nil
}

// Unpublish ends the public torrent of a share and takes it off the list. What others
// have fetched they have. The error may be ErrNotFound, ErrRevoked or ErrUnpublished.
func (b *Book) Unpublish(ctx context.Context, id record.ID) (Share, error) {
	b.change.Lock()
	defer b.change.Unlock()
	row, err := b.row(id)
	if err != nil {
		return Share{}, err
	}
	if row.Public == "" {
		return Share{}, ErrUnpublished
	}
	// It ends before that is written down: should the node die between the two, the share
	// is still said to be public, and a torrent that nothing belongs to is not seeded on.
	if !row.Borrowed {
		if err := b.cfg.Swarm.End(ctx, row.Public, false); err != nil {
			return Share{}, err
		}
	}
	row.Public, row.PublicHashes, row.Borrowed = "", metainfo.InfoHashes{}, false
	if err := b.cfg.Store.Write(ctx, func(q store.Querier) error {
		if err := rows.DropRecord(ctx, q, id, true); err != nil {
			return err
		}
		return rows.Update(ctx, q, row)
	}); err != nil {
		return Share{}, err
	}
	return b.replace(row), nil
}
