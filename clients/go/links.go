// Code generated from docs/openapi.json by internal/house/clientgen. DO NOT EDIT.

package warren

import (
	"context"
)

// Preview is an object of the API.
type Preview struct {
	//
	Description string `json:"description"`

	// When the link ends.
	Expires string `json:"expires"`

	//
	Files int64 `json:"files"`

	// The first 100.
	FirstFiles []SharedFile `json:"first_files"`

	// and whether they suffice.
	Fits bool `json:"fits"`

	// Bytes on the disk where it would land, -1 if that is not known,
	Free int64 `json:"free"`

	// The key of the torrent, if the node has it already.
	Here string `json:"here"`

	// Of who has signed it, in hexadecimal.
	Key string `json:"key"`

	// One of private, public.
	Kind string `json:"kind"`

	//
	Licence Licence `json:"licence"`

	// It is shown to those alone who redeem the link with a passphrase; nothing below is
	// known.
	NeedsPassphrase bool `json:"needs_passphrase"`

	// It is shown to those alone who redeem the link, which uses it up in part; nothing
	// below is known.
	NeedsRedeem bool `json:"needs_redeem"`

	//
	Provenance Provenance `json:"provenance"`

	// Bytes of all files.
	Size int64 `json:"size"`

	//
	Tags []string `json:"tags"`

	//
	Title string `json:"title"`
}

// SharedFile is an object of the API.
type SharedFile struct {
	//
	Path string `json:"path"`

	// Bytes.
	Size int64 `json:"size"`
}

// Wanted is an object of the API.
type Wanted struct {
	// Its category.
	Category *string `json:"category,omitzero"`

	// Full path of the folder where it would land; that of the category, or the default.
	Dir *string `json:"dir,omitzero"`

	// The whole link, with what follows #.
	Link string `json:"link"`

	// To redeem it with.
	Passphrase *string `json:"passphrase,omitzero"`

	// Whether the link is redeemed if it has to be, which counts as a use of it. The node
	// remembers that for a day: to add it afterwards uses up nothing more.
	Redeem *bool `json:"redeem,omitzero"`
}

// OpenLink: See what a link leads to. The node goes there, and adds nothing. Whoever
// answers there has to show the key that the link names; otherwise nothing is sent.
func (c *Client) OpenLink(ctx context.Context, body Wanted) (out Preview, err error) {
	err = c.do(ctx, "POST", "/api/v1/links", nil, body, &out)
	return out, err
}
