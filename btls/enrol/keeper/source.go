package keeper

import (
	"context"
	"crypto/ed25519"
	"fmt"

	"github.com/warren-p2p/warren/btls/credential"
	"github.com/warren-p2p/warren/btls/enrol"
)

// Source gives a member what it needs.
type Source interface {
	// Renew returns a credential for the member's key.
	Renew(context.Context) (credential.Credential, error)
	// Revoked returns the list of what was revoked.
	Revoked(context.Context) (credential.Revocations, error)
}

// Remote is a service somewhere else.
type Remote struct {
	*enrol.Client
	Key ed25519.PrivateKey
}

// Join asks for the first credential with an invite token. It is to be checked.
// Errors are those of enrol.Client, and credential.ErrMalformed.
func (r Remote) Join(ctx context.Context, token []byte) (credential.Credential, error) {
	b, err := r.Enrol(ctx, r.Key, token)
	if err != nil {
		return credential.Credential{}, err
	}
	c, err := credential.Parse(b)
	if err != nil {
		return c, fmt.Errorf("what the service handed out: %w", err)
	}
	return c, nil
}

// Renew asks for a further one.
func (r Remote) Renew(ctx context.Context) (credential.Credential, error) { return r.Join(ctx, nil) }

// Revoked asks for the list.
func (r Remote) Revoked(ctx context.Context) (list credential.Revocations, err error) {
	b, err := r.Client.Revoked(ctx)
	if err != nil {
		return list, err
	}
	if list, err = credential.ParseRevocations(b); err != nil {
		return list, fmt.Errorf("the service's list of what was revoked: %w", err)
	}
	return list, nil
}

// Local is the service of the node itself, whose own peer needs no invitation.
type Local struct {
	*enrol.Service
	Key   ed25519.PrivateKey
	Label string
}

// Renew signs a further credential.
func (l Local) Renew(context.Context) (credential.Credential, error) {
	return l.Admit(l.Key.Public().(ed25519.PublicKey), l.Label)
}

// Revoked signs the list.
func (l Local) Revoked(context.Context) (credential.Revocations, error) { return l.Revocations() }
