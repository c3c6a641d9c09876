// Code generated from docs/openapi.json by internal/house/clientgen. DO NOT EDIT.

package warren

import (
	"context"
	"fmt"
	"net/url"
	"time"
)

// Audit is an object of the API.
type Audit struct {
	// The newest first.
	Entries []Entry `json:"entries"`
}

// Entry is an object of the API.
type Entry struct {
	// When.
	At time.Time `json:"at"`

	// Why it failed.
	Failure string `json:"failure"`

	// Its number, higher than those before.
	ID int64 `json:"id"`

	// Status of HTTP that it was answered with.
	Status int64 `json:"status"`

	// What it was done to.
	Target string `json:"target"`

	// How that was shown. One of key, cookie, token, none.
	Way string `json:"way"`

	// The operation.
	What string `json:"what"`

	// Name of the token, or owner.
	Who string `json:"who"`
}

// Made is an object of the API.
type Made struct {
	// The token. It is told this once and kept nowhere.
	Text string `json:"text"`

	// What is known of it.
	Token Token `json:"token"`
}

// NewToken is an object of the API.
type NewToken struct {
	// When it stops being good; absent for never.
	Expires *time.Time `json:"expires,omitzero"`

	// Which program it is for.
	Name string `json:"name"`

	// What may be done with it.
	Scopes []string `json:"scopes"`
}

// OwnerKey is an object of the API.
type OwnerKey struct {
	// The key. It lies in HOME/management-token as well.
	Key string `json:"key"`

	// Where a browser gets its cookie with it, from the root of the node's address on.
	Path string `json:"path"`
}

// Session is an object of the API.
type Session struct {
	// With a cookie: what a change must send as the header X-CSRF-Token.
	CSRF string `json:"csrf"`

	// Name of the token, or owner.
	Name string `json:"name"`

	// What may be done.
	Scopes []string `json:"scopes"`

	// How that was shown. One of key, cookie, token.
	Way string `json:"way"`
}

// Token is an object of the API.
type Token struct {
	// When it was made.
	Created time.Time `json:"created"`

	// When it stops being good; absent for never.
	Expires time.Time `json:"expires"`

	// Its number.
	ID int64 `json:"id"`

	// Which program it is for.
	Name string `json:"name"`

	// What may be done with it. Each has read with it, admin has all.
	Scopes []string `json:"scopes"`

	// When it was used last, to within the hour.
	Used time.Time `json:"used"`
}

// Tokens is an object of the API.
type Tokens struct {
	// In the order in which they were made.
	Tokens []Token `json:"tokens"`
}

// ListAuditQuery is what ListAudit can be asked with; what is zero is left out.
type ListAuditQuery struct {
	// Only entries with a lower number; 0 for the newest.
	Before int64

	// How many are returned at most.
	Limit int64
}

func (q ListAuditQuery) values() url.Values {
	v := url.Values{}
	if q.Before != 0 {
		v.Set("before", fmt.Sprint(q.Before))
	}
	if q.Limit != 0 {
		v.Set("limit", fmt.Sprint(q.Limit))
	}
	return v
}

// ListAudit: Show who has changed what. The newest ten thousand entries are kept.
func (c *Client) ListAudit(ctx context.Context, query ListAuditQuery) (out Audit, err error) {
	err = c.do(ctx, "GET", "/api/v1/audit", query.values(), nil, &out)
	return out, err
}

// ReplaceOwnerKey: Make a new owner's key. The one before, and all cookies, open
// nothing from then on, and what the owner follows with them ends. Tokens stay good.
// This is for the owner alone, by the key or in the browser: no token opens it.
func (c *Client) ReplaceOwnerKey(ctx context.Context) (out OwnerKey, err error) {
	err = c.do(ctx, "POST", "/api/v1/owner-key", nil, nil, &out)
	return out, err
}

// GetSession: Show who asks, and what he may do.
func (c *Client) GetSession(ctx context.Context) (out Session, err error) {
	err = c.do(ctx, "GET", "/api/v1/session", nil, nil, &out)
	return out, err
}

// ListTokens: List tokens.
func (c *Client) ListTokens(ctx context.Context) (out Tokens, err error) {
	err = c.do(ctx, "GET", "/api/v1/tokens", nil, nil, &out)
	return out, err
}

// MakeToken: Make a token for a program. Its text is told this once.
func (c *Client) MakeToken(ctx context.Context, body NewToken) (out Made, err error) {
	err = c.do(ctx, "POST", "/api/v1/tokens", nil, body, &out)
	return out, err
}

// RevokeToken: Take a token away.
func (c *Client) RevokeToken(ctx context.Context, id int64) error {
	return c.do(ctx, "DELETE", "/api/v1/tokens/"+escape(id), nil, nil, nil)
}
