package draft

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/warren-p2p/warren/internal/share/book"
	"github.com/warren-p2p/warren/internal/share/book/rows"
	"github.com/warren-p2p/warren/internal/share/book/terms"
	"github.com/warren-p2p/warren/internal/share/draft/walk"
	"github.com/warren-p2p/warren/internal/share/record"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/create"
	"github.com/warren-p2p/warren/permid"
)

// Terms are what the owner decides about a share.
type Terms struct {
	book.Said
	Identity    permid.ID // which signs
	Confirmed   bool      // the owner has read what a share tells
	Strip       bool      // share a copy without what can be taken out
	Publish     bool      // make it public at once
	Expires     time.Time
	Uses        int
	Passphrase  string
	Direct      bool
	DirectLimit int64
}

// Check reports what is missing before anything is hashed, as a [*record.FieldError].
func (t *Terms) Check(now time.Time) error {
	if !t.Confirmed {
		return &record.FieldError{Field: "confirmed", Reason: "read what a share tells of you, and confirm it"}
	}
	said := record.Record{
		Title: t.Title, Description: t.Description, Tags: t.Tags, Licence: t.Licence, Provenance: t.Provenance,
		Created: now.UTC().Truncate(time.Second), Sequence: 1,
	}
	if err := said.Check(); err != nil {
		return err
	}
	if t.Publish {
		if err := terms.Publishable(&t.Said); err != nil {
			return err
		}
	}
	c := book.Change{Expires: &t.Expires, Uses: &t.Uses, Direct: &t.Direct, DirectLimit: &t.DirectLimit}
	return c.Apply(&rows.Share{Said: t.Said}, now)
}

// Share makes a share of a draft that is ready, or has failed after it was. The error may
// be ErrNotFound, ErrBusy, ErrClosed, or what is missing in the terms.
func (d *Desk) Share(id string, t Terms) (Draft, error) {
	if err := t.Check(d.cfg.Clock.Now()); err != nil {
		return Draft{}, err
	}
	one, first, err := d.claim(id, t.Strip)
	if err != nil {
		return Draft{}, err
	}
	return d.start(one, first, func(ctx context.Context) error { return d.make(ctx, one, t, first == Stripping) })
}

// Torrent makes a torrent of a draft as Share does a share of it, and nothing else: then is
// told of the torrent and of the folder that it lies in, before the draft is done. The error
// may be ErrNotFound, ErrBusy or ErrClosed.
func (d *Desk) Torrent(id string, o create.Options, then func(ctx context.Context, m *metainfo.Torrent, dir string) error) (Draft, error) {
	one, first, err := d.claim(id, false)
	if err != nil {
		return Draft{}, err
	}
	return d.start(one, first, func(ctx context.Context) error {
		m, err := d.hash(ctx, one, one.view.Path, o)
		if err == nil {
			err = then(ctx, m, filepath.Dir(one.view.Path))
		}
		if err == nil {
			d.set(one, func(v *Draft) { v.State, v.Torrent = Done, m })
		}
		return err
	})
}

// claim sets a draft to the first step of becoming something else, so that nobody else begins.
func (d *Desk) claim(id string, strip bool) (*draft, State, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	one := d.drafts[id]
	if one == nil {
		return nil, "", ErrNotFound
	}
	v := &one.view
	if again := v.State == Failed && one.looked; v.State != Ready && !again {
		return nil, "", fmt.Errorf("%w: it is %s", ErrBusy, v.State)
	}
	v.State = Hashing
	if strip && v.Removable > 0 {
		v.State = Stripping
	}
	return one, v.State, nil
}

// make hashes what lies there, or a copy, and enters it into the book. A copy of what did
// not become a share is removed.
func (d *Desk) make(ctx context.Context, one *draft, t Terms, strip bool) (err error) {
	id := record.NewID()
	from := one.view.Path
	if err := d.same(ctx, one); err != nil {
		return err
	}
	kept := func() error { return nil }
	if strip {
		c := &copying{desk: d, one: one, in: d.cfg.Copies(), id: id.String()}
		kept = c.kept
		defer func() {
			if err != nil {
				c.remove()
			}
		}()
		if from, err = c.run(ctx); err != nil {
			return err
		}
	}
	m, err := d.hash(ctx, one, from, create.Options{Private: true, Source: id.String()})
	if err != nil {
		return err
	}
	if err := kept(); err != nil {
		return err
	}
	share, err := d.cfg.Book.Create(ctx, book.New{
		Said: t.Said, ID: id, Identity: t.Identity, Metainfo: m, Dir: filepath.Dir(from), Verified: true,
		Confirmed: t.Confirmed, Expires: t.Expires, Uses: t.Uses, Passphrase: t.Passphrase, Direct: t.Direct, DirectLimit: t.DirectLimit,
	})
	if err != nil {
		return err
	}
	d.set(one, func(v *Draft) { v.Share = &share })
	if t.Publish {
		if share, err = d.cfg.Book.Publish(ctx, share.ID, book.Publication{Confirmed: true}); err != nil {
			// There is a private share, and its copy stays.
			d.set(one, func(v *Draft) { v.State, v.Err = Done, fmt.Errorf("it is shared, but not public: %w", err) })
			return nil
		}
	}
	d.set(one, func(v *Draft) { v.State, v.Share = Done, &share })
	return nil
}

// hash makes a torrent of a draft, of what lies there or of a copy.
func (d *Desk) hash(ctx context.Context, one *draft, from string, o create.Options) (*metainfo.Torrent, error) {
	fsys, name, err := d.cfg.Disk.Open(from)
	if err != nil {
		return nil, err
	}
	defer fsys.Close()
	d.set(one, func(v *Draft) { v.State, v.Done, v.Total = Hashing, 0, 0 })
	o.Name = filepath.Base(from)
	o.Progress = func(done, total int64) { d.set(one, func(v *Draft) { v.Done, v.Total = done, total }) }
	m, err := create.Torrent(ctx, walk.Chosen{FS: fsys, Skip: one.skip}, name, o)
	if errors.Is(err, metainfo.ErrCollision) {
		return nil, fmt.Errorf("something %w: some systems take two names for one (%w): rename one of them, and begin again", ErrName, err)
	}
	if err != nil {
		return nil, err
	}
	return m, d.same(ctx, one) // nor has it changed since
}

// same reports whether what is shared has changed since it was looked through: what is new
// has been shown to nobody.
func (d *Desk) same(ctx context.Context, one *draft) error {
	fsys, root, err := d.cfg.Disk.Open(one.view.Path)
	if err != nil {
		return err
	}
	defer fsys.Close()
	if now, err := walk.SumOf(ctx, fsys, root, one.skip); err != nil {
		return err
	} else if now != one.seen {
		return ErrChanged
	}
	return nil
}
