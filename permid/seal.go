package permid

import (
	"bytes"
	"crypto/rand"
	"crypto/subtle"
	"encoding/binary"
	"errors"
	"fmt"

	"golang.org/x/crypto/argon2"
	"golang.org/x/crypto/chacha20poly1305"
	"golang.org/x/text/unicode/norm"
)

// An identity at rest. Integers are big endian.
//
//	 0   8  "warrenid"
//	 8   1  version, 1
//	 9   1  form: 0 without a passphrase, 1 with one
//	10  32  ID
//
// Form 0, 74 bytes, is not encrypted:
//
//	42  32  seed
//
// Form 1, 139 bytes:
//
//	42   4  passes of Argon2id (RFC 9106)
//	46   4  its memory in KiB
//	50   1  its threads
//	51  16  its salt
//	67  24  nonce
//	91  48  XChaCha20-Poly1305 of the seed; bytes 0 to 90 are authenticated with it
//
// The passphrase is UTF-8 in normalization form C, so that it is the same typed on
// any keyboard.
const (
	magic      = "warrenid"
	idAt       = 10
	formAt     = 9
	seedAt     = 42
	openSize   = seedAt + 32
	saltAt     = 51
	nonceAt    = saltAt + 16
	sealAt     = nonceAt + chacha20poly1305.NonceSizeX
	lockedSize = sealAt + 32 + chacha20poly1305.Overhead

	formOpen   = 0
	formLocked = 1
)

// cost is what one guess at a passphrase costs. It travels with what is sealed.
type cost struct {
	passes, memory uint32 // KiB
	threads        uint8
}

// standard is the second choice of RFC 9106 §4, for machines that do not have 2 GiB
// to spare: a guess takes 64 MiB and a fraction of a second.
func standard() cost { return cost{passes: 3, memory: 64 << 10, threads: 4} }

// bearable bounds what somebody else's file can make this machine do.
func (c cost) bearable() bool {
	return c.passes >= 1 && c.passes <= 32 && c.threads >= 1 && c.threads <= 64 &&
		c.memory >= 8*uint32(c.threads) && c.memory <= 1<<20
}

// Reasons why an identity at rest cannot be opened.
var (
	// ErrPassphrase reports that the passphrase is wrong, or that what is sealed was
	// changed: the two look alike.
	ErrPassphrase = errors.New("wrong passphrase")
	// ErrLocked reports that a passphrase is needed and none was given.
	ErrLocked = errors.New("a passphrase is needed")
	// ErrMalformed reports bytes that are no identity at rest, of a later version, or
	// damaged.
	ErrMalformed = errors.New("not a sealed identity, or damaged")
)

// Seal returns the identity at rest: encrypted with the passphrase, or in clear,
// marked as such, if it is empty. With a passphrase no two results are the same.
func (i *Identity) Seal(passphrase string) []byte {
	var random [nonceAt - saltAt + sealAt - nonceAt]byte
	_, _ = rand.Read(random[:]) // it never fails
	return i.seal(passphrase, standard(), random)
}

func (i *Identity) seal(passphrase string, c cost, random [40]byte) []byte {
	b := make([]byte, 0, lockedSize)
	b = append(append(b, magic...), 1)
	if passphrase == "" {
		b = append(append(b, formOpen), i.id[:]...)
		return append(b, i.seed[:]...)
	}
	b = append(append(b, formLocked), i.id[:]...)
	b = binary.BigEndian.AppendUint32(b, c.passes)
	b = binary.BigEndian.AppendUint32(b, c.memory)
	b = append(append(b, c.threads), random[:]...)
	return cipher(passphrase, c, b).seal(b, i.seed)
}

// At says what is known of an identity at rest without opening it.
type At struct {
	ID     ID
	Locked bool // by a passphrase
}

// Inspect reads what is not secret of an identity at rest. The error matches
// ErrMalformed. That the ID is that of the seed only Open finds out.
func Inspect(sealed []byte) (At, error) {
	at, _, err := inspect(sealed)
	return at, err
}

func inspect(sealed []byte) (at At, c cost, err error) {
	if len(sealed) < seedAt || !bytes.HasPrefix(sealed, []byte(magic)) {
		return at, c, ErrMalformed
	}
	if v := sealed[len(magic)]; v != 1 {
		return at, c, fmt.Errorf("%w: version %d", ErrMalformed, v)
	}
	if at.ID, err = FromKey(sealed[idAt:seedAt]); err != nil {
		return At{}, c, fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	switch form := sealed[formAt]; {
	case form == formOpen && len(sealed) == openSize:
		return at, c, nil
	case form == formLocked && len(sealed) == lockedSize:
		at.Locked = true
		c = cost{binary.BigEndian.Uint32(sealed[seedAt:]), binary.BigEndian.Uint32(sealed[seedAt+4:]), sealed[saltAt-1]}
		if !c.bearable() {
			return At{}, c, fmt.Errorf("%w: it asks for too much memory or time", ErrMalformed)
		}
		return at, c, nil
	}
	return At{}, c, ErrMalformed
}

// Open reads what Seal wrote. If it was sealed without a passphrase, the passphrase is
// ignored. The error matches ErrLocked, ErrPassphrase or ErrMalformed. With a
// passphrase it takes as much memory and time as one guess should cost.
func Open(sealed []byte, passphrase string) (*Identity, error) {
	at, c, err := inspect(sealed)
	if err != nil {
		return nil, err
	}
	seed := Seed(sealed[seedAt:openSize])
	if at.Locked {
		if passphrase == "" {
			return nil, ErrLocked
		}
		if seed, err = cipher(passphrase, c, sealed).open(sealed); err != nil {
			return nil, err
		}
	}
	i := FromSeed(seed)
	if subtle.ConstantTimeCompare(i.id[:], at.ID[:]) != 1 {
		return nil, fmt.Errorf("%w: the seed is that of somebody else", ErrMalformed)
	}
	return i, nil
}

// key of a cipher that belongs to a header.
type key [chacha20poly1305.KeySize]byte

func cipher(passphrase string, c cost, header []byte) key {
	phrase := norm.NFC.Bytes([]byte(passphrase))
	return key(argon2.IDKey(phrase, header[saltAt:nonceAt], c.passes, c.memory, c.threads, chacha20poly1305.KeySize))
}

func (k key) seal(header []byte, seed Seed) []byte {
	aead, err := chacha20poly1305.NewX(k[:])
	if err != nil {
		panic("permid: " + err.Error()) // the key has the right size
	}
	return aead.Seal(header, header[nonceAt:sealAt], seed[:], header[:sealAt])
}

func (k key) open(sealed []byte) (seed Seed, err error) {
	aead, err := chacha20poly1305.NewX(k[:])
	if err != nil {
		panic("permid: " + err.Error())
	}
	plain, err := aead.Open(nil, sealed[nonceAt:sealAt], sealed[sealAt:], sealed[:sealAt])
	if err != nil {
		return seed, ErrPassphrase
	}
	return Seed(plain), nil
}
