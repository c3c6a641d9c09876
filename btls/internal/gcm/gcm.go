// Package gcm is AES-GCM (NIST SP 800-38D) for records of TLS 1.3: nonces of
// 12 bytes, tags of 16, the same results as crypto/cipher's.
//
// Where the processor has the AES and carry-less multiplication instructions
// on 512-bit registers (VAES and VPCLMULQDQ, as the Linux kernel's and
// BoringSSL's AES-GCM use them), four blocks go through the cipher at a time
// and sixteen are hashed with one reduction: about twice as fast as
// crypto/cipher, see the benchmark. Elsewhere, and for what is short, New and
// its results are crypto/cipher's.
//
// There are no tables and no branches that depend on keys or data.
package gcm

import (
	"crypto/aes"
	"crypto/cipher"
	"fmt"
)

// Sizes in bytes.
const (
	NonceLen = 12
	TagLen   = 16
)

// AEAD is AES-GCM under one key.
type AEAD interface {
	cipher.AEAD
	// SealWith seals plaintext and the byte last behind it to dst, which is
	// as long as both and the tag and is where plaintext starts or apart from
	// it. That byte is the content type of a record, and plaintext needs not
	// be copied to have it.
	SealWith(dst, nonce, plaintext []byte, last byte, additional []byte)
}

// New returns AES-GCM under key, of 16 or 32 bytes.
func New(key []byte) (AEAD, error) {
	if len(key) != 16 && len(key) != 32 {
		return nil, fmt.Errorf("gcm: key: %w", aes.KeySizeError(len(key)))
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("gcm: key: %w", err)
	}
	std, err := cipher.NewGCM(block)
	if err != nil {
		return nil, fmt.Errorf("gcm: %w", err)
	}
	if !wide() {
		return plain{std}, nil
	}
	return newFast(key, block, std), nil
}

// plain is crypto/cipher's AES-GCM.
type plain struct{ cipher.AEAD }

func (p plain) SealWith(dst, nonce, plaintext []byte, last byte, additional []byte) {
	sealWith(p.AEAD, dst, nonce, plaintext, last, additional)
}

func sealWith(g cipher.AEAD, dst, nonce, plaintext []byte, last byte, additional []byte) {
	n := copy(dst, plaintext)
	dst[n] = last
	g.Seal(dst[:0], nonce, dst[:n+1], additional)
}
