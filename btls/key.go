package btls

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"io"
	"log/slog"
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

// DiscoveryID returns D, a 20-byte id under which peers of this torrent could
// find each other without the info-hash appearing anywhere. It hides the
// info-hash only from those who lack it, and only where the info-hash is not
// announced from the same address as well.
func (k Key) DiscoveryID() [20]byte {
	d := k.mac(4, []byte("discovery"))
	return [20]byte(d[:20])
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
