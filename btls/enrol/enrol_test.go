package enrol

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"testing"
	"time"

	"github.com/warren-p2p/warren/btls/credential"
)

// An invitation lets as many in as it says, and whoever is in gets further
// credentials with the key of the one it has.
func TestEnrol(t *testing.T) {
	w := newWorld(t)
	a, b, c := newPeer(t), newPeer(t), newPeer(t)
	first, err := w.enrol(a, w.token)
	if err != nil {
		t.Fatal(err)
	}
	writes := w.store.writes
	if again, err := w.enrol(a, w.token); err != nil || again != first {
		t.Errorf("who asks again gets another one: %v", err)
	}
	if w.store.writes != writes {
		t.Error("who asks again and again wears out the disk")
	}
	if _, err := w.enrol(b, w.token); err != nil {
		t.Errorf("asking again has cost an invitation: %v", err)
	}
	if _, err := w.enrol(c, w.token); !errors.Is(err, ErrRefused) {
		t.Errorf("a spent invitation: %v", err)
	}
	if _, err := w.enrol(c, nil); !errors.Is(err, ErrRefused) {
		t.Errorf("no invitation: %v", err)
	}
	w.clock.Pass(21 * time.Hour)
	second, err := w.enrol(a, nil)
	if err != nil || second.Serial == first.Serial || !second.NotAfter.Equal(w.clock.Now().Add(30*time.Hour)) {
		t.Errorf("renewed until %v: %v", second.NotAfter, err)
	}
	w.clock.Pass(10 * time.Hour)
	if _, err := w.enrol(b, nil); !errors.Is(err, ErrRefused) {
		t.Errorf("one that has expired is renewed: %v", err)
	}
	if _, err := w.enrol(a, nil); err != nil {
		t.Error(err)
	}
	list, err := w.service.Entries()
	if err != nil || len(list) != 3 || list[2].Serial != second.Serial || list[2].Label != "friends" {
		t.Errorf("%+v, %v", list, err)
	}
}

// An invitation is over at its time, and when it is withdrawn.
func TestInvitationEnds(t *testing.T) {
	w := newWorld(t)
	other := NewToken()
	if err := w.service.Invite(other, "a friend", 1, start.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	w.clock.Pass(time.Hour + time.Second)
	if _, err := w.enrol(newPeer(t), other); !errors.Is(err, ErrRefused) {
		t.Errorf("over: %v", err)
	}
	list, err := w.service.Invites()
	if err != nil || len(list) != 1 || list[0].Label != "friends" || list[0].Uses != 2 {
		t.Errorf("%+v, %v", list, err)
	}
	if n, err := w.service.Withdraw("friends"); n != 1 || err != nil {
		t.Errorf("withdrawn: %d, %v", n, err)
	}
	if _, err := w.enrol(newPeer(t), w.token); !errors.Is(err, ErrRefused) {
		t.Errorf("withdrawn: %v", err)
	}
	for name, c := range map[string]struct {
		token []byte
		uses  int
		until time.Time
	}{
		"short": {other[:15], 1, start.Add(100 * time.Hour)}, "over": {other, 1, start}, "without uses": {other, 0, start.Add(100 * time.Hour)},
		"long": {make([]byte, 129), 1, start.Add(100 * time.Hour)},
	} {
		if err := w.service.Invite(c.token, "", c.uses, c.until); !errors.Is(err, ErrInvite) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Who is revoked is on the list with all that he was given, and gets nothing more.
func TestRevoke(t *testing.T) {
	w := newWorld(t)
	a, b := newPeer(t), newPeer(t)
	first, err := w.enrol(a, w.token)
	if err != nil {
		t.Fatal(err)
	}
	w.clock.Pass(21 * time.Hour)
	second, err := w.enrol(a, nil)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := w.enrol(b, w.token)
	if err != nil {
		t.Fatal(err)
	}
	read := func() credential.Revocations {
		t.Helper()
		raw, err := w.client().Revoked(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		list, err := credential.ParseRevocations(raw)
		if err == nil {
			err = list.Check(w.service.Authority.Public(), w.service.ID, 0)
		}
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	before := read()
	if err := w.service.Revoke(second.Serial); err != nil {
		t.Fatal(err)
	}
	list := read()
	if !list.Has(first.Serial) || !list.Has(second.Serial) || list.Has(kept.Serial) || list.Number <= before.Number {
		t.Errorf("list %d after %d: %v", list.Number, before.Number, list.Serials)
	}
	if err := w.service.Revoke(second.Serial); err != nil || read().Number != list.Number {
		t.Errorf("twice: %v", err)
	}
	if err := w.service.Revoke(credential.Serial{}); !errors.Is(err, ErrUnknown) {
		t.Errorf("an unknown one: %v", err)
	}
	if err := w.service.Invite(w.token, "friends", 9, start.Add(100*time.Hour)); err != nil {
		t.Fatal(err)
	}
	if _, err := w.enrol(a, w.token); !errors.Is(err, ErrRefused) {
		t.Errorf("the revoked key is enrolled: %v", err)
	}
	w.clock.Pass(40 * time.Hour)
	if n := len(read().Serials); n != 0 {
		t.Errorf("%d that have expired are on the list", n)
	}
}

// The sharer's own peer needs no invitation.
func TestAdmit(t *testing.T) {
	w := newWorld(t)
	key := newPeer(t)
	c, err := w.service.Admit(key.Public().(ed25519.PublicKey), "sharer")
	if err != nil {
		t.Fatal(err)
	}
	if again, err := w.enrol(key, nil); err != nil || again != c {
		t.Error(err)
	}
	list, err := w.service.Entries()
	if err != nil || len(list) != 1 || list[0].Label != "sharer" {
		t.Errorf("%+v, %v", list, err)
	}
}

// Requests with a P-256 key get an X.509 certificate, others that are no Ed25519
// key nothing.
func TestKinds(t *testing.T) {
	w := newWorld(t)
	key := newP256(t)
	b, err := w.client().Enrol(t.Context(), key, w.token)
	if want := "leaf 1795910400 1796018400"; err != nil || string(b) != want {
		t.Errorf("%q, %v", b, err)
	}
	w.clock.Pass(time.Hour)
	if again, err := w.client().Enrol(t.Context(), key, nil); err != nil || string(again) != string(b) {
		t.Errorf("%q, %v", again, err)
	}
	list, err := w.service.Entries()
	if err != nil || len(list) != 1 || !list[0].Leaf || list[0].Serial == (credential.Serial{}) {
		t.Errorf("%+v, %v", list, err)
	}
	p384, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	long, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	for name, key := range map[string]crypto.Signer{"P-384": p384, "RSA": long} {
		if _, err := w.client().Enrol(t.Context(), key, w.token); !errors.Is(err, ErrRefused) {
			t.Errorf("%s: %v", name, err)
		}
	}
	w.service.Leaf = nil
	if _, err := w.client().Enrol(t.Context(), newP256(t), w.token); !errors.Is(err, ErrRefused) {
		t.Errorf("there is no authority for certificates: %v", err)
	}
	if list, err := w.service.Invites(); err != nil || list[0].Uses != 1 {
		t.Errorf("what was refused has cost an invitation: %+v, %v", list, err)
	}
}

// A request that was signed by another key than it names is refused.
func TestProofOfPossession(t *testing.T) {
	good := request(t, newPeer(t))
	for _, at := range []int{len(good) - 1, len(good) - 70} {
		bad := append([]byte(nil), good...)
		bad[at] ^= 1
		if _, _, err := readRequest(bad); !errors.Is(err, errRequest) {
			t.Errorf("byte %d changed: %v", at, err)
		}
	}
	if _, _, err := readRequest(good); err != nil {
		t.Error(err)
	}
}

// What cannot be stored was not handed out, and costs nothing.
func TestDiskFull(t *testing.T) {
	w := newWorld(t)
	w.store.full = errors.New("disk is full")
	key := newPeer(t)
	if _, err := w.enrol(key, w.token); !errors.Is(err, ErrRefused) {
		t.Errorf("full: %v", err)
	}
	w.store.full = nil
	if _, err := w.enrol(key, w.token); err != nil {
		t.Error(err)
	}
	if list, err := w.service.Invites(); err != nil || list[0].Uses != 1 {
		t.Errorf("%+v, %v", list, err)
	}
}
