// Package identity keeps the identities of a node: who its owner can be, under which
// name, and whether a passphrase is needed for it.
//
// They lie in the store, each at rest as package permid seals it. One without a
// passphrase is open as soon as the node runs; one with a passphrase is locked until
// somebody unlocks it, and again after [Book.Lock] or a restart.
//
// Who acts for an identity asks for it each time ([Book.Use]), and has nothing of it
// while it is locked. What a service keeps of an identity beside this table it
// encrypts with the key that the identity has for that (permid.Identity.DB): so a
// locked identity has locked data, and another passphrase changes one row, whatever
// there is.
package identity

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/store"
	"github.com/warren-p2p/warren/permid"
)

// First is the name of the identity that a new node makes.
const First = "me"

// maxName is how many characters a name has at most.
const maxName = 64

// maxIdentities is more than anybody can tell apart, and little to look through.
const maxIdentities = 1000

// Reasons why something cannot be done with an identity.
var (
	ErrNotFound = errors.New("no such identity")
	// ErrName reports a name that is empty, too long, or has characters that do not
	// print.
	ErrName = fmt.Errorf("a name has 1 to %d characters that print, and no space at either end", maxName)
	// ErrTaken reports a name that another identity has.
	ErrTaken = errors.New("another identity has this name")
	// ErrMany reports that there are as many identities as a node keeps.
	ErrMany = fmt.Errorf("a node keeps %d identities at most", maxIdentities)
	// ErrKnown reports that an identity is here already.
	ErrKnown = errors.New("this identity is here already")
	// ErrNoPassphrase reports that an identity without a passphrase was to be locked.
	ErrNoPassphrase = errors.New("this identity has no passphrase, so locking it would keep nobody out")
)

// Info is what is known of an identity without opening it.
type Info struct {
	ID      permid.ID
	Name    string
	Created time.Time
	// Passphrase says that one is needed, Locked that it was not given yet.
	Passphrase, Locked bool
	// Default is the one that is meant unless another is named.
	Default bool
}

// Book holds the identities of a node. Its methods are safe for concurrent use.
type Book struct {
	store *store.Store
	clock clock.Clock

	change sync.Mutex // held while an identity is made or changed, and opened
	mu     sync.Mutex
	pages  map[permid.ID]*page
}

// page is one identity.
type page struct {
	name    string
	created time.Time
	sealed  []byte
	open    *permid.Identity // nil while it is locked
	chosen  bool             // by the owner, to be the default
}

// Open reads the identities in the store, and makes the first one if there is none.
func Open(ctx context.Context, s *store.Store, c clock.Clock) (*Book, error) {
	b := &Book{store: s, clock: c, pages: map[permid.ID]*page{}}
	if err := s.Read(ctx, b.load(ctx)); err != nil {
		return nil, fmt.Errorf("read identities: %w", err)
	}
	if len(b.pages) == 0 {
		if _, err := b.Make(ctx, First, ""); err != nil {
			return nil, err
		}
	}
	return b, nil
}

func (b *Book) load(ctx context.Context) func(store.Querier) error {
	return func(q store.Querier) error {
		return store.Each(ctx, q, func(scan func(...any) error) error {
			p, created := &page{}, int64(0)
			if err := scan(&p.name, &created, &p.sealed, &p.chosen); err != nil {
				return err
			}
			p.created = time.Unix(created, 0).UTC()
			at, err := permid.Inspect(p.sealed)
			if err == nil && !at.Locked {
				p.open, err = permid.Open(p.sealed, "")
			}
			if err != nil {
				return fmt.Errorf("identity %q: %w", p.name, err)
			}
			b.pages[at.ID] = p
			return nil
		}, "SELECT name, created, sealed, permid IN (SELECT permid FROM identity_default) FROM identity")
	}
}

// List returns all identities, the oldest first.
func (b *Book) List() []Info {
	b.mu.Lock()
	defer b.mu.Unlock()
	list := make([]Info, 0, len(b.pages))
	for id, p := range b.pages {
		list = append(list, p.info(id))
	}
	slices.SortFunc(list, func(x, y Info) int {
		return cmp.Or(x.Created.Compare(y.Created), strings.Compare(x.Name, y.Name))
	})
	if !slices.ContainsFunc(list, func(i Info) bool { return i.Default }) && len(list) > 0 {
		list[0].Default = true
	}
	return list
}

func (p *page) info(id permid.ID) Info {
	at, err := permid.Inspect(p.sealed)
	return Info{ID: id, Name: p.name, Created: p.created, Passphrase: err == nil && at.Locked, Locked: p.open == nil, Default: p.chosen}
}

// Find returns the identity of that name or text.
func (b *Book) Find(name string) (Info, error) {
	for _, i := range b.List() {
		if i.Name == name || i.ID.String() == name {
			return i, nil
		}
	}
	return Info{}, ErrNotFound
}

// Use returns an identity to act for it. The error is permid.ErrLocked if it is
// locked, ErrNotFound if there is none.
func (b *Book) Use(id permid.ID) (*permid.Identity, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch p := b.pages[id]; {
	case p == nil:
		return nil, ErrNotFound
	case p.open == nil:
		return nil, permid.ErrLocked
	default:
		return p.open, nil
	}
}

// checkName refuses what could not be told from another name, or would spoil a line.
func checkName(name string) error {
	if !utf8.ValidString(name) || name != strings.TrimSpace(name) {
		return ErrName
	}
	if n := utf8.RuneCountInString(name); n < 1 || n > maxName {
		return ErrName
	}
	for _, r := range name {
		if !unicode.IsPrint(r) {
			return ErrName
		}
	}
	return nil
}

// free checks that a name can be given to an identity, which may have it.
func (b *Book) free(name string, of permid.ID) error {
	if err := checkName(name); err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for id, p := range b.pages {
		if id != of && p.name == name {
			return ErrTaken
		}
	}
	return nil
}
