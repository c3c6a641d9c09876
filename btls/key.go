package btls

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"time"
)

// Key is what a peer knows about a torrent: 32 bytes derived once, when the
// torrent is added. Keys are comparable. The zero Key belongs to no torrent
// and is refused everywhere. No formatting verb and no log handler shows it.
type Key struct{ k [32]byte }

// Tag names a torrent towards one server certificate.
type Tag [16]byte

// Proof shows knowledge of a Key on one TLS connection.
type Proof [32]byte

// BasicKey derives the key of level Basic from a 20-byte v1 or a 32-byte v2
// info-hash. A hybrid torrent has two keys; servers accept both, clients use
// that of v2. It returns ErrKey for any other length.
func BasicKey(infoHash []byte) (Key, error) {
	if n := len(infoHash); n != 20 && n != 32 {
		return Key{}, fmt.Errorf("btls: info-hash of %d bytes: %w", n, ErrKey)
	}
	return deriveKey("bittorrent-tls/1 basic", infoHash)
}

// DeriveKey derives the key of any level from an info-hash as [BasicKey] takes
// it. The secret counts at levels above Basic, where it must not be zero. It
// returns ErrKey for what is no level, secret or info-hash.
func DeriveKey(l Level, s Secret, infoHash []byte) (Key, error) {
	salt := "bittorrent-tls/1 strict"
	switch l {
	case Basic:
		return BasicKey(infoHash)
	case Strict:
	case FullStrict:
		salt = "bittorrent-tls/1 full strict"
	default:
		return Key{}, fmt.Errorf("btls: %v: %w", l, ErrKey)
	}
	if n := len(infoHash); n != 20 && n != 32 || s == (Secret{}) {
		return Key{}, fmt.Errorf("btls: %v, info-hash of %d bytes: %w", l, n, ErrKey)
	}
	return deriveKey(salt, slices.Concat(s[:], infoHash))
}

func deriveKey(salt string, secret []byte) (Key, error) {
	b, err := hkdf.Key(sha256.New, secret, []byte(salt), "key", 32)
	if err != nil {
		return Key{}, fmt.Errorf("btls: derive key: %w", err)
	}
	return Key{[32]byte(b)}, nil
}

// Tag returns the torrent's name at the server whose leaf certificate has this
// SHA-256 digest.
func (k Key) Tag(certHash [32]byte) Tag {
	t := k.mac(1, certHash[:])
	return Tag(t[:len(Tag{})])
}

// ClientProof returns Pc for a connection with this exporter value.
func (k Key) ClientProof(exporter [32]byte, tag Tag) Proof {
	return k.mac(2, exporter[:], tag[:])
}

// ServerProof returns Ps, the answer to the client proof pc.
func (k Key) ServerProof(exporter [32]byte, pc Proof) Proof {
	return k.mac(3, exporter[:], pc[:])
}

// EpochLength is how long a discovery id is valid.
const EpochLength = 7 * 24 * time.Hour

// Epoch returns the number of the week, counted from the beginning of 1970 in
// UTC, that t lies in.
func Epoch(t time.Time) uint64 { return uint64(max(t.Unix(), 0)) / uint64(EpochLength/time.Second) }

// DiscoveryID returns D, a 20-byte id under which peers of this torrent find
// each other in an epoch without the info-hash appearing anywhere. It hides
// the info-hash from those who lack it, and only where the info-hash is not
// announced from the same address as well.
func (k Key) DiscoveryID(epoch uint64) [20]byte {
	d := k.mac(4, []byte("discovery"), binary.BigEndian.AppendUint64(nil, epoch))
	return [20]byte(d[:20])
}

// CredentialID returns T, by which a credential names the torrent it is for.
func (k Key) CredentialID() [32]byte { return k.mac(5, []byte("credential")) }

// EnrolPath returns the first segment of the path under which credentials are
// handed out: 22 characters that nobody guesses.
func (k Key) EnrolPath() string {
	e := k.mac(6, []byte("enrol"))
	return base64.RawURLEncoding.EncodeToString(e[:16])
}

func (k Key) mac(role byte, parts ...[]byte) Proof {
	m := hmac.New(sha256.New, k.k[:])
	m.Write([]byte{role})
	for _, p := range parts {
		m.Write(p)
	}
	return Proof(m.Sum(nil))
}

// LogValue hides the key from logs.
func (k Key) LogValue() slog.Value { return slog.StringValue(k.String()) }

// String returns the same text for every key.
func (k Key) String() string { return "btls.Key(redacted)" }

// Format writes String for every verb.
func (k Key) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, k.String()) }
