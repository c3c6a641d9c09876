package enrol

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"fmt"
	"time"

	"github.com/warren-p2p/warren/btls/credential"
	"github.com/warren-p2p/warren/btls/enrol/internal/roll"
)

// Store keeps the state of a service.
type Store interface {
	// Update calls f with what is stored, nil if nothing is, and stores what f
	// returns, atomically and before it returns; nothing if that is nil or there
	// is an error. No other Update of the same state, in this process or another,
	// comes between.
	Update(f func(old []byte) ([]byte, error)) error
}

// Service hands out what admits a peer to one torrent. Its methods are safe for
// concurrent use, and several services of several processes may share a Store.
type Service struct {
	// Key is the first segment of the path; it must not be guessed.
	Key string
	// ID is T, what credentials are for (package credential).
	ID        [32]byte
	Authority *credential.Authority
	// Leaf signs a certificate request that was checked, for an ECDSA P-256 key,
	// with a certificate in DER; nil if only native credentials are handed out.
	Leaf     func(request []byte, from, to time.Time) ([]byte, error)
	Lifetime time.Duration // of what is handed out; DefaultLifetime
	Store    Store
	Clock    credential.Clock
}

// NewToken returns a token for an invitation, of 128 random bits.
func NewToken() []byte {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // never fails: crypto/rand
	return b
}

// Invite lets whoever shows a token of 16 to 128 bytes in, so many times and
// until then. Label is what the sharer calls those whom it is for. It returns
// ErrInvite for what cannot be meant and ErrFull if too many are open. Inviting
// with a token that is known sets its uses and end anew.
func (s *Service) Invite(token []byte, label string, uses int, until time.Time) error {
	now := s.Clock.Now()
	return s.change(func(r *roll.Roll) error {
		if len(token) < minToken || len(token) > maxToken {
			return ErrInvite
		}
		i := Invite{Label: label, Uses: uses, Expires: time.Unix(until.Unix(), 0).UTC(), Hash: sha256.Sum256(token)}
		return r.Invite(i, now)
	})
}

// Invites returns the invitations that are open, oldest first.
func (s *Service) Invites() (list []Invite, err error) {
	err = s.look(func(r *roll.Roll) error {
		list = r.Open(s.Clock.Now())
		return nil
	})
	return list, err
}

// Withdraw closes the invitations that are called so, and returns how many there
// were.
func (s *Service) Withdraw(label string) (closed int, err error) {
	err = s.change(func(r *roll.Roll) error {
		closed = r.Withdraw(label)
		return nil
	})
	return closed, err
}

// Admit signs a credential for the sharer's own peer, which needs no invitation.
func (s *Service) Admit(key ed25519.PublicKey, label string) (c credential.Credential, err error) {
	now := s.Clock.Now()
	err = s.change(func(r *roll.Roll) error {
		r.Prune(now)
		if c, err = s.Authority.Issue(s.ID, [32]byte(key), now, now.Add(s.lifetime()), nil); err != nil {
			return err
		}
		return r.Add(entryOf(c, label))
	})
	return c, err
}

// Revoke takes back all that the holder of a serial number was given, for good.
// It returns ErrUnknown if nobody has the number, or has not any more. Who still
// has an open invitation can come back with another key: see Withdraw.
func (s *Service) Revoke(serial credential.Serial) error {
	return s.change(func(r *roll.Roll) error { return r.Revoke(serial, s.Clock.Now()) })
}

// Entries returns what was handed out and has not expired, oldest first.
func (s *Service) Entries() (list []Entry, err error) {
	err = s.look(func(r *roll.Roll) error {
		list = r.Valid(s.Clock.Now())
		return nil
	})
	return list, err
}

// Revocations returns the list of what was taken back, signed now.
func (s *Service) Revocations() (list credential.Revocations, err error) {
	now := s.Clock.Now()
	err = s.look(func(r *roll.Roll) error {
		list, err = s.Authority.Revoke(s.ID, r.Number, now, r.Revoked(now))
		return err
	})
	return list, err
}

// enrol answers a request with what it is to get, and its media type.
func (s *Service) enrol(request, token []byte) (answer []byte, kind string, err error) {
	key, leaf, err := readRequest(request)
	if err != nil {
		return nil, "", err
	}
	if leaf && s.Leaf == nil {
		return nil, "", errKind
	}
	now := s.Clock.Now()
	err = s.update(func(r *roll.Roll) ([]byte, error) {
		e, fresh, err := r.Admit(key, token, now)
		if err != nil {
			return nil, err
		}
		if fresh {
			e.NotBefore, e.NotAfter, e.Leaf = now, now.Add(s.lifetime()), leaf
		}
		if answer, kind, err = s.sign(&e, request); err != nil || !fresh { // the same again is no write
			return nil, err
		}
		if err := r.Add(e); err != nil {
			return nil, err
		}
		return r.Bytes(), nil
	})
	return answer, kind, err
}

// sign makes what an entry is about. A fresh one gets its serial number.
func (s *Service) sign(e *Entry, request []byte) (answer []byte, kind string, err error) {
	if e.Leaf {
		answer, err = s.Leaf(request, e.NotBefore, e.NotAfter)
		if e.Serial == (credential.Serial{}) {
			_, _ = rand.Read(e.Serial[:]) // never fails: crypto/rand
		}
		return answer, typeLeaf, err
	}
	serial := newSerial{e.Serial}
	c, err := s.Authority.Issue(s.ID, e.Key, e.NotBefore, e.NotAfter, serial)
	if err != nil {
		return nil, "", err
	}
	label := e.Label
	*e = entryOf(c, label)
	return c.Append(nil), typeBinary, nil
}

// newSerial yields the serial number that an entry has, or a random one.
type newSerial struct{ credential.Serial }

func (n newSerial) Read(b []byte) (int, error) {
	if n.Serial == (credential.Serial{}) {
		return rand.Read(b)
	}
	return copy(b, n.Serial[:]), nil
}

func entryOf(c credential.Credential, label string) Entry {
	return Entry{Serial: c.Serial, Key: c.Peer, Label: label, NotBefore: c.NotBefore, NotAfter: c.NotAfter}
}

// readRequest checks a certificate request and returns what stands for its key.
func readRequest(der []byte) (key [32]byte, leaf bool, err error) {
	r, err := x509.ParseCertificateRequest(der)
	if err != nil {
		return key, false, fmt.Errorf("%w: %w", errRequest, err)
	}
	switch k := r.PublicKey.(type) { // before its signature: that of a long RSA key is dear
	case ed25519.PublicKey:
		key = [32]byte(k)
	case *ecdsa.PublicKey:
		if k.Curve != elliptic.P256() {
			return key, false, errKind
		}
		key, leaf = sha256.Sum256(r.RawSubjectPublicKeyInfo), true
	default:
		return key, false, errKind
	}
	if err := r.CheckSignature(); err != nil {
		return key, false, fmt.Errorf("%w: %w", errRequest, err)
	}
	return key, leaf, nil
}

func (s *Service) lifetime() time.Duration {
	if s.Lifetime == 0 {
		return DefaultLifetime
	}
	return s.Lifetime
}

// change does something with the state and stores it.
func (s *Service) change(f func(*roll.Roll) error) error {
	return s.update(func(r *roll.Roll) ([]byte, error) {
		if err := f(r); err != nil {
			return nil, err
		}
		return r.Bytes(), nil
	})
}

// look does something with the state as it is.
func (s *Service) look(f func(*roll.Roll) error) error {
	return s.update(func(r *roll.Roll) ([]byte, error) {
		return nil, f(r)
	})
}

func (s *Service) update(f func(*roll.Roll) ([]byte, error)) error {
	err := s.Store.Update(func(old []byte) ([]byte, error) {
		r, err := roll.Parse(old)
		if err != nil {
			return nil, err
		}
		return f(r)
	})
	if err != nil {
		return fmt.Errorf("enrol: %w", err)
	}
	return nil
}
