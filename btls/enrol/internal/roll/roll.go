// Package roll is what an enrolment service remembers: who was given what, who
// is invited, and who is revoked. It does no I/O and is told the time.
package roll

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"slices"
	"time"

	"github.com/warren-p2p/warren/btls/credential"
)

// Bounds.
const (
	MaxMembers = 4096 // credentials that are valid, revoked ones included
	MaxInvites = 1024 // open at a time
	MaxLabel   = 128  // bytes
)

// Reasons why nothing was done.
var (
	ErrFull    = errors.New("as many as there can be")
	ErrUnknown = errors.New("no such credential")
	ErrInvite  = errors.New("not an invitation")
	ErrToken   = errors.New("invitation is unknown, spent or over")
)

// keepExpired is how long what has expired still counts as there: clocks of peers differ.
const keepExpired = time.Hour

// Entry is a credential or certificate that was handed out.
type Entry struct {
	Serial credential.Serial
	// Key is the peer's Ed25519 key, or the SHA-256 of the SubjectPublicKeyInfo of
	// another.
	Key                 [32]byte
	Label               string // what the invitation was called
	NotBefore, NotAfter time.Time
	Leaf                bool // an X.509 certificate
	Revoked             bool
}

// Invite is an invitation that is open.
type Invite struct {
	Label   string
	Uses    int       // left
	Expires time.Time // the last second in which it can be used

	Hash [32]byte // SHA-256 of the token, which itself is not kept
}

// Roll is what a service remembers. The zero value is that of a new one.
type Roll struct {
	Number  uint64 // of the list of revocations
	Invites []Invite
	Entries []Entry // in the order in which they were handed out
}

// Prune forgets what is over, once there is much of it: a clock that was ahead for a
// while must not cost invitations, nor make a revoked credential count again.
func (r *Roll) Prune(now time.Time) {
	if len(r.Invites) > MaxInvites/2 {
		r.Invites = r.Open(now)
	}
	if len(r.Entries) > MaxMembers/2 {
		r.Entries = r.Valid(now)
	}
}

// Open returns the invitations that can be used.
func (r *Roll) Open(now time.Time) []Invite {
	return slices.DeleteFunc(slices.Clone(r.Invites), func(i Invite) bool { return i.Uses <= 0 || now.After(i.Expires) })
}

// Valid returns what has not expired, or only just.
func (r *Roll) Valid(now time.Time) []Entry {
	return slices.DeleteFunc(slices.Clone(r.Entries), func(e Entry) bool { return now.After(e.NotAfter.Add(keepExpired)) })
}

// Invite opens an invitation, in place of one with the same token.
func (r *Roll) Invite(i Invite, now time.Time) error {
	r.Prune(now)
	if i.Uses <= 0 || !now.Before(i.Expires) || len(i.Label) > MaxLabel {
		return ErrInvite
	}
	r.Invites = slices.DeleteFunc(r.Invites, func(old Invite) bool { return old.Hash == i.Hash })
	if len(r.Invites) >= MaxInvites {
		return ErrFull
	}
	r.Invites = append(r.Invites, i)
	return nil
}

// renewable returns the newest entry of a key if it still counts.
func (r *Roll) renewable(key [32]byte, now time.Time) (Entry, bool) {
	for _, e := range slices.Backward(r.Entries) {
		if e.Key == key {
			return e, !e.Revoked && !now.After(e.NotAfter)
		}
	}
	return Entry{}, false
}

// banned reports whether a key has been revoked. It cannot be invited again.
func (r *Roll) banned(key [32]byte) bool {
	return slices.ContainsFunc(r.Entries, func(e Entry) bool { return e.Key == key && e.Revoked })
}

// spend uses an invitation up by one and returns what it is called.
func (r *Roll) spend(token []byte, now time.Time) (label string, ok bool) {
	hash, at := sha256.Sum256(token), -1
	for i := range r.Invites { // all of them, so that the time tells nothing
		if subtle.ConstantTimeCompare(r.Invites[i].Hash[:], hash[:]) == 1 {
			at = i
		}
	}
	if at < 0 || r.Invites[at].Uses <= 0 || now.After(r.Invites[at].Expires) {
		return "", false
	}
	r.Invites[at].Uses--
	return r.Invites[at].Label, true
}

// Admit decides about a request with a key: what is handed out, and whether that
// is new. The caller sets what is not known here.
func (r *Roll) Admit(key [32]byte, token []byte, now time.Time) (e Entry, fresh bool, err error) {
	r.Prune(now)
	if r.banned(key) {
		return e, false, credential.ErrRevoked
	}
	old, renews := r.renewable(key, now)
	if renews && old.NotAfter.Sub(now) > old.NotAfter.Sub(old.NotBefore)/2 {
		return old, false, nil
	}
	if len(r.Entries) >= MaxMembers {
		return e, false, ErrFull
	}
	label := old.Label
	if !renews {
		var ok bool
		if label, ok = r.spend(token, now); !ok {
			return e, false, ErrToken
		}
	}
	return Entry{Key: key, Label: label}, true, nil
}

// Withdraw closes the invitations that are called so, and returns how many there
// were.
func (r *Roll) Withdraw(label string) int {
	before := len(r.Invites)
	r.Invites = slices.DeleteFunc(r.Invites, func(i Invite) bool { return i.Label == label })
	return before - len(r.Invites)
}

// Add notes what was handed out.
func (r *Roll) Add(e Entry) error {
	if len(r.Entries) >= MaxMembers {
		return ErrFull
	}
	r.Entries = append(r.Entries, e)
	return nil
}

// Revoke takes back all that the holder of a serial number has been given.
func (r *Roll) Revoke(serial credential.Serial, now time.Time) error {
	r.Prune(now)
	at := slices.IndexFunc(r.Entries, func(e Entry) bool { return e.Serial == serial })
	if at < 0 {
		return ErrUnknown
	}
	if r.Entries[at].Revoked {
		return nil
	}
	for i := range r.Entries {
		if r.Entries[i].Key == r.Entries[at].Key {
			r.Entries[i].Revoked = true
		}
	}
	r.Number++
	return nil
}

// Revoked returns the serial numbers that do not count any more.
func (r *Roll) Revoked(now time.Time) (list []credential.Serial) {
	for _, e := range r.Valid(now) {
		if e.Revoked {
			list = append(list, e.Serial)
		}
	}
	return list
}
