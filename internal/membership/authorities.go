package membership

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/warren-p2p/warren/btls/credential"
	"github.com/warren-p2p/warren/btls/enrol"
	"github.com/warren-p2p/warren/internal/home"
	"github.com/warren-p2p/warren/internal/membership/keyring"
	"github.com/warren-p2p/warren/metainfo/magnet"
)

// Authority is what a home admits to one torrent with, whether that is shared at
// the moment or not. It hands nothing out by itself.
type Authority struct {
	*enrol.Service
	// Link is what share has told last, with the invitation it has made.
	Link *magnet.Link
	// SSL says that it is an SSL torrent, which a link is not enough for.
	SSL bool

	folder *keyring.Folder
}

// Authorities returns all of a home, which Close gives back.
func Authorities(ctx context.Context, h *home.Home, c credential.Clock) (list []*Authority, err error) {
	dir, err := h.Folder(keyring.Root)
	if err != nil {
		return nil, err
	}
	entries, err := dir.ReadDir(".")
	if err := errors.Join(err, dir.Close()); err != nil {
		return nil, fmt.Errorf("look for torrents of level full-strict: %w", err)
	}
	for _, e := range entries {
		a, err := find(ctx, h, e, c)
		if err != nil {
			return nil, errors.Join(err, Close(list))
		}
		if a != nil {
			list = append(list, a)
		}
	}
	return list, nil
}

// find returns the authority in a folder, nil if there is none.
func find(ctx context.Context, h *home.Home, e fs.DirEntry, c credential.Clock) (*Authority, error) {
	if !e.IsDir() {
		return nil, nil
	}
	f, err := keyring.Named(ctx, h, e.Name())
	if err != nil {
		return nil, err
	}
	a, known, err := f.Authority()
	if err != nil || !known {
		return nil, errors.Join(err, f.Close())
	}
	k, err := Torrent{a.Link.Name, a.Link.Hashes, a.Link.TLS}.key()
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	s := &enrol.Service{Key: k.EnrolPath(), ID: k.CredentialID(), Authority: credential.NewAuthority(a.Seed), Store: f, Clock: c}
	return &Authority{s, a.Link, a.SSL != nil, f}, nil
}

// Close gives authorities back.
func Close(list []*Authority) error {
	var errs []error
	for _, a := range list {
		errs = append(errs, a.folder.Close())
	}
	return errors.Join(errs...)
}
