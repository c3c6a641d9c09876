package permid

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"io"
	"log/slog"
)

// Seed is the private part of an identity: 32 random bytes, its own, made of nothing
// else. Whoever has it is the identity.
type Seed [32]byte

// String returns the same text for every seed.
func (s Seed) String() string { return "permid.Seed(redacted)" }

// Format writes String for every verb.
func (s Seed) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }

// LogValue hides the seed from logs.
func (s Seed) LogValue() slog.Value { return slog.StringValue(s.String()) }

// Identity is an ID with its seed. It does not change, and is safe for concurrent use.
type Identity struct {
	seed Seed
	key  ed25519.PrivateKey
	id   ID
}

// New makes an identity from the randomness of the system.
func New() *Identity {
	var seed Seed
	_, _ = rand.Read(seed[:]) // it never fails
	return FromSeed(seed)
}

// FromSeed returns the identity of a seed. Every seed has one.
func FromSeed(seed Seed) *Identity {
	key := ed25519.NewKeyFromSeed(seed[:])
	return &Identity{seed: seed, key: key, id: ID(key.Public().(ed25519.PublicKey))}
}

// ID returns who it is.
func (i *Identity) ID() ID { return i.id }

// Seed returns the private part, for whoever keeps it: see [Identity.Seal].
func (i *Identity) Seed() Seed { return i.seed }

// Sign signs a message as the identity itself, for what domain says. Those who check
// it learn nothing but that.
func (i *Identity) Sign(domain Domain, message []byte) Signature {
	return Signature(ed25519.Sign(i.key, domain.signed(message)))
}

// String returns the same text for every identity.
func (i *Identity) String() string { return "permid.Identity(redacted)" }

// Format writes String for every verb.
func (i *Identity) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, i.String()) }

// LogValue hides the identity from logs.
func (i *Identity) LogValue() slog.Value { return slog.StringValue(i.String()) }

// Domain says what a signature is for, such as "share description". A signature for
// one domain is none for another, whatever the messages are: what is signed with
// Ed25519 is
//
//	"warren/permid/v1/sign" || length of domain, 4 bytes, big endian || domain || message
type Domain string

func (d Domain) signed(message []byte) []byte {
	const prefix = "warren/permid/v1/sign"
	b := make([]byte, 0, len(prefix)+4+len(d)+len(message))
	b = append(b, prefix...)
	b = binary.BigEndian.AppendUint32(b, uint32(len(d)))
	return append(append(b, d...), message...)
}

// Signature is a signature of Ed25519 (RFC 8032 §5.1.6).
type Signature [64]byte

// Verify reports whether the owner of id signed the message for the domain. Nobody's
// signature counts for an ID of low order or of two encodings.
func (id ID) Verify(domain Domain, message []byte, s Signature) bool {
	return verify(id, domain, message, s)
}

// verify checks what makes a signature mean anything; that a key lies in the group of
// prime order is for those who take keys from others (checkKey).
func verify(key [32]byte, domain Domain, message []byte, s Signature) bool {
	if _, err := point(key); err != nil {
		return false
	}
	return ed25519.Verify(key[:], domain.signed(message), s[:])
}
