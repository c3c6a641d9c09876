// Package passphrase makes the secrets of package btls from words that people
// can tell each other.
//
// Whoever has a torrent that is opened by a passphrase, and meets a peer of it,
// can try phrases at home for as long as they like. A phrase that somebody chose
// does not stand that; so phrases are drawn here, of 96 bits, and a shorter one is
// not taken. They are proquints (D. S. Wilkerson, "A Proposal for Proquints",
// arXiv:0901.4016): each word is 16 bits, consonants and vowels in turn, and reads
// aloud in most languages. Argon2id (RFC 9106) makes each try costly on top of it.
package passphrase

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"

	"github.com/warren-p2p/warren/btls"
)

// Words are how many words a new phrase has, and Least how many the shortest has
// that is taken: 80 bits.
const (
	Words = 6
	Least = 5
)

const (
	wordLen    = 5
	consonants = "bdfghjklmnprstvz"
	vowels     = "aiou"
	most       = 64 // words
)

var (
	// ErrPhrase reports what is not a phrase as New makes them.
	ErrPhrase = errors.New("not a passphrase: it has five or more words of five letters, such as lusab-babad")
	// ErrParams reports a work factor that is too small to help or too large for
	// a machine of today.
	ErrParams = errors.New("cost of the passphrase is out of range")
)

// Params say how a phrase becomes a secret. They are public, and come with the
// torrent.
type Params struct {
	Memory int64 // KiB
	Passes int64
	Lanes  int64
	Salt   [16]byte
}

// Bounds of Params: at least what OWASP's Password Storage Cheat Sheet has for
// Argon2id, and no more than a small machine can do.
const (
	minMemory = 19 << 10
	maxMemory = 256 << 10
	minWork   = 2 * minMemory // KiB times passes
	maxPasses = 16
	maxLanes  = 16
)

// New draws a phrase, and the cost of it with a fresh salt: the second choice that
// RFC 9106, section 4, recommends, 64 MiB and three passes.
func New() (phrase string, p Params) {
	var b [2 * Words]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand
	words := make([]string, 0, Words)
	for i := 0; i < len(b); i += 2 {
		words = append(words, encode(binary.BigEndian.Uint16(b[i:])))
	}
	p = Params{Memory: 64 << 10, Passes: 3, Lanes: 4}
	_, _ = rand.Read(p.Salt[:])
	return strings.Join(words, "-"), p
}

// encode returns the proquint of 16 bits.
func encode(n uint16) string {
	w := make([]byte, wordLen)
	for i := wordLen - 1; i >= 0; i-- {
		if i%2 == 0 {
			w[i] = consonants[n&15]
			n >>= 4
		} else {
			w[i] = vowels[n&3]
			n >>= 2
		}
	}
	return string(w)
}

// Canonical returns a phrase as it counts: in lower case, with one hyphen between
// words, however it was typed. It returns ErrPhrase for what is not one.
func Canonical(phrase string) (string, error) {
	words := strings.FieldsFunc(strings.ToLower(phrase), func(r rune) bool { return r == '-' || r == ' ' || r == '\t' || r == '\n' || r == '\r' })
	if len(words) < Least || len(words) > most {
		return "", fmt.Errorf("%w (there are %d)", ErrPhrase, len(words))
	}
	for i, w := range words {
		if !isWord(w) {
			return "", fmt.Errorf("%w (word %d is none)", ErrPhrase, i+1)
		}
	}
	return strings.Join(words, "-"), nil
}

func isWord(w string) bool {
	if len(w) != wordLen {
		return false
	}
	for i := range wordLen {
		letters := consonants
		if i%2 == 1 {
			letters = vowels
		}
		if strings.IndexByte(letters, w[i]) < 0 {
			return false
		}
	}
	return true
}

// Check reports ErrParams for a cost that is out of range.
func (p Params) Check() error {
	switch {
	case p.Memory < minMemory, p.Memory > maxMemory, p.Passes < 1, p.Passes > maxPasses, p.Lanes < 1, p.Lanes > maxLanes,
		p.Memory*p.Passes < minWork:
		return fmt.Errorf("%w: %d KiB, %d passes, %d lanes", ErrParams, p.Memory, p.Passes, p.Lanes)
	}
	return nil
}

// Secret returns the secret of a phrase. It takes as long as p says: a good part of
// a second, and p.Memory KiB of memory.
func Secret(phrase string, p Params) (s btls.Secret, err error) {
	if phrase, err = Canonical(phrase); err != nil {
		return s, err
	}
	if err := p.Check(); err != nil {
		return s, err
	}
	copy(s[:], argon2.IDKey([]byte(phrase), p.Salt[:], uint32(p.Passes), uint32(p.Memory), uint8(p.Lanes), uint32(len(s))))
	return s, nil
}
