// Package tlsdict reads and writes the dictionary "tls" of a torrent.
package tlsdict

import (
	"bytes"
	"net/url"

	"github.com/warren-p2p/warren/internal/wire/bencode"
	"github.com/warren-p2p/warren/metainfo/internal/check"
	"github.com/warren-p2p/warren/metainfo/internal/infodict"
)

// The levels of BitTorrent over TLS, as key "level" of [TLS] has them.
const (
	Basic      = 0 // the info-hash lets a peer in
	Strict     = 1 // a secret does
	FullStrict = 2 // the secret and a credential do
)

// Sizes in bytes.
const (
	secretLen    = 32
	saltLen      = 16
	keyLen       = 32  // of an Ed25519 public key, and of a pin
	maxPins      = 64  // of one torrent
	maxInviteLen = 128 // of an invite token
)

// TLS is what a torrent demands of its peers beyond BitTorrent: the dictionary
// "tls" beside "info", so that the info-hash does not depend on it
// (docs/beps/bittorrent-over-tls.rst). A magnet link carries the same.
type TLS struct {
	Level     int
	Secret    []byte    // 32 bytes
	Argon2id  *Argon2id // in place of Secret: it comes from a passphrase
	Authority []byte    // Ed25519 public key that signs credentials (level 2)
	Enrol     string    // https URL that hands credentials out
	Invite    []byte    // shown there once
	// Pins are SHA-256 of the SubjectPublicKeyInfo that is shown: the first by peers
	// that the link names by their addresses (x.pe), any of them where Enrol leads.
	Pins [][32]byte

	extra map[string]bencode.Raw // what is not known
}

// Argon2id says how a passphrase becomes the secret (RFC 9106).
type Argon2id struct {
	Memory int64 // KiB
	Passes int64
	Lanes  int64
	Salt   []byte // 16 bytes
}

// Parse reads the dictionary. Errors are as those of metainfo.Parse. What asks for
// more than is known here matches ErrVersion: it must not be fetched with less.
func Parse(b []byte) (*TLS, error) {
	v, err := bencode.Parse(b)
	if err != nil {
		return nil, check.Bad("tls", err)
	}
	return Read(v)
}

// Bytes returns the dictionary, bencoded.
func (t *TLS) Bytes() []byte {
	dict := make(map[string]any, len(t.extra)+7)
	for k, raw := range t.extra {
		dict[k] = raw
	}
	dict["level"] = t.Level
	for k, b := range map[string][]byte{"secret": t.Secret, "authority": t.Authority, "invite": t.Invite, "enrol": []byte(t.Enrol)} {
		if len(b) > 0 {
			dict[k] = b
		}
	}
	if a := t.Argon2id; a != nil {
		dict["argon2id"] = map[string]any{"m": a.Memory, "p": a.Lanes, "s": a.Salt, "t": a.Passes}
	}
	if len(t.Pins) > 0 {
		pins := make([]string, len(t.Pins))
		for i, p := range t.Pins {
			pins[i] = string(p[:])
		}
		dict["h"] = infodict.List(pins)
	}
	return bencode.Append(nil, dict)
}

// Equal reports whether both demand the same.
func (t *TLS) Equal(u *TLS) bool {
	if t == nil || u == nil {
		return t == u
	}
	return bytes.Equal(t.Bytes(), u.Bytes())
}

// Read does that with what is parsed already.
func Read(v bencode.Value) (*TLS, error) {
	if v.Kind() != bencode.Dict {
		return nil, check.Bad("tls", check.ErrType)
	}
	t := &TLS{extra: map[string]bencode.Raw{}}
	level := v.Get("level")
	n, ok := level.Int()
	switch {
	case !ok:
		return nil, check.Bad("tls.level", check.ErrMissing)
	case n < Basic || n > FullStrict:
		return nil, check.Badf("tls.level", check.ErrVersion, "%d", n)
	}
	t.Level = int(n)
	for key, val := range v.Dict() {
		if err := t.set(key, val); err != nil {
			return nil, err
		}
	}
	return t, t.whole()
}

func (t *TLS) set(key string, v bencode.Value) (err error) {
	field := "tls." + key
	switch key {
	case "level":
	case "secret":
		t.Secret, err = exactly(v, secretLen, field)
	case "authority":
		t.Authority, err = exactly(v, keyLen, field)
	case "invite":
		if t.Invite, err = check.Bytes(v, field); err == nil && (len(t.Invite) == 0 || len(t.Invite) > maxInviteLen) {
			err = check.Badf(field, check.ErrRange, "%d bytes", len(t.Invite))
		}
	case "enrol":
		t.Enrol, err = enrolURL(v, field)
	case "argon2id":
		t.Argon2id, err = readArgon2id(v)
	case "h":
		t.Pins, err = readPins(v)
	default:
		t.extra[key] = bencode.Raw(v.Raw())
	}
	return err
}

// whole refuses a dictionary that demands something and does not say what.
func (t *TLS) whole() error {
	switch {
	case t.Level == Basic:
		return nil
	case t.Secret != nil && t.Argon2id != nil:
		return check.Badf("tls.argon2id", check.ErrRange, "there is a secret as well")
	case t.Secret == nil && t.Argon2id == nil:
		return check.Bad("tls.secret", check.ErrMissing)
	case t.Level == FullStrict && t.Authority == nil:
		return check.Bad("tls.authority", check.ErrMissing)
	}
	return nil
}

func exactly(v bencode.Value, n int, field string) ([]byte, error) {
	b, err := check.Bytes(v, field)
	if err == nil && len(b) != n {
		err = check.Badf(field, check.ErrRange, "%d bytes", len(b))
	}
	return b, err
}

func enrolURL(v bencode.Value, field string) (string, error) {
	s, err := check.Text(v, field)
	if err != nil {
		return "", err
	}
	if u, err := url.Parse(s); err != nil || u.Scheme != "https" || u.Host == "" {
		return "", check.Badf(field, check.ErrRange, "%q is no https URL", s)
	}
	return s, nil
}

func readArgon2id(v bencode.Value) (*Argon2id, error) {
	if v.Kind() != bencode.Dict {
		return nil, check.Bad("tls.argon2id", check.ErrType)
	}
	a := &Argon2id{}
	for key, at := range map[string]*int64{"m": &a.Memory, "p": &a.Lanes, "t": &a.Passes} {
		n, err := check.Int(v.Get(key), "tls.argon2id."+key)
		if err != nil {
			return nil, err
		}
		if *at = n; n < 1 {
			return nil, check.Badf("tls.argon2id."+key, check.ErrRange, "%d", n)
		}
	}
	var err error
	a.Salt, err = exactly(v.Get("s"), saltLen, "tls.argon2id.s")
	return a, err
}

func readPins(v bencode.Value) (pins [][32]byte, err error) {
	if v.Kind() != bencode.List {
		return nil, check.Bad("tls.h", check.ErrType)
	}
	for p := range v.All() {
		b, err := exactly(p, keyLen, "tls.h")
		if err != nil {
			return nil, err
		}
		if pins = append(pins, [32]byte(b)); len(pins) > maxPins {
			return nil, check.Badf("tls.h", check.ErrRange, "more than %d pins", maxPins)
		}
	}
	return pins, nil
}
