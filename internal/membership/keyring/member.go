package keyring

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/x509"
	"fmt"

	"github.com/warren-p2p/warren/btls/credential"
	"github.com/warren-p2p/warren/btls/enrol/keeper"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/wire/bencode"
)

// Member is our key and what we were given for it.
type Member struct {
	Key ed25519.PrivateKey
	keeper.State
	Near string // HOST:PORT of a service that the user has let be in his network
	SSL  Papers // of an SSL torrent, instead of a credential
}

// Papers are our certificate for an SSL torrent, and its key.
type Papers struct {
	Key  *ecdsa.PrivateKey // P-256; nil if none was made
	Leaf []byte            // DER; empty before we have enrolled
}

// Joined reports whether there is a credential, whatever it is worth.
func (m Member) Joined() bool { return m.Credential.Peer != [32]byte{} }

// Bytes returns what is kept of it.
func (m Member) Bytes() []byte {
	dict := map[string]any{"seed": m.Key.Seed()}
	if m.Near != "" {
		dict["near"] = m.Near
	}
	if m.SSL.Key != nil {
		dict["leaf key"], dict["leaf"] = m.SSL.marshalKey(), m.SSL.Leaf
	}
	if m.Joined() {
		dict["credential"] = m.Credential.Append(nil)
	}
	if m.Revocations.For != [32]byte{} {
		dict["revocations"] = m.Revocations.Append(nil)
	}
	return bencode.Append(nil, dict)
}

// ParseMember reads what Bytes returned.
func ParseMember(b []byte) (m Member, err error) {
	v, err := bencode.Parse(b)
	if err != nil {
		return m, fmt.Errorf("%w: %w", ErrState, err)
	}
	seed, _ := v.Get("seed").Bytes()
	if len(seed) != ed25519.SeedSize {
		return m, ErrState
	}
	m.Key = ed25519.NewKeyFromSeed(seed)
	near, _ := v.Get("near").Bytes()
	m.Near = string(near)
	if raw, ok := v.Get("leaf key").Bytes(); ok {
		if err := m.SSL.parse(raw, v.Get("leaf")); err != nil {
			return m, err
		}
	}
	if raw, ok := v.Get("credential").Bytes(); ok {
		if m.Credential, err = credential.Parse(raw); err != nil {
			return m, fmt.Errorf("%w: %w", ErrState, err)
		}
	}
	if raw, ok := v.Get("revocations").Bytes(); ok {
		if m.Revocations, err = credential.ParseRevocations(raw); err != nil {
			return m, fmt.Errorf("%w: %w", ErrState, err)
		}
	}
	return m, nil
}

// Member returns our key, made on first use and kept before anybody is told of it,
// and what we were given.
func (f *Folder) Member() (m Member, err error) {
	b, err := f.read(memberFile)
	if err != nil {
		return m, err
	}
	if b != nil {
		if m, err = ParseMember(b); err != nil {
			return m, fmt.Errorf("read our credential: %w", err)
		}
		return m, nil
	}
	if m.Key, err = newKey(); err != nil {
		return m, err
	}
	return m, f.SaveMember(m)
}

// SaveMember keeps it.
func (f *Folder) SaveMember(m Member) error {
	return vfs.WriteFileAtomic(f, memberFile, m.Bytes(), 0o600)
}

// newKey returns a key for one torrent, which shows nothing of who we are elsewhere.
func newKey() (ed25519.PrivateKey, error) {
	_, key, err := ed25519.GenerateKey(nil)
	return key, err
}

func (p *Papers) marshalKey() []byte {
	b, _ := x509.MarshalPKCS8PrivateKey(p.Key) // never fails for P-256
	return b
}

func (p *Papers) parse(key []byte, leaf bencode.Value) error {
	k, err := x509.ParsePKCS8PrivateKey(key)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrState, err)
	}
	p.Key, _ = k.(*ecdsa.PrivateKey)
	if p.Key == nil || p.Key.Curve != elliptic.P256() {
		return ErrState
	}
	p.Leaf, _ = leaf.Bytes()
	return nil
}
