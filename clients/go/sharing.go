// Code generated from docs/openapi.json by internal/house/clientgen. DO NOT EDIT.

package warren

import (
	"context"
	"fmt"
	"net/url"
	"time"
)

// Draft is an object of the API.
type Draft struct {
	// The most urgent first, 100 at most.
	Cautions []ShareCaution `json:"cautions"`

	// Bytes of the present step that are done,
	Done int64 `json:"done"`

	// Why it has failed, or is not public.
	Error string `json:"error"`

	//
	Files int64 `json:"files"`

	// The first 200 of what files tell.
	Findings []ShareFinding `json:"findings"`

	// All of it.
	Found int64 `json:"found"`

	//
	ID string `json:"id"`

	//
	Name string `json:"name"`

	//
	Path string `json:"path"`

	// How much of that can be taken out.
	Removable int64 `json:"removable"`

	// What has become of it.
	Share string `json:"share"`

	// Bytes.
	Size int64 `json:"size"`

	// One of looking, ready, stripping, hashing, done, failed.
	State string `json:"state"`

	// Key of the torrent that was made of it instead: download-draft has it.
	Torrent string `json:"torrent"`

	// of so many; 0 until that is known, or while another draft has its turn.
	Total int64 `json:"total"`
}

// Folder is an object of the API.
type Folder struct {
	// Folders first, by name.
	Entries []FolderEntry `json:"entries"`

	// Absent at the root of the disk.
	Parent string `json:"parent"`

	//
	Path string `json:"path"`

	// There are more than the 5,000 that are listed.
	Truncated bool `json:"truncated"`
}

// FolderEntry is an object of the API.
type FolderEntry struct {
	//
	Folder bool `json:"folder"`

	//
	Modified time.Time `json:"modified"`

	//
	Name string `json:"name"`

	//
	Path string `json:"path"`

	// Bytes of a file.
	Size int64 `json:"size"`
}

// MakeTorrent is an object of the API.
type MakeTorrent struct {
	// That everybody reads.
	Comment *string `json:"comment,omitzero"`

	// Whether its trackers alone say who has it (BEP 27).
	Private *bool `json:"private,omitzero"`

	// Add it to the node as well, which names its own tracker then, and gives it to others.
	Seed *bool `json:"seed,omitzero"`

	// URLs, each asked if those before it fail.
	Trackers []string `json:"trackers,omitzero"`
}

// NewDraft is an object of the API.
type NewDraft struct {
	// The full path of a file or folder of the node.
	Path string `json:"path"`
}

// NewShare is an object of the API.
type NewShare struct {
	// True says that the owner has read what the draft tells.
	Confirmed bool `json:"confirmed"`

	//
	Description *string `json:"description,omitzero"`

	// Whether files can be had over HTTP,
	Direct *bool `json:"direct,omitzero"`

	// up to so many bytes each; 0 is 100 MiB.
	DirectLimit *int64 `json:"direct_limit,omitzero"`

	// When the private link ends, as in RFC 3339; never if absent.
	Expires *string `json:"expires,omitzero"`

	// Which signs: its name or text; the default one if absent.
	Identity *string `json:"identity,omitzero"`

	//
	Licence *Licence `json:"licence,omitzero"`

	// What is needed to redeem it.
	Passphrase *string `json:"passphrase,omitzero"`

	//
	Provenance *Provenance `json:"provenance,omitzero"`

	// Share it with everybody at once: that needs a licence.
	Publish *bool `json:"publish,omitzero"`

	// Share a copy, from which is taken out what can be.
	Strip *bool `json:"strip,omitzero"`

	//
	Tags []string `json:"tags,omitzero"`

	//
	Title string `json:"title"`

	// How often the link can be redeemed; 0 for any number.
	Uses *int64 `json:"uses,omitzero"`
}

// PublicShares is an object of the API.
type PublicShares struct {
	// Where they are listed; absent if there are none, or it is not known where others
	// reach the node.
	Link string `json:"link"`

	//
	Shares []Share `json:"shares"`
}

// Publication is an object of the API.
type Publication struct {
	// True says that the owner has read what becomes public.
	Confirmed bool `json:"confirmed"`

	// Instead of the licence that it has: what is public needs one.
	Licence *Licence `json:"licence,omitzero"`

	// Instead of the title that it has.
	Title *string `json:"title,omitzero"`
}

// Share is an object of the API.
type Share struct {
	//
	Created time.Time `json:"created"`

	//
	Description string `json:"description"`

	// Whether files can be had over HTTP.
	Direct bool `json:"direct"`

	// Up to how many bytes each.
	DirectLimit int64 `json:"direct_limit"`

	// Files that were had over HTTP.
	Downloads int64 `json:"downloads"`

	// When the private link ends; never if absent.
	Expires time.Time `json:"expires"`

	//
	Files int64 `json:"files"`

	//
	ID string `json:"id"`

	// The name of the identity that signs, its text if it is gone.
	Identity string `json:"identity"`

	// By which others know who has signed, in hex; it does not tell the identity.
	Key string `json:"key"`

	//
	Licence Licence `json:"licence"`

	// The private link: who has it has all of the share. Absent if it is not known where
	// others reach the node, or the share is revoked.
	Link string `json:"link"`

	// The address of its page, without what opens the torrent.
	Page string `json:"page"`

	// Whether one is needed.
	Passphrase bool `json:"passphrase"`

	//
	Provenance Provenance `json:"provenance"`

	// The link for everybody, if it is public.
	PublicLink string `json:"public_link"`

	// That of the public one.
	PublicTorrent string `json:"public_torrent"`

	// Whether others can follow the links, as far as that is known.
	Reachable bool `json:"reachable"`

	// Of the record that was signed last.
	Sequence int64 `json:"sequence"`

	// Bytes.
	Size int64 `json:"size"`

	// One of active, expired, used-up, revoked.
	State string `json:"state"`

	//
	Tags []string `json:"tags"`

	//
	Title string `json:"title"`

	// Key of the private torrent in the library.
	Torrent string `json:"torrent"`

	// How often it was.
	Used int64 `json:"used"`

	// How often the link can still be redeemed; -1 for any number.
	UsesLeft int64 `json:"uses_left"`

	//
	Visits int64 `json:"visits"`
}

// ShareCaution is an object of the API.
type ShareCaution struct {
	//
	File string `json:"file"`

	// Links and what is special are not shared. One of secret, name, hidden, backup,
	// opaque, unreadable, link, special, many.
	Kind string `json:"kind"`

	//
	Text string `json:"text"`
}

// ShareFinding is an object of the API.
type ShareFinding struct {
	//
	File string `json:"file"`

	// One of location, person, device, thumbnail, comment, time, software.
	Kind string `json:"kind"`

	// Whether a copy can be made without it.
	Removable bool `json:"removable"`

	//
	Value string `json:"value"`

	// What it is called in the file.
	What string `json:"what"`
}

// SharePatch is an object of the API.
type SharePatch struct {
	//
	Description *string `json:"description,omitzero"`

	// Whether files can be had over HTTP,
	Direct *bool `json:"direct,omitzero"`

	// up to so many bytes each; 0 is 100 MiB.
	DirectLimit *int64 `json:"direct_limit,omitzero"`

	// When the private link ends, as in RFC 3339; empty for never.
	Expires *string `json:"expires,omitzero"`

	//
	Licence *Licence `json:"licence,omitzero"`

	// What is needed to redeem it; empty for nothing.
	Passphrase *string `json:"passphrase,omitzero"`

	//
	Provenance *Provenance `json:"provenance,omitzero"`

	//
	Tags []string `json:"tags,omitzero"`

	//
	Title *string `json:"title,omitzero"`

	// How often the link can be redeemed from now on; 0 for any number.
	Uses *int64 `json:"uses,omitzero"`
}

// Shares is an object of the API.
type Shares struct {
	// The oldest first.
	Shares []Share `json:"shares"`
}

// BrowseFolderQuery is what BrowseFolder can be asked with; what is zero is left out.
type BrowseFolderQuery struct {
	// A full path; if absent, that of the folder where the user keeps files.
	Path string

	// Whether files that begin with a dot are listed.
	Hidden bool
}

func (q BrowseFolderQuery) values() url.Values {
	v := url.Values{}
	if q.Path != "" {
		v.Set("path", fmt.Sprint(q.Path))
	}
	if q.Hidden {
		v.Set("hidden", "true")
	}
	return v
}

// BrowseFolder: List a folder of the machine that the node runs on.
func (c *Client) BrowseFolder(ctx context.Context, query BrowseFolderQuery) (out Folder, err error) {
	err = c.do(ctx, "GET", "/api/v1/folder", query.values(), nil, &out)
	return out, err
}

// ListShares: List what is shared. With the links: who reads this can pass everything
// on.
func (c *Client) ListShares(ctx context.Context) (out Shares, err error) {
	err = c.do(ctx, "GET", "/api/v1/shares", nil, nil, &out)
	return out, err
}

// DraftShare: Look through a file or folder that is to be shared. The answer does not
// wait for it: show-draft tells how far it is. Nothing is shared before share-draft.
func (c *Client) DraftShare(ctx context.Context, body NewDraft) (out Draft, err error) {
	err = c.do(ctx, "POST", "/api/v1/shares/drafts", nil, body, &out)
	return out, err
}

// DropDraft: Drop a draft, whatever it is at. What has become a share stays one.
func (c *Client) DropDraft(ctx context.Context, id string) error {
	return c.do(ctx, "DELETE", "/api/v1/shares/drafts/"+escape(id), nil, nil, nil)
}

// ShowDraft: Show how far a draft is, and what was found.
func (c *Client) ShowDraft(ctx context.Context, id string) (out Draft, err error) {
	err = c.do(ctx, "GET", "/api/v1/shares/drafts/"+escape(id), nil, nil, &out)
	return out, err
}

// ShareDraft: Share a draft under a private link. The answer does not wait until it is
// hashed: show-draft tells how far it is, and which share it has become.
func (c *Client) ShareDraft(ctx context.Context, id string, body NewShare) (out Draft, err error) {
	err = c.do(ctx, "POST", "/api/v1/shares/drafts/"+escape(id)+"/share", nil, body, &out)
	return out, err
}

// MakeTorrent: Make a torrent of a draft, and no share. For versions 1 and 2 (hybrid).
// The answer does not wait until it is hashed: show-draft tells how far it is,
// drop-draft ends it, and download-draft has the torrent.
func (c *Client) MakeTorrent(ctx context.Context, id string, body MakeTorrent) (out Draft, err error) {
	err = c.do(ctx, "POST", "/api/v1/shares/drafts/"+escape(id)+"/torrent", nil, body, &out)
	return out, err
}

// DownloadDraft: Get the torrent file that was made of a draft.
func (c *Client) DownloadDraft(ctx context.Context, id string) (out []byte, err error) {
	err = c.do(ctx, "GET", "/api/v1/shares/drafts/"+escape(id)+"/torrent/file", nil, nil, &out)
	return out, err
}

// ListPublicShares: List what is shared with everybody, and where.
func (c *Client) ListPublicShares(ctx context.Context) (out PublicShares, err error) {
	err = c.do(ctx, "GET", "/api/v1/shares/public", nil, nil, &out)
	return out, err
}

// RevokeShareQuery is what RevokeShare can be asked with; what is zero is left out.
type RevokeShareQuery struct {
	// Whether what is shared is removed from the disk.
	Content bool
}

func (q RevokeShareQuery) values() url.Values {
	v := url.Values{}
	if q.Content {
		v.Set("content", "true")
	}
	return v
}

// RevokeShare: End a share: the links, the torrents, and those who are connected. Of a
// share that is revoked already, what is left is forgotten. What others have fetched,
// they have.
func (c *Client) RevokeShare(ctx context.Context, id string, query RevokeShareQuery) error {
	return c.do(ctx, "DELETE", "/api/v1/shares/"+escape(id), query.values(), nil, nil)
}

// ShowShare: Show a share.
func (c *Client) ShowShare(ctx context.Context, id string) (out Share, err error) {
	err = c.do(ctx, "GET", "/api/v1/shares/"+escape(id), nil, nil, &out)
	return out, err
}

// ChangeShare: Change what is said of a share, or what its link demands. Who has
// redeemed the link goes on, whatever it demands now.
func (c *Client) ChangeShare(ctx context.Context, id string, body SharePatch) (out Share, err error) {
	err = c.do(ctx, "PATCH", "/api/v1/shares/"+escape(id), nil, body, &out)
	return out, err
}

// PublishShare: Share something with everybody as well. It is listed under the public
// link of the node, and seeded as a public torrent. The private link stays.
func (c *Client) PublishShare(ctx context.Context, id string, body Publication) (out Share, err error) {
	err = c.do(ctx, "POST", "/api/v1/shares/"+escape(id)+"/publish", nil, body, &out)
	return out, err
}

// DrawShareLink: Get a link as a QR code. A picture in SVG: black on white, with room
// around it.
func (c *Client) DrawShareLink(ctx context.Context, id string, which string) (out string, err error) {
	err = c.do(ctx, "GET", "/api/v1/shares/"+escape(id)+"/qr/"+escape(which), nil, nil, &out)
	return out, err
}

// UnpublishShare: Share something no longer with everybody. What others have fetched,
// they have.
func (c *Client) UnpublishShare(ctx context.Context, id string) (out Share, err error) {
	err = c.do(ctx, "POST", "/api/v1/shares/"+escape(id)+"/unpublish", nil, nil, &out)
	return out, err
}
