// Package book keeps what a node shares by links: one private link for each share, and
// one public link for all that is public.
//
// A share is a torrent of its own, private and of level Strict, that no other torrent has
// the info-hash of: its info dictionary names the share ([New.Metainfo]). Its record is
// signed with the key that the identity has for that. To publish it is to seed the same
// content once more as a public torrent, under another record. To revoke it is to end
// the link, those who came by it, and the torrents.
//
// What is shared has to be served while its owner is asleep and the identity locked.
// So nothing of it is encrypted with the key of the identity, which is needed to sign
// alone.
//
// Locks: that of a change, held while something is written down; that of the lists, with
// which nobody is called.
package book

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/share/book/rows"
	"github.com/warren-p2p/warren/internal/share/book/shelf"
	"github.com/warren-p2p/warren/internal/share/book/terms"
	"github.com/warren-p2p/warren/internal/share/book/tickets"
	"github.com/warren-p2p/warren/internal/share/guard"
	"github.com/warren-p2p/warren/internal/share/record"
	"github.com/warren-p2p/warren/internal/store"
	"github.com/warren-p2p/warren/permid"
)

// maxShares is more than anybody looks through, and bounds what is in memory.
const maxShares = 10_000

// Said is what the owner says of a share.
type Said = rows.Said

// New is what is to be shared.
type New = terms.New

// Change says what is to be different about a share.
type Change = terms.Change

// Publication is what making a share public asks for.
type Publication = terms.Publication

// Share is a share as it stands.
type Share = shelf.Share

// State is how the private link of a share stands.
type State = shelf.State

// Query says which public shares are looked for.
type Query = shelf.Query

// The states of links.
const (
	Active  = shelf.Active
	Expired = shelf.Expired
	UsedUp  = shelf.UsedUp
	Revoked = shelf.Revoked
)

// Identities lends identities to act for them, as [identity.Book] does.
type Identities interface {
	Use(id permid.ID) (*permid.Identity, error)
}

// Config is what a book needs.
type Config struct {
	Store      *store.Store
	Clock      clock.Clock
	Log        *slog.Logger
	Identities Identities
	Swarm      Swarm
	// Place returns where others reach the port, HOST:PORT, "" if that is not known; Pin
	// what they check there, SHA-256 of the SPKI.
	Place func() string
	Pin   func() ([32]byte, error)
	// Cost is what one guess at a passphrase costs; the usual by default.
	Cost guard.Cost
}

// Reasons why something cannot be done.
var (
	ErrNotFound = errors.New("no such share")
	ErrRevoked  = errors.New("the share is revoked")
	// ErrThere reports a torrent that the node has already.
	ErrThere = errors.New("the torrent is there already")
	// ErrMany reports that there are as many shares as a node keeps.
	ErrMany = fmt.Errorf("a node keeps %d shares at most: forget some that are revoked", maxShares)
	// ErrNowhere reports that there is no link, since nobody knows where others reach
	// the node.
	ErrNowhere = errors.New("it is not known where others reach this node: say it with tracker.address")
	// ErrUnpublished reports a share that is not public.
	ErrUnpublished = errors.New("the share is not public")
)

// Book keeps shares. Its methods are safe for concurrent use.
type Book struct {
	cfg     Config
	guard   *guard.Guard
	shelf   *shelf.Shelf
	tickets *tickets.Tickets

	change sync.Mutex // held while something is changed and written down

	wake chan struct{} // there may be something to do
	gone chan struct{} // torrents were removed by others
	stop context.CancelFunc
	work sync.WaitGroup
}

// Open reads the shares in the store. The swarm is not asked for anything before it
// returns.
func Open(ctx context.Context, cfg Config) (*Book, error) {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	b := &Book{
		cfg: cfg, guard: guard.New(cfg.Clock), shelf: shelf.New(), wake: make(chan struct{}, 1), gone: make(chan struct{}, 1),
	}
	if err := cfg.Store.Read(ctx, func(q store.Querier) error { return b.load(ctx, q) }); err != nil {
		return nil, err
	}
	run, stop := context.WithCancel(context.Background())
	b.stop = stop
	b.work.Go(func() { b.run(run) })
	return b, nil
}

func (b *Book) load(ctx context.Context, q store.Querier) error {
	list, err := rows.All(ctx, q)
	if err != nil {
		return err
	}
	for _, row := range list {
		b.shelf.Put(row, b.cfg.Clock.Now())
	}
	if b.tickets, err = tickets.Load(ctx, q); err != nil {
		return err
	}
	token, ok, err := rows.PublicToken(ctx, q)
	if ok {
		b.shelf.SetPublicToken(token)
	}
	return err
}

// All returns all shares, the oldest first.
func (b *Book) All() []Share { return b.shelf.All(b.cfg.Clock.Now()) }

// Find returns a share. The error is ErrNotFound.
func (b *Book) Find(id record.ID) (Share, error) {
	s, ok := b.shelf.Find(id, b.cfg.Clock.Now())
	if !ok {
		return Share{}, ErrNotFound
	}
	return s, nil
}

// row returns a copy of the row of a share that is not revoked, to be changed. The
// caller holds b.change.
func (b *Book) row(id record.ID) (*rows.Share, error) {
	s, err := b.Find(id)
	if err == nil && s.State == Revoked {
		err = ErrRevoked
	}
	return &s.Share, err
}

// replace has a share as it is written down now, and returns it.
func (b *Book) replace(row *rows.Share) Share {
	s := b.shelf.Put(row, b.cfg.Clock.Now())
	b.stir() // it may end at another time
	return s
}

// stir has the book look what has to be done now.
func (b *Book) stir() {
	select {
	case b.wake <- struct{}{}:
	default:
	}
}
