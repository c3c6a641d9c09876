package schedule

import (
	"bytes"
	"crypto/tls"
	"encoding/hex"
	"testing"
)

// The client's application traffic of RFC 8448, section 3.
func TestTrace(t *testing.T) {
	unhex := func(s string) []byte {
		b, err := hex.DecodeString(s)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	secret := unhex("9e40646ce79a7f9dc05af8889bce6552875afa0b06df0087f792ebb7c17504a5")
	s, ok := Of(tls.TLS_AES_128_GCM_SHA256)
	if !ok || s.SecretLen() != len(secret) {
		t.Fatalf("known %v, secrets of %d bytes", ok, s.SecretLen())
	}
	key, iv, err := s.Keys(secret)
	if err != nil || !bytes.Equal(key, unhex("17422dda596ed5d9acd890e3c63f5051")) || !bytes.Equal(iv[:], unhex("5b78923dee08579033e523d9")) {
		t.Errorf("key %x, iv %x, %v", key, iv, err)
	}
	next, err := s.Next(secret)
	if err != nil || len(next) != len(secret) || bytes.Equal(next, secret) {
		t.Errorf("next %x, %v", next, err)
	}
}

func TestSuites(t *testing.T) {
	for _, id := range []uint16{tls.TLS_AES_128_GCM_SHA256, tls.TLS_AES_256_GCM_SHA384} {
		s, ok := Of(id)
		if same := For(make([]byte, s.SecretLen())); !ok || same.keyLen != s.keyLen || same.SecretLen() != s.SecretLen() {
			t.Errorf("suite %x: %v, %d and %d", id, ok, s.keyLen, same.keyLen)
		}
		if key, _, err := s.Keys(make([]byte, s.SecretLen())); err != nil || len(key) != s.keyLen {
			t.Errorf("suite %x: key of %d bytes, %v", id, len(key), err)
		}
	}
	if _, ok := Of(tls.TLS_CHACHA20_POLY1305_SHA256); ok {
		t.Error("a suite without AES is known")
	}
}
