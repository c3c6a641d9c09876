// Package schedule is the end of TLS 1.3's key schedule: from a traffic secret to
// keys, and to the secret after it (RFC 8446, section 7).
package schedule

import (
	"crypto/hkdf"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/tls"
	"encoding/binary"
	"fmt"
	"hash"
)

// Suite is what a cipher suite of TLS 1.3 means for keys.
type Suite struct {
	hash   func() hash.Hash
	keyLen int
}

// Of returns a suite with AES-GCM by its number.
func Of(id uint16) (Suite, bool) {
	switch id {
	case tls.TLS_AES_128_GCM_SHA256:
		return Suite{sha256.New, 16}, true
	case tls.TLS_AES_256_GCM_SHA384:
		return Suite{sha512.New384, 32}, true
	}
	return Suite{}, false
}

// For returns the only suite with AES-GCM that has secrets of this length.
func For(secret []byte) Suite {
	if len(secret) == sha256.Size {
		return Suite{sha256.New, 16}
	}
	return Suite{sha512.New384, 32}
}

// SecretLen is the length of a traffic secret, in bytes.
func (s Suite) SecretLen() int { return s.hash().Size() }

// Keys returns the key and the IV of a traffic secret (section 7.3).
func (s Suite) Keys(secret []byte) (key []byte, iv [12]byte, err error) {
	if key, err = s.expand(secret, "key", s.keyLen); err != nil {
		return nil, iv, err
	}
	b, err := s.expand(secret, "iv", len(iv))
	copy(iv[:], b)
	return key, iv, err
}

// Next returns the traffic secret after a KeyUpdate (section 7.2).
func (s Suite) Next(secret []byte) ([]byte, error) {
	return s.expand(secret, "traffic upd", s.SecretLen())
}

// expand is HKDF-Expand-Label of section 7.1, with no context.
func (s Suite) expand(secret []byte, label string, n int) ([]byte, error) {
	info := binary.BigEndian.AppendUint16(nil, uint16(n))
	info = append(info, byte(len("tls13 ")+len(label)))
	info = append(info, "tls13 "+label...)
	info = append(info, 0)
	out, err := hkdf.Expand(s.hash, secret, string(info), n)
	if err != nil {
		return nil, fmt.Errorf("schedule: derive %s: %w", label, err)
	}
	return out, nil
}
