package btls

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
)

// Level says what a peer has to know, or to hold, to be let in to a torrent.
type Level uint8

// The levels. Their numbers are those of the key "level" in a torrent.
const (
	Basic      Level = iota // the info-hash
	Strict                  // a secret beside it
	FullStrict              // the secret, and a credential signed for this torrent
)

// String returns "basic", "strict" or "full-strict".
func (l Level) String() string {
	switch l {
	case Basic:
		return "basic"
	case Strict:
		return "strict"
	case FullStrict:
		return "full-strict"
	}
	return fmt.Sprintf("level(%d)", uint8(l))
}

// Policy says whether peers are spoken to over TLS.
type Policy uint8

// The policies. Those above [Basic] need [Require].
const (
	Prefer  Policy = iota // TLS where the peer can; else MSE, else plain
	Off                   // no TLS
	Require               // nothing but TLS
)

// ErrPolicy reports a word that names no policy.
var ErrPolicy = errors.New("not off, prefer or require")

// String returns "prefer", "off" or "require".
func (p Policy) String() string {
	switch p {
	case Prefer:
		return "prefer"
	case Off:
		return "off"
	case Require:
		return "require"
	}
	return fmt.Sprintf("policy(%d)", uint8(p))
}

// MarshalText writes what String does.
func (p Policy) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads what String writes. The error is ErrPolicy.
func (p *Policy) UnmarshalText(b []byte) error {
	for _, q := range []Policy{Prefer, Off, Require} {
		if q.String() == string(b) {
			*p = q
			return nil
		}
	}
	return fmt.Errorf("btls: policy %q: %w", b, ErrPolicy)
}

// Secret is what peers of levels above [Basic] know beside the info-hash: 32
// random bytes, or what a passphrase comes to. No formatting verb and no log
// handler shows it.
type Secret [32]byte

// LogValue hides the secret from logs.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// String returns the same text for every secret.
func (s Secret) String() string { return "btls.Secret(redacted)" }

// Format writes String for every verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }
