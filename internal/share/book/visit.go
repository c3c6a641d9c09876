package book

import (
	"context"
	"encoding/hex"
	"errors"

	"github.com/warren-p2p/warren/internal/share/book/papers"
	"github.com/warren-p2p/warren/internal/share/book/rows"
	"github.com/warren-p2p/warren/internal/share/link"
	"github.com/warren-p2p/warren/internal/share/record"
	"github.com/warren-p2p/warren/internal/store"
	"github.com/warren-p2p/warren/internal/trackerhost/own"
)

// Private returns the share that a token opens, if its link has not ended. A link that is
// used up opens nothing; those who have redeemed it come by their tickets.
func (b *Book) Private(t link.Token) (Share, bool) {
	s, ok := b.shelf.Private(t, b.cfg.Clock.Now())
	return s, ok && s.State == Active
}

// Redeemed returns the share that a token opens for who has a ticket.
func (b *Book) Redeemed(t, ticket link.Token) (Share, bool) {
	now := b.cfg.Clock.Now()
	s, ok := b.shelf.Private(t, now)
	return s, b.tickets.Opens(ticket, s.ID, now) && ok && (s.State == Active || s.State == UsedUp)
}

// Redeem counts one use of a link and returns a ticket, which is good for a day. The
// error is guard.ErrWrong, guard.ErrBusy or a [*guard.WaitError] if it is about the
// passphrase, tickets.ErrFull, ErrNotFound if the link has ended.
func (b *Book) Redeem(ctx context.Context, t link.Token, passphrase string) (ticket link.Token, err error) {
	s, ok := b.Private(t)
	if !ok {
		return ticket, ErrNotFound
	}
	if s.Passphrase != nil {
		if err := b.guard.Check(ctx, s.ID, s.Passphrase, passphrase); err != nil {
			return ticket, err
		}
	}
	b.change.Lock()
	defer b.change.Unlock()
	if s, ok = b.Private(t); !ok { // somebody else was faster
		return ticket, ErrNotFound
	}
	row := s.Share
	row.Used++
	if row.Uses > 0 {
		row.Uses--
	}
	ticket, kept, err := b.tickets.Draw(row.ID, b.cfg.Clock.Now())
	if err != nil {
		return link.Token{}, err
	}
	if err := b.cfg.Store.Write(ctx, func(q store.Querier) error {
		if err := rows.PutTicket(ctx, q, kept); err != nil {
			return err
		}
		return rows.Update(ctx, q, &row)
	}); err != nil {
		return link.Token{}, err
	}
	b.replace(&row)
	b.tickets.Put(kept)
	return ticket, nil
}

// IsPublic reports whether a token is that of the public link, and something is public.
func (b *Book) IsPublic(t link.Token) bool { return b.shelf.IsPublic(t) }

// Public returns public shares, and how many there are that are looked for.
func (b *Book) Public(q Query) (list []Share, total int) { return b.shelf.Search(q, b.cfg.Clock.Now()) }

// Record returns the record of the private torrent of a share, or of the public one, as
// it is signed and served.
func (b *Book) Record(ctx context.Context, id record.ID, public bool) (bytes []byte, err error) {
	err = b.cfg.Store.Read(ctx, func(q store.Querier) error {
		bytes, err = rows.Record(ctx, q, id, public)
		return err
	})
	if err == nil && bytes == nil {
		err = ErrNotFound
	}
	return bytes, err
}

// Files returns some files of a share, from a number on.
func (b *Book) Files(ctx context.Context, id record.ID, from, most int) (list []record.File, err error) {
	err = b.cfg.Store.Read(ctx, func(q store.Querier) error {
		list, err = rows.Files(ctx, q, id, from, most)
		return err
	})
	return list, err
}

// Torrent returns the torrent file that visitors get: that of the private torrent names
// the tracker of this share and no secret, that of the public one what it names in the
// library.
func (b *Book) Torrent(s *Share, public bool) ([]byte, error) {
	if public {
		m, _, err := b.cfg.Swarm.Metainfo(s.Public)
		if err != nil {
			return nil, err
		}
		return m.Bytes(), nil
	}
	m, _, err := b.cfg.Swarm.Metainfo(s.Torrent)
	if err != nil {
		return nil, err
	}
	tracker := ""
	if at := b.cfg.Place(); at != "" {
		tracker = own.SoleURL(at, hex.EncodeToString(s.Announce[:]))
	}
	papers.Private(m, tracker)
	return m.Bytes(), nil
}

// Visited counts a look at the page of a share.
func (b *Book) Visited(id record.ID) { b.shelf.Count(id, 1, 0) }

// Downloaded counts a file that was begun to be fetched over HTTP.
func (b *Book) Downloaded(id record.ID) { b.shelf.Count(id, 0, 1) }

// OpenFile opens a file of a share that its owner lets be had over HTTP. The error
// matches ErrNotFound if there is none. What is read is not verified.
func (b *Book) OpenFile(ctx context.Context, s *Share, n int) (one rows.File, f File, err error) {
	if !s.Direct || n < 0 {
		return one, nil, ErrNotFound
	}
	err = b.cfg.Store.Read(ctx, func(q store.Querier) error {
		one, err = rows.OneFile(ctx, q, s.ID, n)
		return err
	})
	switch {
	case errors.Is(err, rows.ErrNoFile), err == nil && one.Size > s.DirectLimit:
		return one, nil, ErrNotFound
	case err != nil:
		return one, nil, err
	}
	f, err = b.cfg.Swarm.Open(s.Torrent, one.Path)
	return one, f, err
}

// Seeded reports whether strangers who know the key of a private torrent may have others
// named who fetch it: as long as its link has not ended.
func (b *Book) Seeded(torrent string) bool { return b.shelf.Seeded(torrent, b.cfg.Clock.Now()) }

// Lasts reports whether a share that was found a while ago can still be had: that by its
// private link has not ended, or it is public.
func (b *Book) Lasts(id record.ID, public bool) bool {
	s, ok := b.shelf.Find(id, b.cfg.Clock.Now())
	if public {
		return ok && s.Published()
	}
	return ok && (s.State == Active || s.State == UsedUp)
}
