package credential

import (
	"crypto/ed25519"
	"crypto/rand"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"time"
)

const (
	issueDomain  = "bittorrent-tls credential"
	revokeDomain = "bittorrent-tls revocations"
)

// Authority signs the credentials of a torrent. No formatting verb and no log
// handler shows its key.
type Authority struct{ key ed25519.PrivateKey }

// NewAuthority returns the authority with a seed of 32 random bytes, which is
// what is to be kept of it (RFC 8032 section 5.1.5).
func NewAuthority(seed [32]byte) *Authority {
	return &Authority{ed25519.NewKeyFromSeed(seed[:])}
}

// Seed returns what NewAuthority was given.
func (a *Authority) Seed() [32]byte { return [32]byte(a.key.Seed()) }

// Public returns the public key, by which the torrent names its authority.
func (a *Authority) Public() [32]byte { return [32]byte(a.key.Public().(ed25519.PublicKey)) }

// Issue signs a credential for a peer's public key, valid from one time to
// another, both included, rounded to the second. Its serial number comes from
// rnd, nil meaning crypto/rand.
func (a *Authority) Issue(id, peer [32]byte, from, to time.Time, rnd io.Reader) (Credential, error) {
	if rnd == nil {
		rnd = rand.Reader
	}
	c := Credential{For: id, Peer: peer, NotBefore: time.Unix(from.Unix(), 0).UTC(), NotAfter: time.Unix(to.Unix(), 0).UTC()}
	if from.Unix() < 0 || to.Unix() < from.Unix() || to.Unix() > maxTime {
		return Credential{}, fmt.Errorf("credential: issue: valid from %v to %v: %w", from, to, ErrMalformed)
	}
	if _, err := io.ReadFull(rnd, c.Serial[:]); err != nil {
		return Credential{}, fmt.Errorf("credential: issue: draw a serial number: %w", err)
	}
	c.Signature = a.sign(issueDomain, c.appendSigned(nil))
	return c, nil
}

// Revoke signs a list of serial numbers, in any order, that do not count any
// more. number must be greater than that of each list signed before that lacks one of
// them; those that have expired may go without that.
func (a *Authority) Revoke(id [32]byte, number uint64, now time.Time, serials []Serial) (Revocations, error) {
	list := slices.Clone(serials)
	slices.SortFunc(list, compareSerials)
	list = slices.Compact(list)
	if len(list) > MaxRevoked {
		return Revocations{}, fmt.Errorf("credential: revoke %d: %w", len(list), ErrMalformed)
	}
	r := Revocations{For: id, Number: number, Signed: time.Unix(now.Unix(), 0).UTC(), Serials: list}
	r.Signature = a.sign(revokeDomain, r.appendSigned(nil))
	return r, nil
}

func (a *Authority) sign(domain string, b []byte) [64]byte {
	return [64]byte(ed25519.Sign(a.key, append([]byte(domain), b...)))
}

func verify(key [32]byte, domain string, b []byte, signature [64]byte) bool {
	return ed25519.Verify(key[:], append([]byte(domain), b...), signature[:])
}

// String returns the same text for every authority.
func (a *Authority) String() string { return "credential.Authority(redacted)" }

// LogValue hides the key from logs.
func (a *Authority) LogValue() slog.Value { return slog.StringValue(a.String()) }

// Format writes String for every verb.
func (a *Authority) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, a.String()) }
