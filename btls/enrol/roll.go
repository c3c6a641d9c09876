package enrol

import (
	"crypto/sha256"
	"crypto/subtle"
	"slices"
	"time"

	"github.com/warren-p2p/warren/btls/credential"
)

// keepExpired is how long what has expired is remembered: clocks of peers differ.
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

	hash [32]byte // SHA-256 of the token, which itself is not kept
}

// roll is what a service remembers. It does no I/O and is told the time.
type roll struct {
	number  uint64 // of the list of revocations
	invites []Invite
	entries []Entry // in the order in which they were handed out
}

// prune forgets what is over.
func (r *roll) prune(now time.Time) {
	r.invites = slices.DeleteFunc(r.invites, func(i Invite) bool { return i.Uses <= 0 || now.After(i.Expires) })
	r.entries = slices.DeleteFunc(r.entries, func(e Entry) bool { return now.After(e.NotAfter.Add(keepExpired)) })
}

// invite opens an invitation.
func (r *roll) invite(i Invite, now time.Time) error {
	r.prune(now)
	if i.Uses <= 0 || !now.Before(i.Expires) || len(i.Label) > MaxLabel {
		return ErrInvite
	}
	r.invites = slices.DeleteFunc(r.invites, func(old Invite) bool { return old.hash == i.hash })
	if len(r.invites) >= MaxInvites {
		return ErrFull
	}
	r.invites = append(r.invites, i)
	return nil
}

// renewable returns the newest entry of a key if it still counts.
func (r *roll) renewable(key [32]byte, now time.Time) (Entry, bool) {
	for _, e := range slices.Backward(r.entries) {
		if e.Key == key {
			return e, !e.Revoked && !now.After(e.NotAfter)
		}
	}
	return Entry{}, false
}

// banned reports whether a key has been revoked. It cannot be invited again.
func (r *roll) banned(key [32]byte) bool {
	return slices.ContainsFunc(r.entries, func(e Entry) bool { return e.Key == key && e.Revoked })
}

// spend uses an invitation up by one and returns what it is called.
func (r *roll) spend(token []byte, now time.Time) (label string, ok bool) {
	hash, at := sha256.Sum256(token), -1
	for i := range r.invites { // all of them, so that the time tells nothing
		if subtle.ConstantTimeCompare(r.invites[i].hash[:], hash[:]) == 1 {
			at = i
		}
	}
	if at < 0 || r.invites[at].Uses <= 0 || now.After(r.invites[at].Expires) {
		return "", false
	}
	r.invites[at].Uses--
	return r.invites[at].Label, true
}

// admit decides about a request with a key: what is handed out, and whether that
// is new. The caller sets what is not known here.
func (r *roll) admit(key [32]byte, token []byte, now time.Time) (e Entry, fresh bool, err error) {
	r.prune(now)
	if r.banned(key) {
		return e, false, credential.ErrRevoked
	}
	old, renews := r.renewable(key, now)
	if renews && old.NotAfter.Sub(now) > old.NotAfter.Sub(old.NotBefore)/2 {
		return old, false, nil
	}
	if len(r.entries) >= MaxMembers {
		return e, false, ErrFull
	}
	label := old.Label
	if !renews {
		var ok bool
		if label, ok = r.spend(token, now); !ok {
			return e, false, errToken
		}
	}
	return Entry{Key: key, Label: label}, true, nil
}

// revoke takes back all that the holder of a serial number has been given.
func (r *roll) revoke(serial credential.Serial, now time.Time) error {
	r.prune(now)
	at := slices.IndexFunc(r.entries, func(e Entry) bool { return e.Serial == serial })
	if at < 0 {
		return ErrUnknown
	}
	if r.entries[at].Revoked {
		return nil
	}
	for i := range r.entries {
		if r.entries[i].Key == r.entries[at].Key {
			r.entries[i].Revoked = true
		}
	}
	r.number++
	return nil
}

// revoked returns the serial numbers that do not count any more.
func (r *roll) revoked() (list []credential.Serial) {
	for _, e := range r.entries {
		if e.Revoked {
			list = append(list, e.Serial)
		}
	}
	return list
}
