package roll

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"testing"
	"time"

	"github.com/warren-p2p/warren/btls/credential"
)

var start = time.Date(2026, 11, 29, 0, 0, 0, 0, time.UTC)

func TestBounds(t *testing.T) {
	r, now := &Roll{}, start
	for i := range MaxInvites {
		if err := r.Invite(Invite{Uses: 1, Expires: now.Add(time.Hour), Hash: [32]byte{byte(i), byte(i >> 8)}}, now); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.Invite(Invite{Uses: 1, Expires: now.Add(time.Hour), Hash: [32]byte{31: 1}}, now); !errors.Is(err, ErrFull) {
		t.Errorf("one invitation more: %v", err)
	}
	if err := r.Invite(Invite{Uses: 7, Expires: now.Add(time.Hour)}, now); err != nil {
		t.Errorf("one that is known: %v", err)
	}
	for range MaxMembers {
		r.Entries = append(r.Entries, Entry{NotBefore: now, NotAfter: now.Add(time.Hour)})
	}
	if _, _, err := r.Admit([32]byte{1}, make([]byte, 16), now); !errors.Is(err, ErrFull) {
		t.Errorf("one member more: %v", err)
	}
	if b := r.Bytes(); len(b) > 2<<20 {
		t.Errorf("state of %d bytes", len(b))
	} else if _, err := Parse(b); err != nil {
		t.Error(err)
	}
	if _, _, err := r.Admit([32]byte{1}, make([]byte, 16), now.Add(3*time.Hour)); !errors.Is(err, ErrToken) {
		t.Errorf("after all have expired: %v", err)
	}
}

// Stored state is read as it was written, or refused.
func FuzzRoll(f *testing.F) {
	r := &Roll{Number: 3}
	_ = r.Invite(Invite{Label: "friends", Uses: 2, Expires: start.Add(time.Hour), Hash: [32]byte{7}}, start)
	r.Entries = append(r.Entries, Entry{Serial: [16]byte{1}, Key: [32]byte{2}, Label: "friends", NotBefore: start, NotAfter: start.Add(time.Hour), Revoked: true})
	f.Add(r.Bytes())
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := Parse(b)
		if err != nil {
			return
		}
		once := r.Bytes()
		again, err := Parse(once)
		if err != nil {
			t.Fatalf("%q is not read: %v", once, err)
		}
		if !bytes.Equal(again.Bytes(), once) {
			t.Errorf("%q is read as %q", once, again.Bytes())
		}
		r.Prune(start)
	})
}

// A clock that was years ahead for a while has cost nothing once it is right again.
func TestClockAhead(t *testing.T) {
	r, token := &Roll{}, []byte("a token of some length")
	if err := r.Invite(Invite{Label: "friends", Uses: 2, Expires: start.Add(time.Hour), Hash: sha256.Sum256(token)}, start); err != nil {
		t.Fatal(err)
	}
	for i := range byte(2) {
		if err := r.Add(Entry{Serial: credential.Serial{i}, Key: [32]byte{i}, NotBefore: start, NotAfter: start.Add(time.Hour)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.Revoke(credential.Serial{1}, start); err != nil {
		t.Fatal(err)
	}
	ahead := start.AddDate(9, 0, 0)
	if _, _, err := r.Admit([32]byte{9}, token, ahead); !errors.Is(err, ErrToken) {
		t.Errorf("an invitation that is over: %v", err)
	}
	if err := r.Invite(Invite{Uses: 1, Expires: ahead.Add(time.Hour), Hash: [32]byte{5}}, ahead); err != nil {
		t.Fatal(err)
	}
	if n, m, l := len(r.Open(ahead)), len(r.Valid(ahead)), len(r.Revoked(ahead)); n != 1 || m != 0 || l != 0 {
		t.Errorf("then there are %d invitations, %d members and %d revoked", n, m, l)
	}
	if l := r.Revoked(start); len(l) != 1 || l[0] != (credential.Serial{1}) {
		t.Errorf("revoked are %v", l)
	}
	if _, _, err := r.Admit([32]byte{1}, token, start); !errors.Is(err, credential.ErrRevoked) {
		t.Errorf("who was revoked: %v", err)
	}
	if _, fresh, err := r.Admit([32]byte{9}, token, start); !fresh || err != nil {
		t.Errorf("who is invited: %v", err)
	}
}
