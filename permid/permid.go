// Package permid has the identities of warren: a public key that a person is known
// by, the keys that belong to it, and how they are kept.
//
// An [ID] is the public key of Ed25519 (RFC 8032). Its text is bech32m (BIP-350)
// under the prefix wr, 61 characters:
//
//	wr1…
//
// An [Identity] is what only its owner has: 32 random bytes, the seed. It is the
// private key of the ID, and every other key that a person needs is derived from it
// with HKDF-SHA256 (RFC 5869) under a label of a fixed table:
//
//	chat                   secret of conversations
//	onion/<purpose>/<n>    an onion service
//	share                  signs what is shared
//	swarm                  stands for the person among the peers of a torrent
//	ledger                 an account
//	dht                    a node of the encrypted DHT
//	db                     encrypts what is kept of the identity on disk
//
// So nobody learns from an ID which onion, account or peer is the same person's,
// unless that person says so; and two identities have nothing in common at all, since
// there is no seed above theirs. Keys for different purposes are different types
// ([SigningKey], [SecretKey]): a program that mixes them up does not compile.
//
// What is signed is signed for something: see [Domain]. Nothing private ends up in a
// log or a message: it prints as a fixed text under every verb.
//
// The bytes, with test vectors for other implementations, are in
// docs/protocols/permid.md.
package permid

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"math/big"

	"filippo.io/edwards25519"

	"github.com/warren-p2p/warren/permid/internal/bech32m"
)

// Prefix is how the text of an ID begins, before the "1".
const Prefix = "wr"

// Reasons why something is no ID. Errors of Parse and FromKey match one of them.
var (
	// ErrText reports a text that is not the one text of 32 bytes: another prefix or
	// length, capitals, a wrong checksum.
	ErrText = errors.New("not the text of an identity")
	// ErrKey reports 32 bytes that no seed leads to: no point of the curve, not the
	// one encoding of it, or a point outside the group of prime order, for which a
	// signature by nobody or by anybody can be made.
	ErrKey = errors.New("not the public key of an identity")
)

// ID is who somebody is: the public key, 32 bytes as in RFC 8032 §5.1.2. IDs compare
// with ==. The zero ID is nobody's. One that came from elsewhere must have passed
// [Parse], [FromKey] or [ID.Check].
type ID [32]byte

// Parse reads what [ID.String] writes, and nothing else. The error matches ErrText
// or ErrKey.
func Parse(text string) (ID, error) {
	prefix, data, err := bech32m.Decode(text)
	switch {
	case err != nil:
		return ID{}, fmt.Errorf("%w: %w", ErrText, err)
	case prefix != Prefix:
		return ID{}, fmt.Errorf("%w: it does not begin with %s1", ErrText, Prefix)
	case len(data) != len(ID{}):
		return ID{}, fmt.Errorf("%w: %d bytes, not %d", ErrText, len(data), len(ID{}))
	}
	return FromKey(data)
}

// FromKey takes the 32 bytes of a public key. The error matches ErrKey.
func FromKey(key []byte) (ID, error) {
	if len(key) != len(ID{}) {
		return ID{}, fmt.Errorf("%w: %d bytes, not %d", ErrKey, len(key), len(ID{}))
	}
	id := ID(key)
	return id, id.Check()
}

// Check reports whether some seed leads to id; if not, the error matches ErrKey. It
// takes as long as checking a signature.
func (id ID) Check() error { return checkKey(id) }

// String returns the text, 61 characters. It names the person: it is for those whom
// the owner wants to know, and not for logs, where [ID.LogValue] stands for it.
func (id ID) String() string {
	text, err := bech32m.Encode(Prefix, id[:])
	if err != nil {
		panic("permid: " + err.Error()) // 32 bytes under this prefix always fit
	}
	return text
}

// MarshalText returns what String does.
func (id ID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText reads what MarshalText writes, as Parse does.
func (id *ID) UnmarshalText(text []byte) error {
	parsed, err := Parse(string(text))
	if err == nil {
		*id = parsed
	}
	return err
}

// LogValue hides the ID from logs: who is on the other end, and who we are, is
// nobody's business.
func (id ID) LogValue() slog.Value { return slog.StringValue("permid.ID(redacted)") }

// checkKey accepts the one encoding of each point of the group of prime order but
// its neutral element.
func checkKey(key [32]byte) error {
	p, err := point(key)
	if err != nil {
		return err
	}
	// Multiplied by the order of the group, what belongs to it becomes neutral. The
	// order itself is zero as a scalar, so it is taken in two steps.
	last, err := edwards25519.NewScalar().SetCanonicalBytes(orderLessOne())
	if err != nil {
		panic("permid: order of the group: " + err.Error())
	}
	zero := edwards25519.NewScalar()
	multiple := new(edwards25519.Point).VarTimeDoubleScalarBaseMult(last, p, zero)
	if multiple.Add(multiple, p).Equal(edwards25519.NewIdentityPoint()) != 1 {
		return fmt.Errorf("%w: outside the group of prime order", ErrKey)
	}
	return nil
}

// point decodes key, and refuses points of low order and second encodings.
func point(key [32]byte) (*edwards25519.Point, error) {
	p, err := new(edwards25519.Point).SetBytes(key[:])
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w: no point of the curve", ErrKey)
	case !bytes.Equal(p.Bytes(), key[:]):
		return nil, fmt.Errorf("%w: not the canonical encoding", ErrKey)
	case new(edwards25519.Point).MultByCofactor(p).Equal(edwards25519.NewIdentityPoint()) == 1:
		return nil, fmt.Errorf("%w: a point of low order", ErrKey)
	}
	return p, nil
}

// orderLessOne returns 2^252 + 27742317777372353535851937790883648492, little endian.
func orderLessOne() []byte {
	n, _ := new(big.Int).SetString("27742317777372353535851937790883648492", 10)
	n.SetBit(n, 252, 1)
	le := n.FillBytes(make([]byte, 32))
	for i, j := 0, len(le)-1; i < j; i, j = i+1, j-1 {
		le[i], le[j] = le[j], le[i]
	}
	return le
}
