package access

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/store"
)

// Errors of tokens.
var (
	ErrUnknown = errors.New("no such token")
	ErrExpired = errors.New("the token has expired")
)

const (
	prefix    = "wrt_"    // lets programs that look for secrets in places they should not be find one
	maxTokens = 1000      // of one node
	maxName   = 100       // bytes
	usePeriod = time.Hour // how exactly is written down when a token was used
)

// Token is what is kept of a token.
type Token struct {
	ID      int64
	Name    string
	Scopes  []Scope
	Created time.Time
	Expires time.Time // zero for never
	Used    time.Time // to within the hour; zero for never
	hash    [sha256.Size]byte
	gone    chan struct{} // closed when it is revoked
}

// Tokens are the tokens of a node. Its methods are safe for concurrent use.
type Tokens struct {
	store *store.Store
	clock clock.Clock

	mu   sync.Mutex
	list map[[sha256.Size]byte]*Token
}

// OpenTokens reads the tokens that are in a store.
func OpenTokens(ctx context.Context, s *store.Store, c clock.Clock) (*Tokens, error) {
	t := &Tokens{store: s, clock: c, list: make(map[[sha256.Size]byte]*Token)}
	if err := s.Read(ctx, t.load); err != nil {
		return nil, fmt.Errorf("read tokens: %w", err)
	}
	return t, nil
}

// Create makes a token. The text is what opens; it is not kept, and cannot be told
// again.
func (t *Tokens) Create(ctx context.Context, name string, scopes []Scope, expires time.Time) (made Token, text string, err error) {
	now := t.clock.Now()
	switch name = strings.TrimSpace(name); {
	case name == "":
		return made, "", &InputError{"name", "it is empty: say which program the token is for"}
	case len(name) > maxName || !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl):
		return made, "", &InputError{"name", fmt.Sprintf("want one line of %d bytes at most", maxName)}
	case !expires.IsZero() && !expires.After(now):
		return made, "", &InputError{"expires", "that time has passed"}
	}
	words := make([]string, len(scopes))
	for i, s := range scopes {
		words[i] = string(s)
	}
	if scopes, err = ParseScopes(words); err != nil {
		return made, "", err
	}
	t.mu.Lock()
	full := len(t.list) >= maxTokens
	t.mu.Unlock()
	if full {
		return made, "", &InputError{"name", fmt.Sprintf("there are %d tokens already: revoke some", maxTokens)}
	}
	text = Draw(prefix)
	made = Token{Name: name, Scopes: scopes, Created: now.Truncate(time.Second), Expires: expires, hash: sha256.Sum256([]byte(text)), gone: make(chan struct{})}
	if err := t.store.Write(ctx, func(q store.Querier) error { return insert(ctx, q, &made) }); err != nil {
		return made, "", fmt.Errorf("make token: %w", err)
	}
	t.mu.Lock()
	kept := made
	t.list[made.hash] = &kept
	t.mu.Unlock()
	return made, text, nil
}

// Draw returns a secret of 256 bits as text, behind a prefix.
func Draw(prefix string) string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // it does not fail
	return prefix + base64.RawURLEncoding.EncodeToString(b[:])
}

// List returns all tokens in the order in which they were made.
func (t *Tokens) List() (list []Token) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for token := range maps.Values(t.list) {
		list = append(list, *token)
	}
	slices.SortFunc(list, func(a, b Token) int { return cmp.Compare(a.ID, b.ID) })
	return list
}

// Revoke takes a token away: from the next request on, and from those that last. The
// error may be [ErrUnknown].
func (t *Tokens) Revoke(ctx context.Context, id int64) error {
	t.mu.Lock()
	var found *Token
	for _, token := range t.list {
		if token.ID == id {
			found = token
		}
	}
	t.mu.Unlock()
	if found == nil {
		return fmt.Errorf("revoke token %d: %w", id, ErrUnknown)
	}
	err := t.store.Write(ctx, func(q store.Querier) error {
		_, err := q.ExecContext(ctx, "DELETE FROM token WHERE id = ?", id)
		return err
	})
	if err != nil {
		return fmt.Errorf("revoke token %d: %w", id, err)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.list[found.hash] == found { // nobody else did so meanwhile
		delete(t.list, found.hash)
		close(found.gone)
	}
	return nil
}

// Check returns who has a token. The error is [ErrUnknown] or [ErrExpired].
func (t *Tokens) Check(ctx context.Context, text string) (Principal, error) {
	// Looking up a hash tells by its time nothing about a text of 256 bits.
	hash := sha256.Sum256([]byte(text))
	now := t.clock.Now()
	t.mu.Lock()
	token := t.list[hash]
	if token == nil {
		t.mu.Unlock()
		return Principal{}, ErrUnknown
	}
	p := Principal{Name: token.Name, Way: ByToken, Token: token.ID, Scopes: token.Scopes, gone: token.gone, expires: token.Expires}
	expired := !token.Expires.IsZero() && !now.Before(token.Expires)
	note := !expired && now.Sub(token.Used) >= usePeriod
	if note {
		token.Used = now.Truncate(time.Second)
	}
	t.mu.Unlock()
	if expired {
		return Principal{}, ErrExpired
	}
	if note {
		// Not knowing when it was used is no reason to refuse.
		_ = t.store.Write(ctx, func(q store.Querier) error { return touch(ctx, q, p.Token, now) })
	}
	return p, nil
}
