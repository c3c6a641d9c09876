// Package keeper keeps a peer of level Full Strict among the members of a torrent:
// it exchanges credentials with others, renews its own while a third of the life is
// left, and keeps those out whose credentials were taken back or have expired, also
// from connections that are there already.
//
// A list of revocations that cannot be fetched does not stop anybody: the one before
// goes on, and the life of credentials bounds what a revoked peer can still do
// towards those who have not heard of it.
package keeper

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"
	"weak"

	"github.com/warren-p2p/warren/btls"
	"github.com/warren-p2p/warren/btls/credential"
)

// ErrOurs reports that it is our own credential that does not count any more.
var ErrOurs = errors.New("our own credential")

// DefaultInterval is how often a service is asked what was revoked, on average.
const DefaultInterval = 5 * time.Minute

// askTimeout bounds one question.
const askTimeout = 30 * time.Second

// State is what a member has been given.
type State struct {
	Credential  credential.Credential
	Revocations credential.Revocations // the last list; none at first
}

// Config says of what a peer is a member. Save, Log and Lost are optional, the
// rest but Interval is required.
type Config struct {
	Authority [32]byte // its public key
	ID        [32]byte // T
	Key       ed25519.PrivateKey
	State     State
	Source    Source
	Interval  time.Duration // between two questions; DefaultInterval
	Clock     credential.Clock
	Log       *slog.Logger
	// Save is called with what was given anew.
	Save func(State) error
	// Lost is told once that our own credential has been revoked or has expired.
	Lost func(error)
}

// Keeper is a member. Its methods are safe for concurrent use.
type Keeper struct {
	cfg Config

	mu     sync.Mutex
	state  State
	member *credential.Member
	lost   bool
	// peers are those with a connection. Whoever forgets a connection need not say
	// so here.
	peers map[weak.Pointer[btls.Conn]]credential.Credential
}

// New returns a member. The error matches credential.ErrKey if the key is not that
// of the credential.
func New(cfg Config) (*Keeper, error) {
	if cfg.Interval == 0 {
		cfg.Interval = DefaultInterval
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	m, err := credential.NewMember(cfg.Key, cfg.State.Credential)
	if err != nil {
		return nil, err
	}
	return &Keeper{cfg: cfg, state: cfg.State, member: m, peers: map[weak.Pointer[btls.Conn]]credential.Credential{}}, nil
}

// State returns what the member has been given by now.
func (k *Keeper) State() State {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.state
}

// Connect exchanges credentials as the client of a connection, before anything
// else is sent on it. The caller bounds it in time and closes the connection on
// error; errors are those of package credential and of the connection.
func (k *Keeper) Connect(c *btls.Conn) error { return k.meet(c, credential.Connect) }

// Accept does the same as the server.
func (k *Keeper) Accept(c *btls.Conn) error { return k.meet(c, credential.Accept) }

type exchange func(io.ReadWriter, *credential.Member, credential.Verifier, [32]byte) (credential.Credential, error)

func (k *Keeper) meet(c *btls.Conn, do exchange) error {
	k.mu.Lock()
	m, v := k.member, k.verifier()
	k.mu.Unlock()
	if err := v.Still(m.Credential()); err != nil {
		return fmt.Errorf("%w: %w", ErrOurs, err)
	}
	theirs, err := do(c, m, v, c.Binding())
	if err != nil {
		return err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if err := k.verifier().Still(theirs); err != nil { // a list may have come meanwhile
		return err
	}
	k.peers[weak.Make(c)] = theirs
	return nil
}

// verifier is called with k.mu held; what it returns is of that moment.
func (k *Keeper) verifier() credential.Verifier {
	return credential.Verifier{Authority: k.cfg.Authority, For: k.cfg.ID, Clock: k.cfg.Clock, Revoked: k.state.Revocations.Has}
}

// Keep renews, asks and shuts out until ctx ends.
func (k *Keeper) Keep(ctx context.Context) {
	for ctx.Err() == nil {
		k.Look(ctx)
		t := time.NewTimer(k.pause())
		select {
		case <-t.C:
		case <-ctx.Done():
			t.Stop()
		}
	}
}

// Look does once what Keep does again and again.
func (k *Keeper) Look(ctx context.Context) {
	if !k.cfg.Clock.Now().Before(k.State().Credential.Due()) {
		if err := k.renew(ctx); err != nil && ctx.Err() == nil {
			k.cfg.Log.Warn("a credential was not renewed", "err", err)
		}
	}
	if err := k.hear(ctx); err != nil && ctx.Err() == nil {
		k.cfg.Log.Info("the list of revoked credentials was not fetched", "err", err)
	}
	k.sweep()
}

func (k *Keeper) renew(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	c, err := k.cfg.Source.Renew(ctx)
	if err != nil {
		return err
	}
	m, err := credential.NewMember(k.cfg.Key, c)
	if err != nil {
		return err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if err := k.verifier().Check(c); err != nil {
		return err
	}
	k.state.Credential, k.member = c, m
	return k.save()
}

// hear fetches the list of what was revoked.
func (k *Keeper) hear(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	list, err := k.cfg.Source.Revoked(ctx)
	if err != nil {
		return err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	old := k.state.Revocations
	if err := list.Check(k.cfg.Authority, k.cfg.ID, old.Number); err != nil {
		return err
	}
	k.state.Revocations = list
	if list.Number == old.Number && len(list.Serials) == len(old.Serials) {
		return nil // signed anew, and not worth a write
	}
	return k.save()
}

// save is called with k.mu held.
func (k *Keeper) save() error {
	if k.cfg.Save == nil {
		return nil
	}
	if err := k.cfg.Save(k.state); err != nil {
		return fmt.Errorf("save it: %w", err)
	}
	return nil
}

// pause returns how long nothing is to be done. Who must renew and could not asks
// the more often the less is left, within measure: a service that refuses does not
// listen to a network that asks too often. When nothing is left there is no hurry.
func (k *Keeper) pause() time.Duration {
	now, c := k.cfg.Clock.Now(), k.State().Credential
	d := k.cfg.Interval*3/4 + rand.N(k.cfg.Interval/2+1)
	if due := c.Due().Sub(now); due > 0 {
		return min(d, due)
	}
	left := c.NotAfter.Sub(now)
	if left <= 0 {
		return d
	}
	return min(d, max(left/8, c.Lifetime()/64, time.Second))
}
