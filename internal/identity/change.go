package identity

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/warren-p2p/warren/internal/store"
	"github.com/warren-p2p/warren/permid"
)

// Make makes an identity of new randomness, under a passphrase if it is not empty.
// The error may be ErrName or ErrTaken.
func (b *Book) Make(ctx context.Context, name, passphrase string) (Info, error) {
	return b.add(ctx, name, permid.New(), passphrase)
}

// Import takes an identity that [Book.Export] or another node wrote, with the
// passphrase of that file, which it keeps. The error may also be ErrKnown,
// permid.ErrPassphrase, permid.ErrLocked or permid.ErrMalformed.
func (b *Book) Import(ctx context.Context, name string, sealed []byte, passphrase string) (Info, error) {
	b.change.Lock() // one at a time: opening takes memory
	i, err := permid.Open(sealed, passphrase)
	b.change.Unlock()
	if err != nil {
		return Info{}, fmt.Errorf("import identity: %w", err)
	}
	if at, err := permid.Inspect(sealed); err != nil || !at.Locked {
		passphrase = ""
	}
	return b.add(ctx, name, i, passphrase)
}

func (b *Book) add(ctx context.Context, name string, i *permid.Identity, passphrase string) (Info, error) {
	b.change.Lock()
	defer b.change.Unlock()
	if err := b.free(name, i.ID()); err != nil {
		return Info{}, fmt.Errorf("make identity: %w", err)
	}
	if _, err := b.page(i.ID()); err == nil {
		return Info{}, fmt.Errorf("make identity: %w", ErrKnown)
	}
	if len(b.List()) >= maxIdentities {
		return Info{}, fmt.Errorf("make identity: %w", ErrMany)
	}
	p := &page{name: name, created: b.clock.Now().UTC().Truncate(time.Second), sealed: i.Seal(passphrase), open: i}
	id := i.ID()
	if err := b.store.Write(ctx, func(q store.Querier) error {
		_, err := q.ExecContext(ctx, "INSERT INTO identity (permid, name, created, sealed) VALUES (?, ?, ?, ?)", id[:], name, p.created.Unix(), p.sealed)
		return err
	}); err != nil {
		return Info{}, fmt.Errorf("make identity: %w", err)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.pages[id] = p
	return p.info(id), nil
}

// Rename calls an identity something else. The error may be ErrNotFound, ErrName or
// ErrTaken.
func (b *Book) Rename(ctx context.Context, id permid.ID, name string) error {
	b.change.Lock()
	defer b.change.Unlock()
	p, err := b.page(id)
	if err == nil {
		err = b.free(name, id)
	}
	if err == nil {
		err = b.store.Write(ctx, func(q store.Querier) error {
			_, err := q.ExecContext(ctx, "UPDATE identity SET name = ? WHERE permid = ?", name, id[:])
			return err
		})
	}
	if err != nil {
		return fmt.Errorf("rename identity: %w", err)
	}
	p.name = name
	b.set(id, p)
	return nil
}

// Choose makes an identity the one that is meant unless another is named. The error may
// be ErrNotFound.
func (b *Book) Choose(ctx context.Context, id permid.ID) error {
	b.change.Lock()
	defer b.change.Unlock()
	_, err := b.page(id)
	if err == nil {
		err = b.store.Write(ctx, func(q store.Querier) error {
			_, err := q.ExecContext(ctx, "INSERT OR REPLACE INTO identity_default (one, permid) VALUES (1, ?)", id[:])
			return err
		})
	}
	if err != nil {
		return fmt.Errorf("choose identity: %w", err)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for other, p := range b.pages {
		p.chosen = other == id
	}
	return nil
}

// Unlock opens an identity until it is locked again. The error may be ErrNotFound,
// permid.ErrPassphrase or permid.ErrLocked, which says that a passphrase is needed.
// Only one is opened at a time, however many are asked for.
func (b *Book) Unlock(id permid.ID, passphrase string) error {
	b.change.Lock()
	defer b.change.Unlock()
	p, err := b.page(id)
	if err == nil {
		p.open, err = permid.Open(p.sealed, passphrase)
	}
	if err != nil {
		return fmt.Errorf("unlock identity: %w", err)
	}
	b.set(id, p)
	return nil
}

// Lock forgets the seed of an identity until it is unlocked. Whoever asked for it
// before has it until done. The error may be ErrNotFound or ErrNoPassphrase.
func (b *Book) Lock(id permid.ID) error {
	b.change.Lock()
	defer b.change.Unlock()
	p, err := b.page(id)
	if err == nil && !p.info(id).Passphrase {
		err = ErrNoPassphrase
	}
	if err != nil {
		return fmt.Errorf("lock identity: %w", err)
	}
	p.open = nil
	b.set(id, p)
	return nil
}

// ChangePassphrase puts an identity under another passphrase, or under none if it is
// empty; old is ignored if it had none. Whether it is locked stays as it was, unless it
// needs none any more. The old form is overwritten, as far as the disk does as it is
// told. The error may be that of Unlock.
func (b *Book) ChangePassphrase(ctx context.Context, id permid.ID, old, passphrase string) error {
	b.change.Lock()
	defer b.change.Unlock()
	p, err := b.page(id)
	if err != nil {
		return fmt.Errorf("change passphrase: %w", err)
	}
	i, err := permid.Open(p.sealed, old)
	if err != nil {
		return fmt.Errorf("change passphrase: %w", err)
	}
	p.sealed = i.Seal(passphrase)
	if err := b.store.Write(ctx, func(q store.Querier) error {
		return overwrite(ctx, q, id, p.sealed)
	}); err != nil {
		return fmt.Errorf("change passphrase: %w", err)
	}
	if passphrase == "" {
		p.open = i
	}
	b.set(id, p)
	if err := b.store.Checkpoint(ctx); err != nil {
		return fmt.Errorf("the passphrase is changed, but the old form may still be in the log of the store: %w", err)
	}
	return nil
}

// overwrite replaces what is sealed, and leaves nothing of the old one in the pages of
// the database.
func overwrite(ctx context.Context, q store.Querier, id permid.ID, sealed []byte) (err error) {
	if _, err := q.ExecContext(ctx, "PRAGMA secure_delete = ON"); err != nil {
		return err
	}
	defer func() {
		_, off := q.ExecContext(ctx, "PRAGMA secure_delete = OFF")
		err = errors.Join(err, off)
	}()
	_, err = q.ExecContext(ctx, "UPDATE identity SET sealed = ? WHERE permid = ?", sealed, id[:])
	return err
}

// Export returns an identity at rest under a passphrase of its own, or none, to be kept
// elsewhere. The error may be ErrNotFound or permid.ErrLocked.
func (b *Book) Export(id permid.ID, passphrase string) ([]byte, error) {
	i, err := b.Use(id)
	if err != nil {
		return nil, fmt.Errorf("export identity: %w", err)
	}
	b.change.Lock()
	defer b.change.Unlock()
	return i.Seal(passphrase), nil
}

// page returns a copy of an identity's page, to be changed and set.
func (b *Book) page(id permid.ID) (*page, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	p := b.pages[id]
	if p == nil {
		return nil, ErrNotFound
	}
	c := *p
	return &c, nil
}

func (b *Book) set(id permid.ID, p *page) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.pages[id] = p
}
