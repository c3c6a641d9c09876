package credential

import (
	"crypto/ed25519"
	"crypto/rand"
	"fmt"
	"io"
	"log/slog"
	"time"
)

const channelDomain = "bittorrent-tls channel"

// Role is a side of a connection.
type Role byte

// The roles: the client has dialled.
const (
	Client Role = 1
	Server Role = 2
)

// MaxSkew is how far the clocks of peers may differ for a credential that lasts
// long; for one that lasts less than twenty minutes it is a tenth of that.
const MaxSkew = 2 * time.Minute

// Clock tells the time.
type Clock interface {
	Now() time.Time
}

// Verifier decides whether a credential counts. All fields but Revoked are
// required.
type Verifier struct {
	Authority [32]byte // its public key
	For       [32]byte // T
	Clock     Clock
	// Revoked reports whether the authority has taken a credential back.
	Revoked func(Serial) bool
}

// Check reports whether c counts now. The error matches ErrAuthority,
// ErrTorrent, ErrNotYet, ErrExpired or ErrRevoked.
func (v Verifier) Check(c Credential) error {
	if why := v.refuse(c); why != nil {
		return fmt.Errorf("credential: check: %w", why)
	}
	return nil
}

func (v Verifier) refuse(c Credential) error {
	switch {
	case !verify(v.Authority, issueDomain, c.appendSigned(nil), c.Signature):
		return ErrAuthority
	case c.For != v.For:
		return ErrTorrent
	}
	return v.over(c)
}

// Still reports whether a credential that counted when it was checked counts now:
// the error matches ErrNotYet, ErrExpired or ErrRevoked.
func (v Verifier) Still(c Credential) error {
	if why := v.over(c); why != nil {
		return fmt.Errorf("credential: check again: %w", why)
	}
	return nil
}

func (v Verifier) over(c Credential) error {
	now, skew := v.Clock.Now(), min(MaxSkew, c.Lifetime()/10)
	switch {
	case now.Add(skew).Before(c.NotBefore):
		return ErrNotYet
	case !now.Add(-skew).Before(c.NotAfter.Add(time.Second)):
		return ErrExpired
	case v.Revoked != nil && v.Revoked(c.Serial):
		return ErrRevoked
	}
	return nil
}

// Member is a peer with a credential. No formatting verb and no log handler
// shows its key.
type Member struct {
	key  ed25519.PrivateKey
	cred Credential
}

// NewMember returns the peer that has a credential and the private key of it.
// The error matches ErrKey if the two do not belong together.
func NewMember(key ed25519.PrivateKey, c Credential) (*Member, error) {
	if len(key) != ed25519.PrivateKeySize || [32]byte(key.Public().(ed25519.PublicKey)) != c.Peer {
		return nil, fmt.Errorf("credential: new member: %w", ErrKey)
	}
	return &Member{key, c}, nil
}

// Credential returns the credential.
func (m *Member) Credential() Credential { return m.cred }

// Frame returns what m sends as one side of a connection. Padding comes from
// rnd, nil meaning crypto/rand.
func (m *Member) Frame(as Role, binding [32]byte, rnd io.Reader) (f [FrameSize]byte, err error) {
	if rnd == nil {
		rnd = rand.Reader
	}
	b := m.cred.Append(f[:0])
	copy(f[len(b):], ed25519.Sign(m.key, channel(as, binding, m.cred.For)))
	if _, err := io.ReadFull(rnd, f[paddingAt:]); err != nil {
		return f, fmt.Errorf("credential: draw padding: %w", err)
	}
	return f, nil
}

// CheckFrame reports whether a frame came from a peer that has a credential
// which counts, in its role on the connection with this binding. Beside the
// errors of Check it returns ErrMalformed and ErrChannel.
func (v Verifier) CheckFrame(f [FrameSize]byte, as Role, binding [32]byte) (Credential, error) {
	c, err := Parse(f[:Size])
	if err == nil {
		err = v.refuse(c)
	}
	if err == nil && !ed25519.Verify(c.Peer[:], channel(as, binding, v.For), f[channelAt:paddingAt]) {
		err = ErrChannel
	}
	if err != nil {
		return Credential{}, fmt.Errorf("credential: check frame: %w", err)
	}
	return c, nil
}

// channel returns what a peer signs.
func channel(as Role, binding, id [32]byte) []byte {
	b := append([]byte(channelDomain), byte(as))
	return append(append(b, binding[:]...), id[:]...)
}

// String returns the same text for every member.
func (m *Member) String() string { return "credential.Member(redacted)" }

// LogValue hides the key from logs.
func (m *Member) LogValue() slog.Value { return slog.StringValue(m.String()) }

// Format writes String for every verb.
func (m *Member) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, m.String()) }
