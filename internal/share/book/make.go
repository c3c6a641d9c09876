package book

import (
	"context"
	"fmt"
	"time"

	"github.com/warren-p2p/warren/internal/share/book/papers"
	"github.com/warren-p2p/warren/internal/share/book/rows"
	"github.com/warren-p2p/warren/internal/share/record"
	"github.com/warren-p2p/warren/internal/store"
	"github.com/warren-p2p/warren/metainfo"
)

// Create shares something under a new private link. The error may be a
// [*record.FieldError] of what cannot be so ("confirmed" if it is not), permid.ErrLocked,
// ErrThere, ErrMany or guard.ErrLength.
func (b *Book) Create(ctx context.Context, n New) (Share, error) {
	n.Cost = b.cfg.Cost
	row, err := n.Row(b.cfg.Clock.Now())
	if err != nil {
		return Share{}, err
	}
	b.change.Lock()
	defer b.change.Unlock()
	if err := b.room(n.ID); err != nil {
		return Share{}, err
	}
	signed, err := b.sign(row, n.Metainfo, row.Expires)
	if err != nil {
		return Share{}, err
	}
	row.Torrent, err = b.cfg.Swarm.Begin(ctx, Seed{Metainfo: n.Metainfo, Dir: n.Dir, Verified: n.Verified, Secret: &row.Secret, Announce: &row.Announce})
	if err != nil {
		return Share{}, fmt.Errorf("share %q: %w", row.Title, err)
	}
	err = b.cfg.Store.Write(ctx, func(q store.Querier) error {
		if err := rows.Insert(ctx, q, row); err != nil {
			return err
		}
		if err := rows.PutRecord(ctx, q, row.ID, false, signed.Bytes()); err != nil {
			return err
		}
		return rows.PutFiles(ctx, q, row.ID, papers.Files(n.Metainfo))
	})
	if err != nil {
		b.drop(row.Torrent)
		return Share{}, err
	}
	return b.replace(row), nil
}

// room reports whether one more can be kept.
func (b *Book) room(id record.ID) error {
	if _, err := b.Find(id); err == nil {
		return ErrThere
	}
	if b.shelf.Len() >= maxShares {
		return ErrMany
	}
	return nil
}

// sign signs the next record of a share, of one of its torrents, and counts it.
func (b *Book) sign(row *rows.Share, m *metainfo.Torrent, expires time.Time) (*record.Signed, error) {
	who, err := b.cfg.Identities.Use(row.Identity)
	if err != nil {
		return nil, err
	}
	files, _ := record.FilesOf(&m.Info)
	row.Sequence++
	row.Key = who.Share().Public()
	return record.Record{
		ID: row.ID, Title: row.Title, Description: row.Description, Tags: row.Tags, Licence: row.Licence, Provenance: row.Provenance,
		Files: files, Hashes: m.Hashes(), Created: row.Created, Expires: expires, Sequence: row.Sequence,
	}.Sign(who.Share())
}

// drop ends a torrent that was begun for nothing.
func (b *Book) drop(key string) {
	if err := b.cfg.Swarm.End(context.Background(), key, false); err != nil {
		b.cfg.Log.Warn("the torrent of a share that was not made stays", "torrent", key, "err", err)
	}
}
