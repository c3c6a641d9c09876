// Package keyring keeps the keys of a node's memberships, and what was given for
// them, as files for their owner alone. See package membership for which there are.
package keyring

import (
	"context"
	"encoding/hex"
	"errors"
	"io/fs"

	"github.com/warren-p2p/warren/internal/home"
	"github.com/warren-p2p/warren/internal/vfs"
)

// Files of a folder.
const (
	memberFile    = "member"
	authorityFile = "authority"
	rollFile      = "roll"
	rollLock      = "roll.lock"
)

// MemberLock is for who changes a Member, or waits for what it is to be given.
const MemberLock = "member.lock"

// ErrState reports a file that cannot be read.
var ErrState = errors.New("it is damaged")

// Folder is where a membership is kept.
type Folder struct {
	vfs.FS
	ctx context.Context // bounds waiting for another process
}

// Root is where folders are in a home.
const Root = "membership"

// Open opens the folder of what credentials with an id are for. ctx bounds waiting
// for other processes.
func Open(ctx context.Context, h *home.Home, id [32]byte) (*Folder, error) {
	return Named(ctx, h, hex.EncodeToString(id[:16]))
}

// Named opens the folder with a name below Root.
func Named(ctx context.Context, h *home.Home, name string) (*Folder, error) {
	dir, err := h.Folder(Root + "/" + name)
	if err != nil {
		return nil, err
	}
	return &Folder{FS: dir, ctx: ctx}, nil
}

// read returns the content of a file, nil if it is not there.
func (f *Folder) read(name string) ([]byte, error) {
	b, err := vfs.ReadFile(f, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return b, err
}

// Update implements enrol.Store.
func (f *Folder) Update(change func(old []byte) ([]byte, error)) error {
	return f.Locked(rollLock, func() error {
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

// Locked does something while no other process has the same lock.
func (f *Folder) Locked(name string, do func() error) error {
	lock, err := home.WaitLock(f.ctx, f.FS, name)
	if err != nil {
		return err
	}
	return errors.Join(do(), lock.Close())
}
