// Package shelf has the shares of a node in memory, as they stand at a moment: which of
// them a token opens, which are public, what is counted of them, and when their links
// end. It does no I/O.
package shelf

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"slices"
	"sync"
	"time"

	"github.com/warren-p2p/warren/internal/share/book/rows"
	"github.com/warren-p2p/warren/internal/share/link"
	"github.com/warren-p2p/warren/internal/share/record"
)

// State is how the private link of a share stands.
type State string

// The states. A link that has ended in any way looks to others as if it had never been.
const (
	Active  State = "active"
	Expired State = "expired"
	UsedUp  State = "used-up" // those who have redeemed it go on
	Revoked State = "revoked"
)

// Share is a share as it stands. Slices in it must not be changed.
type Share struct {
	rows.Share
	State State
}

// Guarded reports whether the link has to be redeemed before it shows anything.
func (s *Share) Guarded() bool { return s.Uses >= 0 || s.HasPassphrase() }

// HasPassphrase reports whether one is needed to redeem the link.
func (s *Share) HasPassphrase() bool { return s.Passphrase != nil }

// Published reports whether the share is public as well.
func (s *Share) Published() bool { return s.Public != "" && s.Revoked.IsZero() }

// Shelf is the shares of a node. Its methods are safe for concurrent use.
type Shelf struct {
	key [32]byte // of this run: tokens are looked up by their keyed hash

	mu     sync.Mutex
	all    map[record.ID]*entry
	tokens map[[sha256.Size]byte]*entry
	seeded map[string]*entry // by the keys of their private torrents
	public *link.Token       // nil until something is published
}

// entry is a share in memory. What is not counted of it does not change: another one takes
// its place.
type entry struct {
	row    rows.Share
	said   string // of what is public, in lower case
	dirty  bool   // what is counted is to be written down
	paused bool   // its torrent was stopped when the link ended
}

// New returns an empty shelf.
func New() *Shelf {
	s := &Shelf{all: map[record.ID]*entry{}, tokens: map[[sha256.Size]byte]*entry{}, seeded: map[string]*entry{}}
	_, _ = rand.Read(s.key[:]) // it never fails
	return s
}

// Put has a share as it is written down now, but for what is counted of it, and returns
// it.
func (s *Shelf) Put(row *rows.Share, now time.Time) Share {
	e := &entry{row: *row}
	e.said = e.spoken()
	s.mu.Lock()
	defer s.mu.Unlock()
	if before := s.all[row.ID]; before != nil {
		delete(s.tokens, s.hash(before.row.Token))
		delete(s.seeded, before.row.Torrent)
		e.row.Visits, e.row.Downloads, e.dirty, e.paused = before.row.Visits, before.row.Downloads, before.dirty, before.paused
	}
	s.all[row.ID] = e
	if e.row.Revoked.IsZero() {
		s.tokens[s.hash(e.row.Token)], s.seeded[e.row.Torrent] = e, e
	}
	return e.view(now)
}

// Drop forgets a share.
func (s *Shelf) Drop(id record.ID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e := s.all[id]; e != nil {
		delete(s.tokens, s.hash(e.row.Token))
		delete(s.seeded, e.row.Torrent)
		delete(s.all, id)
	}
}

// hash is what a token is looked up by: how long that takes tells nothing of it.
func (s *Shelf) hash(t link.Token) [sha256.Size]byte {
	mac := hmac.New(sha256.New, s.key[:])
	mac.Write(t[:])
	return [sha256.Size]byte(mac.Sum(nil))
}

// Len returns how many shares there are.
func (s *Shelf) Len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.all)
}

// All returns all shares, the oldest first.
func (s *Shelf) All(now time.Time) []Share {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]Share, 0, len(s.all))
	for _, e := range s.all {
		list = append(list, e.view(now))
	}
	slices.SortFunc(list, func(x, y Share) int {
		if c := x.Created.Compare(y.Created); c != 0 {
			return c
		}
		return slices.Compare(x.ID[:], y.ID[:])
	})
	return list
}

// Find returns a share; ok is false if there is none.
func (s *Shelf) Find(id record.ID, now time.Time) (share Share, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.all[id]
	if e == nil {
		return Share{}, false
	}
	return e.view(now), true
}

// Private returns the share that a token is of; ok is false if there is none, or it is
// revoked.
func (s *Shelf) Private(t link.Token, now time.Time) (share Share, ok bool) {
	hash := s.hash(t)
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.tokens[hash]
	if e == nil {
		return Share{}, false
	}
	return e.view(now), true
}

// Seeded reports whether a torrent is that of a private link that has not ended. Those who
// have redeemed one that is used up are still at it.
func (s *Shelf) Seeded(torrent string, now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.seeded[torrent]
	return e != nil && e.view(now).lasts()
}

// lasts reports whether those who have come by the private link may go on.
func (s Share) lasts() bool { return s.State == Active || s.State == UsedUp }

func (e *entry) view(now time.Time) Share { return Share{e.row, StateOf(&e.row, now)} }

// StateOf returns how the link of a share stands.
func StateOf(r *rows.Share, now time.Time) State {
	switch {
	case !r.Revoked.IsZero():
		return Revoked
	case !r.Expires.IsZero() && !now.Before(r.Expires):
		return Expired
	case r.Uses == 0:
		return UsedUp
	}
	return Active
}

// Count adds to what is counted of a share.
func (s *Shelf) Count(id record.ID, visits, downloads int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e := s.all[id]; e != nil && e.row.Revoked.IsZero() {
		e.row.Visits, e.row.Downloads, e.dirty = e.row.Visits+visits, e.row.Downloads+downloads, true
	}
}

// Counted returns the shares of which something was counted since it was asked last.
func (s *Shelf) Counted() (list []rows.Share) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range s.all {
		if e.dirty {
			list, e.dirty = append(list, e.row), false
		}
	}
	return list
}
