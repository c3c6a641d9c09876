package membership

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"

	"github.com/warren-p2p/warren/btls/credential"
	"github.com/warren-p2p/warren/btls/enrol/keeper"
	"github.com/warren-p2p/warren/internal/cli/home"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/wire/bencode"
	"github.com/warren-p2p/warren/metainfo/magnet"
)

// Files of a folder.
const (
	memberFile    = "member"
	authorityFile = "authority"
	rollFile      = "roll"
	rollLock      = "roll.lock"
	memberLock    = "member.lock"
)

var errState = errors.New("it is damaged")

// folder is where a membership is kept.
type folder struct {
	vfs.FS
	ctx context.Context // bounds waiting for another process
}

// Update implements enrol.Store.
func (f *folder) Update(change func(old []byte) ([]byte, error)) error {
	return f.locked(rollLock, func() error {
		old, err := f.read(rollFile)
		if err != nil {
			return err
		}
		b, err := change(old)
		if err != nil || b == nil {
			return err
		}
		return vfs.WriteFileAtomic(f, rollFile, b, 0o600)
	})
}

// locked does something while no other process has the same lock.
func (f *folder) locked(name string, do func() error) error {
	lock, err := home.WaitLock(f.ctx, f.FS, name)
	if err != nil {
		return err
	}
	return errors.Join(do(), lock.Close())
}

// member is our key and what we were given for it.
type member struct {
	key ed25519.PrivateKey
	keeper.State
	near string // HOST:PORT of a service that the user has let be in his network
}

// joined reports whether there is a credential, whatever it is worth.
func (m member) joined() bool { return m.Credential.Peer != [32]byte{} }

func (m member) bytes() []byte {
	dict := map[string]any{"seed": m.key.Seed()}
	if m.near != "" {
		dict["near"] = m.near
	}
	if m.joined() {
		dict["credential"] = m.Credential.Append(nil)
	}
	if m.Revocations.For != [32]byte{} {
		dict["revocations"] = m.Revocations.Append(nil)
	}
	return bencode.Append(nil, dict)
}

func parseMember(b []byte) (m member, err error) {
	v, err := bencode.Parse(b)
	if err != nil {
		return m, fmt.Errorf("%w: %w", errState, err)
	}
	seed, _ := v.Get("seed").Bytes()
	if len(seed) != ed25519.SeedSize {
		return m, errState
	}
	m.key = ed25519.NewKeyFromSeed(seed)
	near, _ := v.Get("near").Bytes()
	m.near = string(near)
	if raw, ok := v.Get("credential").Bytes(); ok {
		if m.Credential, err = credential.Parse(raw); err != nil {
			return m, fmt.Errorf("%w: %w", errState, err)
		}
	}
	if raw, ok := v.Get("revocations").Bytes(); ok {
		if m.Revocations, err = credential.ParseRevocations(raw); err != nil {
			return m, fmt.Errorf("%w: %w", errState, err)
		}
	}
	return m, nil
}

// member returns our key, made on first use and kept before anybody is told of it,
// and what we were given.
func (f *folder) member() (m member, err error) {
	b, err := f.read(memberFile)
	if err != nil {
		return m, err
	}
	if b != nil {
		if m, err = parseMember(b); err != nil {
			return m, fmt.Errorf("read our credential: %w", err)
		}
		return m, nil
	}
	if m.key, err = newKey(); err != nil {
		return m, err
	}
	return m, f.saveMember(m)
}

func (f *folder) saveMember(m member) error {
	return vfs.WriteFileAtomic(f, memberFile, m.bytes(), 0o600)
}

// authority is what makes a node the one that admits.
type authority struct {
	seed [32]byte
	link *magnet.Link // as it was told last
}

func (a authority) bytes() []byte {
	return bencode.Append(nil, map[string]any{"link": a.link.String(), "seed": a.seed[:]})
}

func parseAuthority(b []byte) (a authority, err error) {
	v, err := bencode.Parse(b)
	if err != nil {
		return a, fmt.Errorf("%w: %w", errState, err)
	}
	seed, _ := v.Get("seed").Bytes()
	text, _ := v.Get("link").Bytes()
	if len(seed) != len(a.seed) {
		return a, errState
	}
	if a.link, err = magnet.Parse(string(text)); err != nil {
		return a, fmt.Errorf("%w: %w", errState, err)
	}
	if a.link.TLS == nil {
		return a, errState
	}
	a.seed = [32]byte(seed)
	return a, nil
}

// authority returns what is kept, ok saying whether anything is.
func (f *folder) authority() (a authority, ok bool, err error) {
	b, err := f.read(authorityFile)
	if err != nil || b == nil {
		return a, false, err
	}
	if a, err = parseAuthority(b); err != nil {
		return a, false, fmt.Errorf("read what admits peers: %w", err)
	}
	return a, true, nil
}

func (f *folder) saveAuthority(a authority) error {
	return vfs.WriteFileAtomic(f, authorityFile, a.bytes(), 0o600)
}
