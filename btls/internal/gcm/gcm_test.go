package gcm

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"math/rand/v2"
	"testing"
)

func reference(t testing.TB, key []byte) cipher.AEAD {
	t.Helper()
	b, err := aes.NewCipher(key)
	if err != nil {
		t.Fatal(err)
	}
	g, err := cipher.NewGCM(b)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func fill(r *rand.ChaCha8, n int) []byte { b := make([]byte, n); r.Read(b); return b }

// TestEveryLength compares with crypto/cipher for all lengths around what the
// loops take at once, and for a record.
func TestEveryLength(t *testing.T) {
	r := rand.NewChaCha8([32]byte{1})
	lengths := []int{16384, 16385, 16386, 16640, 65536}
	for n := range 1100 {
		lengths = append(lengths, n)
	}
	for _, keyLen := range []int{16, 32} {
		for _, n := range lengths {
			key, nonce := fill(r, keyLen), fill(r, NonceLen)
			compare(t, key, nonce, fill(r, n), fill(r, n%40))
		}
	}
}

// compare seals with both, opens, and opens what was changed.
func compare(t *testing.T, key, nonce, text, additional []byte) {
	t.Helper()
	g, err := New(key)
	if err != nil {
		t.Fatal(err)
	}
	want := reference(t, key).Seal([]byte("in front"), nonce, text, additional)
	if got := g.Seal([]byte("in front"), nonce, text, additional); !bytes.Equal(got, want) {
		t.Fatalf("%d bytes under a key of %d: sealed\n%x\nwant\n%x", len(text), len(key), got, want)
	}
	sealed := want[len("in front"):]
	if n := len(text); n > 0 {
		for _, with := range []AEAD{g, plain{reference(t, key)}} {
			got := make([]byte, n+TagLen)
			with.SealWith(got, nonce, text[:n-1], text[n-1], additional)
			if !bytes.Equal(got, sealed) {
				t.Fatalf("%d bytes sealed with the last one apart differ", n)
			}
		}
	}
	room := make([]byte, len(text)+TagLen)
	copy(room, text)
	if got := g.Seal(room[:0], nonce, room[:len(text)], additional); !bytes.Equal(got, sealed) {
		t.Fatalf("%d bytes sealed in place differ", len(text))
	}
	opened, err := g.Open(room[:0], nonce, room, additional)
	if err != nil || !bytes.Equal(opened, text) {
		t.Fatalf("%d bytes opened in place: %v", len(text), err)
	}
	bad := bytes.Clone(sealed)
	bad[len(bad)*int(nonce[0])/256] ^= 1 << (nonce[1] % 8)
	got := make([]byte, 0, len(bad))
	if _, err := g.Open(got, nonce, bad, additional); err == nil {
		t.Fatalf("%d bytes: a changed bit was not noticed", len(text))
	}
	if n := len(text); !bytes.Equal(got[:n], make([]byte, n)) {
		t.Fatalf("%d bytes: something of what did not authenticate came out", n)
	}
}

func FuzzAgainstCryptoCipher(f *testing.F) {
	f.Add(make([]byte, 16), make([]byte, NonceLen), []byte("some text"), []byte("header"), 1)
	f.Add(bytes.Repeat([]byte{7}, 32), bytes.Repeat([]byte{0xff}, NonceLen), []byte("text"), []byte(nil), 100)
	f.Fuzz(func(t *testing.T, key, nonce, text, additional []byte, times int) {
		if len(key) != 16 && len(key) != 32 || len(nonce) != NonceLen || len(text) > 1000 {
			return
		}
		compare(t, key, nonce, bytes.Repeat(text, times&63), additional)
	})
}

func TestKeyLength(t *testing.T) {
	for _, n := range []int{0, 15, 17, 24, 33} {
		if _, err := New(make([]byte, n)); err == nil {
			t.Errorf("a key of %d bytes is taken", n)
		}
	}
}

func BenchmarkRecord(b *testing.B) {
	for _, c := range []struct {
		name string
		make func([]byte) (AEAD, error)
	}{
		{"here", New},
		{"crypto-cipher", func(key []byte) (AEAD, error) { return plain{reference(b, key)}, nil }},
	} {
		g, err := c.make(make([]byte, 16))
		if err != nil {
			b.Fatal(err)
		}
		nonce, buf := make([]byte, NonceLen), make([]byte, 16385+TagLen)
		b.Run("seal/"+c.name, func(b *testing.B) {
			b.SetBytes(16385)
			for b.Loop() {
				g.Seal(buf[:0], nonce, buf[:16385], nonce[:5])
			}
		})
		g.Seal(buf[:0], nonce, buf[:16385], nonce[:5])
		sealed := bytes.Clone(buf)
		b.Run("open/"+c.name, func(b *testing.B) {
			b.SetBytes(16385)
			for b.Loop() {
				if _, err := g.Open(buf[:0], nonce, sealed, nonce[:5]); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
