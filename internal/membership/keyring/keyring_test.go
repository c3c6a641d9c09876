package keyring

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"testing"
)

// Stored state is read as it was written, or refused.
func FuzzMember(f *testing.F) {
	key, err := newKey()
	if err != nil {
		f.Fatal(err)
	}
	leafKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(Member{Key: key, Near: "127.0.0.1:1", SSL: Papers{leafKey, []byte("leaf")}}.Bytes())
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := ParseMember(b)
		if err != nil {
			return
		}
		again, err := ParseMember(m.Bytes())
		if err != nil || !bytes.Equal(again.Bytes(), m.Bytes()) {
			t.Errorf("%q: %v", m.Bytes(), err)
		}
	})
}

func FuzzAuthority(f *testing.F) {
	f.Fuzz(func(t *testing.T, b []byte) {
		a, err := ParseAuthority(b)
		if err != nil {
			return
		}
		once, err := a.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		again, err := ParseAuthority(once)
		if err != nil {
			t.Fatalf("%q: %v", once, err)
		}
		if twice, err := again.Bytes(); err != nil || !bytes.Equal(twice, once) {
			t.Errorf("%q: %q, %v", once, twice, err)
		}
	})
}
