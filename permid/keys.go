package permid

import (
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strconv"
)

// What a key is for. These types are parameters of others only.
type (
	// Chat is conversations.
	Chat struct{}
	// Onion is an onion service.
	Onion struct{}
	// Share is signing what is shared.
	Share struct{}
	// Swarm is standing for the identity among peers.
	Swarm struct{}
	// Ledger is an account.
	Ledger struct{}
	// DHT is a node of the encrypted DHT.
	DHT struct{}
	// DB is encrypting what is kept on disk.
	DB struct{}
)

// Signs are the purposes whose keys sign: the 32 bytes are a seed of Ed25519.
type Signs interface {
	Onion | Share | Swarm | DHT
}

// Keeps are the purposes whose keys are 32 secret bytes.
type Keeps interface {
	Chat | Ledger | DB
}

// ErrLabel reports the purpose of an onion that cannot be part of a label.
var ErrLabel = errors.New("not the purpose of an onion")

// Chat returns the secret that the keys of conversations are made from.
func (i *Identity) Chat() SecretKey[Chat] { return secretKey[Chat](i, "chat") }

// Share returns the key that signs what the identity shares.
func (i *Identity) Share() SigningKey[Share] { return signingKey[Share](i, "share") }

// Swarm returns the key that stands for the identity among the peers of torrents.
func (i *Identity) Swarm() SigningKey[Swarm] { return signingKey[Swarm](i, "swarm") }

// Ledger returns the secret that the key of an account is made from.
func (i *Identity) Ledger() SecretKey[Ledger] { return secretKey[Ledger](i, "ledger") }

// DHT returns the key of a node of the encrypted DHT.
func (i *Identity) DHT() SigningKey[DHT] { return signingKey[DHT](i, "dht") }

// DB returns the key that encrypts what is kept of the identity on disk.
func (i *Identity) DB() SecretKey[DB] { return secretKey[DB](i, "db") }

// Onion returns the key of the n-th onion service for a purpose, which is 1 to 32
// characters of a-z, 0-9 and "-". The error is ErrLabel if it is not.
func (i *Identity) Onion(purpose string, n uint32) (SigningKey[Onion], error) {
	if len(purpose) < 1 || len(purpose) > 32 {
		return SigningKey[Onion]{}, ErrLabel
	}
	for _, c := range []byte(purpose) {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
			return SigningKey[Onion]{}, ErrLabel
		}
	}
	return signingKey[Onion](i, "onion/"+purpose+"/"+strconv.FormatUint(uint64(n), 10)), nil
}

// derive returns HKDF-SHA256 of the seed, without salt, under a label.
func (i *Identity) derive(label string) [32]byte {
	key, err := hkdf.Key(sha256.New, i.seed[:], nil, "warren/permid/v1/"+label, 32)
	if err != nil {
		panic("permid: " + err.Error()) // 32 bytes are one block
	}
	return [32]byte(key)
}

// SecretKey is a key of one purpose that is never shown to anybody.
type SecretKey[P Keeps] struct {
	_      [0]P // no two instances convert into each other
	secret [32]byte
}

func secretKey[P Keeps](i *Identity, label string) SecretKey[P] {
	return SecretKey[P]{secret: i.derive(label)}
}

// Secret returns the 32 bytes, for the protocol that the key is for.
func (k SecretKey[P]) Secret() [32]byte { return k.secret }

// String returns the same text for every key.
func (k SecretKey[P]) String() string { return "permid.SecretKey(redacted)" }

// Format writes String for every verb.
func (k SecretKey[P]) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, k.String()) }

// LogValue hides the key from logs.
func (k SecretKey[P]) LogValue() slog.Value { return slog.StringValue(k.String()) }

// SigningKey is a key of one purpose that signs. Nothing in its public part leads to
// the ID or to another key.
type SigningKey[P Signs] struct {
	_    [0]P
	seed [32]byte
}

func signingKey[P Signs](i *Identity, label string) SigningKey[P] {
	return SigningKey[P]{seed: i.derive(label)}
}

// Seed returns the private key in the form of RFC 8032 §5.1.5, for protocols that
// sign in ways of their own.
func (k SigningKey[P]) Seed() [32]byte { return k.seed }

// Public returns the public part.
func (k SigningKey[P]) Public() PublicKey[P] {
	return PublicKey[P]{key: [32]byte(k.private().Public().(ed25519.PublicKey))}
}

// Sign signs a message for a domain, as [Identity.Sign] does.
func (k SigningKey[P]) Sign(domain Domain, message []byte) Signature {
	return Signature(ed25519.Sign(k.private(), domain.signed(message)))
}

func (k SigningKey[P]) private() ed25519.PrivateKey { return ed25519.NewKeyFromSeed(k.seed[:]) }

// String returns the same text for every key.
func (k SigningKey[P]) String() string { return "permid.SigningKey(redacted)" }

// Format writes String for every verb.
func (k SigningKey[P]) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, k.String()) }

// LogValue hides the key from logs.
func (k SigningKey[P]) LogValue() slog.Value { return slog.StringValue(k.String()) }

// PublicKey is the public part of a SigningKey. It compares with ==; the zero value is
// nobody's.
type PublicKey[P Signs] struct {
	_   [0]P
	key [32]byte
}

// PublicFromKey takes the 32 bytes of a public key of a purpose, which the caller knows
// from where they stand. The error matches ErrKey.
func PublicFromKey[P Signs](key []byte) (PublicKey[P], error) {
	if len(key) != 32 {
		return PublicKey[P]{}, fmt.Errorf("%w: %d bytes, not 32", ErrKey, len(key))
	}
	if err := checkKey([32]byte(key)); err != nil {
		return PublicKey[P]{}, err
	}
	return PublicKey[P]{key: [32]byte(key)}, nil
}

// Bytes returns the 32 bytes, as in RFC 8032 §5.1.2.
func (k PublicKey[P]) Bytes() [32]byte { return k.key }

// Verify reports whether the owner of the key signed the message for the domain.
func (k PublicKey[P]) Verify(domain Domain, message []byte, s Signature) bool {
	return verify(k.key, domain, message, s)
}

// LogValue hides the key from logs, where it would tell who it was.
func (k PublicKey[P]) LogValue() slog.Value { return slog.StringValue("permid.PublicKey(redacted)") }
