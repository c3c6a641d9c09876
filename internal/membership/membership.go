// Package membership keeps what makes a node a member of torrents of level Full
// Strict, and what makes it their authority.
//
//	HOME/membership/ID/member     our key and credential, and the last list of
//	                              what was revoked
//	HOME/membership/ID/authority  of torrents shared from here: the key that signs,
//	                              and the link
//	HOME/membership/ID/roll       of these: who was invited, admitted, revoked
//
// ID is made of what credentials of the torrent are for, so that all work on one
// torrent shares a membership. All files are for their owner alone and replaced as
// a whole; the roll is changed by one process at a time, so that a command can
// revoke what a share that is running has signed.
package membership

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"

	"github.com/warren-p2p/warren/btls"
	"github.com/warren-p2p/warren/btls/credential"
	"github.com/warren-p2p/warren/btls/enrol/keeper"
	"github.com/warren-p2p/warren/btls/hello"
	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/home"
	"github.com/warren-p2p/warren/internal/membership/keyring"
	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/words"
	"github.com/warren-p2p/warren/metainfo"
)

// Node is the node that is to be a member.
type Node struct {
	Tell  Teller
	Clock clock.Clock
	Home  *home.Home
	Log   *slog.Logger
	Hello hello.Hello // what connections look like
	Net   netpolicy.Policy
}

// Teller tells people.
type Teller interface {
	Say(format string, args ...any)
	Warn(format string, args ...any)
}

// Torrent is what is known of one before anything is fetched.
type Torrent struct {
	Name   string
	Hashes metainfo.InfoHashes
	TLS    *metainfo.TLS
}

// Of returns what is known of a torrent.
func Of(m *metainfo.Torrent) Torrent { return Torrent{m.Info.Name, m.Hashes(), m.TLS} }

// key returns the key of a torrent; of a hybrid that of version 2.
func (t Torrent) key() (btls.Key, error) {
	hash := t.Hashes.V1[:]
	if t.Hashes.HasV2 {
		hash = t.Hashes.V2[:]
	}
	if len(t.TLS.Secret) != len(btls.Secret{}) {
		return btls.Key{}, fmt.Errorf("level full-strict without a secret: %w", btls.ErrKey)
	}
	return btls.DeriveKey(btls.FullStrict, btls.Secret(t.TLS.Secret), hash)
}

// Membership is one that is looked after until Close.
type Membership struct {
	*keeper.Keeper
	leave   func() // the website, if it enrols others there
	stop    func()
	looking sync.WaitGroup
	folder  *keyring.Folder
}

// Close ends it.
func (m *Membership) Close() error {
	if m.leave != nil {
		m.leave()
	}
	m.stop()
	m.looking.Wait()
	return m.folder.Close()
}

// keep looks after a membership of a torrent.
func (n *Node) keep(ctx context.Context, f *keyring.Folder, t Torrent, near string, cfg keeper.Config) (*Membership, error) {
	cfg.Clock, cfg.Log = n.Clock, n.Log
	cfg.Lost = func(why error) { n.Tell.Warn("%s", lost(t, why)) }
	mine := keyring.Member{Key: cfg.Key, Near: near}
	cfg.Save = func(s keeper.State) error {
		now := mine
		now.State = s
		return f.SaveMember(now)
	}
	k, err := keeper.New(cfg)
	if err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(ctx))
	m := &Membership{Keeper: k, stop: stop, folder: f}
	m.looking.Go(func() { k.Keep(ctx) })
	return m, nil
}

// lost says what it means that our credential does not count any more.
func lost(t Torrent, why error) string {
	name := words.Plain(t.Name)
	if errors.Is(why, credential.ErrRevoked) {
		return fmt.Sprintf("who shares %q has revoked our credential: its peers will not speak to us any more", name)
	}
	return fmt.Sprintf("our credential for %q has expired and could not be renewed: "+
		"its peers will not speak to us until the same command is started again with an invitation that is good", name)
}
