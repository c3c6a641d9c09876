// Code generated from docs/openapi.json by internal/house/clientgen. DO NOT EDIT.

package warren

import (
	"context"
	"time"
)

// ExportingBody is an object of the API.
type ExportingBody struct {
	// What the copy lies under; none if absent.
	Passphrase *string `json:"passphrase,omitzero"`
}

// Identities is an object of the API.
type Identities struct {
	// The oldest first.
	Identities []Identity `json:"identities"`
}

// Identity is an object of the API.
type Identity struct {
	// When it came to this node.
	Created time.Time `json:"created"`

	// Whether it is meant unless another is named.
	Default bool `json:"default"`

	// Its text, which begins with wr1: others know it by this.
	ID string `json:"id"`

	// Whether the passphrase has to be given before anything is done in its name.
	Locked bool `json:"locked"`

	// What its owner calls it. Nobody else sees that.
	Name string `json:"name"`

	// Whether it lies under a passphrase.
	Passphrase bool `json:"passphrase"`
}

// IdentityPatch is an object of the API.
type IdentityPatch struct {
	// True makes it the one that is meant unless another is named.
	Default *bool `json:"default,omitzero"`

	// What to call it.
	Name *string `json:"name,omitzero"`
}

// ImportingBody is an object of the API.
type ImportingBody struct {
	// What export-identity has given, as base64. The passphrase is that of the file, and
	// stays.
	File []byte `json:"file"`

	// What to call it: 1 to 64 characters.
	Name string `json:"name"`

	// What it lies under; none if absent.
	Passphrase *string `json:"passphrase,omitzero"`
}

// NewIdentity is an object of the API.
type NewIdentity struct {
	// What to call it: 1 to 64 characters.
	Name string `json:"name"`

	// What it lies under; none if absent.
	Passphrase *string `json:"passphrase,omitzero"`
}

// ResealingBody is an object of the API.
type ResealingBody struct {
	// The passphrase that it lies under now, if there is one.
	Old *string `json:"old,omitzero"`

	// The new one; empty for none.
	Passphrase string `json:"passphrase"`
}

// Sealed is an object of the API.
type Sealed struct {
	// As docs/protocols/permid.md has it, as base64. Who has it, and its passphrase if
	// there is one, is this identity to others.
	File []byte `json:"file"`
}

// UnlockingBody is an object of the API.
type UnlockingBody struct {
	// Its passphrase.
	Passphrase string `json:"passphrase"`
}

// ListIdentities: List the identities of the node.
func (c *Client) ListIdentities(ctx context.Context) (out Identities, err error) {
	err = c.do(ctx, "GET", "/api/v1/identities", nil, nil, &out)
	return out, err
}

// MakeIdentity: Make another identity. It has nothing in common with those that are
// there.
func (c *Client) MakeIdentity(ctx context.Context, body NewIdentity) (out Identity, err error) {
	err = c.do(ctx, "POST", "/api/v1/identities", nil, body, &out)
	return out, err
}

// ImportIdentity: Take in a copy of an identity.
func (c *Client) ImportIdentity(ctx context.Context, body ImportingBody) (out Identity, err error) {
	err = c.do(ctx, "POST", "/api/v1/identities/import", nil, body, &out)
	return out, err
}

// ShowIdentity: Show an identity.
func (c *Client) ShowIdentity(ctx context.Context, identity string) (out Identity, err error) {
	err = c.do(ctx, "GET", "/api/v1/identities/"+escape(identity), nil, nil, &out)
	return out, err
}

// ChangeIdentity: Rename an identity, or make it the default.
func (c *Client) ChangeIdentity(ctx context.Context, identity string, body IdentityPatch) (out Identity, err error) {
	err = c.do(ctx, "PATCH", "/api/v1/identities/"+escape(identity), nil, body, &out)
	return out, err
}

// ExportIdentity: Get a copy of an identity, to be kept elsewhere. This is for the
// owner alone, by the key or in the browser: no token opens it.
func (c *Client) ExportIdentity(ctx context.Context, identity string, body ExportingBody) (out Sealed, err error) {
	err = c.do(ctx, "POST", "/api/v1/identities/"+escape(identity)+"/export", nil, body, &out)
	return out, err
}

// LockIdentity: Lock an identity.
func (c *Client) LockIdentity(ctx context.Context, identity string) (out Identity, err error) {
	err = c.do(ctx, "POST", "/api/v1/identities/"+escape(identity)+"/lock", nil, nil, &out)
	return out, err
}

// SetPassphrase: Set, change or remove the passphrase of an identity. Whether it is
// locked stays as it was, unless it needs no passphrase any more.
func (c *Client) SetPassphrase(ctx context.Context, identity string, body ResealingBody) (out Identity, err error) {
	err = c.do(ctx, "PUT", "/api/v1/identities/"+escape(identity)+"/passphrase", nil, body, &out)
	return out, err
}

// UnlockIdentity: Unlock an identity until it is locked, or the node ends.
func (c *Client) UnlockIdentity(ctx context.Context, identity string, body UnlockingBody) (out Identity, err error) {
	err = c.do(ctx, "POST", "/api/v1/identities/"+escape(identity)+"/unlock", nil, body, &out)
	return out, err
}
