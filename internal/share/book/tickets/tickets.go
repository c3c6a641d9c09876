// Package tickets keeps who has redeemed the links of shares. A ticket is 16 random
// bytes that are kept nowhere: the store has their hash.
package tickets

import (
	"context"
	"crypto/sha256"
	"errors"
	"sync"
	"time"

	"github.com/warren-p2p/warren/internal/share/book/rows"
	"github.com/warren-p2p/warren/internal/share/link"
	"github.com/warren-p2p/warren/internal/share/record"
	"github.com/warren-p2p/warren/internal/store"
)

// Life is how long a ticket is good for.
const Life = 24 * time.Hour

// How many people are in at once: with one share, so that who has its link keeps nobody
// out of others, and with all.
const (
	mostOfOne = 1000
	most      = 20_000
)

// ErrFull reports that there are as many tickets as are kept.
var ErrFull = errors.New("too many people have redeemed links within a day: try again later")

// Tickets are those of a node. Its methods are safe for concurrent use.
type Tickets struct {
	mu  sync.Mutex
	all map[[sha256.Size]byte]rows.Ticket // by their hash
}

// Load reads the tickets in the store.
func Load(ctx context.Context, q store.Querier) (*Tickets, error) {
	list, err := rows.Tickets(ctx, q)
	t := &Tickets{all: make(map[[sha256.Size]byte]rows.Ticket, len(list))}
	for _, one := range list {
		t.all[one.Hash] = one
	}
	return t, err
}

// Draw returns a new ticket for a share, and what is to be kept of it. The error is
// ErrFull.
func (t *Tickets) Draw(id record.ID, now time.Time) (ticket link.Token, kept rows.Ticket, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	of := 0
	for _, one := range t.all {
		if one.Share == id {
			of++
		}
	}
	if of >= mostOfOne || len(t.all) >= most {
		return ticket, kept, ErrFull
	}
	ticket = link.NewToken()
	return ticket, rows.Ticket{Hash: sha256.Sum256(ticket[:]), Share: id, Ends: now.Add(Life)}, nil
}

// Put has a ticket open something, once it is kept.
func (t *Tickets) Put(kept rows.Ticket) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.all[kept.Hash] = kept
}

// Opens reports whether a ticket opens a share. How long that takes tells nothing of the
// ticket: it is looked up by its hash.
func (t *Tickets) Opens(ticket link.Token, id record.ID, now time.Time) bool {
	sum := sha256.Sum256(ticket[:])
	t.mu.Lock()
	defer t.mu.Unlock()
	one, ok := t.all[sum]
	return ok && one.Share == id && now.Before(one.Ends)
}

// Revoke forgets the tickets of a share.
func (t *Tickets) Revoke(id record.ID) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for hash, one := range t.all {
		if one.Share == id {
			delete(t.all, hash)
		}
	}
}

// Expire forgets those that have ended, and reports whether there were any.
func (t *Tickets) Expire(now time.Time) (any bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for hash, one := range t.all {
		if !now.Before(one.Ends) {
			delete(t.all, hash)
			any = true
		}
	}
	return any
}
