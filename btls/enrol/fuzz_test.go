package enrol

import (
	"bytes"
	"testing"
	"time"
)

// Stored state is read as it was written, or refused.
func FuzzRoll(f *testing.F) {
	r := &roll{number: 3}
	_ = r.invite(Invite{Label: "friends", Uses: 2, Expires: start.Add(time.Hour), hash: [32]byte{7}}, start)
	r.entries = append(r.entries, Entry{Serial: [16]byte{1}, Key: [32]byte{2}, Label: "friends", NotBefore: start, NotAfter: start.Add(time.Hour), Revoked: true})
	f.Add(r.bytes())
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := parseRoll(b)
		if err != nil {
			return
		}
		once := r.bytes()
		again, err := parseRoll(once)
		if err != nil {
			t.Fatalf("%q is not read: %v", once, err)
		}
		if !bytes.Equal(again.bytes(), once) {
			t.Errorf("%q is read as %q", once, again.bytes())
		}
		r.prune(start)
	})
}

// A request is refused, or its key is one that is enrolled.
func FuzzCertificateRequest(f *testing.F) {
	f.Add(request(f, newPeer(f)))
	f.Add(request(f, newP256(f)))
	f.Fuzz(func(t *testing.T, der []byte) {
		key, _, err := readRequest(der)
		if err == nil && key == ([32]byte{}) {
			t.Error("a request without a key")
		}
	})
}
