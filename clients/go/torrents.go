// Code generated from docs/openapi.json by internal/house/clientgen. DO NOT EDIT.

package warren

import (
	"context"
	"fmt"
	"net/url"
	"time"
)

// Bulk is an object of the API.
type Bulk struct {
	// What is done with each of them, as by the operation of that name. One of pause,
	// resume, recheck, reannounce, remove, change.
	Action string `json:"action"`

	// With change: what is to be different.
	Change *Patch `json:"change,omitzero"`

	// With remove: whether the files are deleted as well.
	Content *bool `json:"content,omitzero"`

	// Info-hashes or ids of the torrents.
	Keys []string `json:"keys"`
}

// Counts is an object of the API.
type Counts struct {
	// How many send or receive at this moment.
	Active int64 `json:"active"`

	// How many are of each category; those without one under the empty name.
	Categories map[string]int64 `json:"categories"`

	// How many have each label.
	Labels map[string]int64 `json:"labels"`

	// How many are in each state; none is left out.
	States map[string]int64 `json:"states"`

	// How many there are.
	Total int64 `json:"total"`

	// How many have each tracker, by its host; those without one under the empty name.
	Trackers map[string]int64 `json:"trackers"`
}

// Done is an object of the API.
type Done struct {
	// How many torrents it was done with.
	Done int64 `json:"done"`

	// Those where it failed.
	Failed []Failed `json:"failed"`
}

// Failed is an object of the API.
type Failed struct {
	// As it was given.
	Key string `json:"key"`

	// Type of the problem.
	Type string `json:"type"`

	// Why, for people.
	Why string `json:"why"`
}

// File is an object of the API.
type File struct {
	// Bytes that are there and verified.
	Done int64 `json:"done"`

	// The piece after the last one.
	End int64 `json:"end"`

	// The first piece that has some of it.
	First int64 `json:"first"`

	// Number of the file in the torrent, from 0.
	Index int64 `json:"index"`

	// Where its first byte is in the torrent.
	Offset int64 `json:"offset"`

	// Where it is below the folder of the torrent, with slashes.
	Path string `json:"path"`

	// Whether it is a film or sound by its name: list-streams says where players read it.
	Playable bool `json:"playable"`

	// How much it is wanted; skip is not fetched. One of skip, low, normal, high.
	Priority string `json:"priority"`

	// Bytes.
	Size int64 `json:"size"`
}

// Files is an object of the API.
type Files struct {
	// Padding left out.
	Files []File `json:"files"`
}

// MovedBody is an object of the API.
type MovedBody struct {
	// Whether that is done; otherwise it goes on.
	Done bool `json:"done"`
}

// MovingBody is an object of the API.
type MovingBody struct {
	// Full path of a folder; made if it is not there.
	Dir string `json:"dir"`
}

// NewTorrent is an object of the API.
type NewTorrent struct {
	// Its category; made if it is not there.
	Category *string `json:"category,omitzero"`

	// Full path of the folder that content goes to; that of the category, or the default.
	Dir *string `json:"dir,omitzero"`

	// Bytes a second, 0 for no limit.
	DownLimit *int64 `json:"down_limit,omitzero"`

	// A torrent file, as base64.
	File *[]byte `json:"file,omitzero"`

	// Whether the first and last pieces of files come first.
	FirstLast *bool `json:"first_last,omitzero"`

	// Whether it is active whatever the queue says.
	Forced *bool `json:"forced,omitzero"`

	// When it has given enough.
	Goal *Goal `json:"goal,omitzero"`

	// Its labels.
	Labels []string `json:"labels,omitzero"`

	// The whole link of a share, with what follows #.
	Link *string `json:"link,omitzero"`

	// A magnet link.
	Magnet *string `json:"magnet,omitzero"`

	// Connections, 0 for the default.
	MaxPeers *int64 `json:"max_peers,omitzero"`

	// What it is called here.
	Name *string `json:"name,omitzero"`

	// Whether it was made here: the tracker of the node becomes one of its, unless it
	// demands TLS or is a private one of others.
	Ours *bool `json:"ours,omitzero"`

	// To redeem the link with.
	Passphrase *string `json:"passphrase,omitzero"`

	// Whether it waits for being resumed; as the settings say.
	Paused *bool `json:"paused,omitzero"`

	// Addresses of peers, IP:PORT.
	Peers []string `json:"peers,omitzero"`

	// Whether the link is redeemed if it has to be, which counts as a use of it unless
	// open-link has done so.
	Redeem *bool `json:"redeem,omitzero"`

	// Whether it is fetched from the front to the end.
	Sequential *bool `json:"sequential,omitzero"`

	// Files that are not wanted, by their index.
	Skip []int64 `json:"skip,omitzero"`

	// By who has hashed the content that lies in dir just now: SHA-256 in hexadecimal over
	// path NUL size NUL time of last change in nanoseconds since 1970 LF for each file but
	// padding. If the node finds the same, it does not hash it again. For the owner alone.
	Stamp *string `json:"stamp,omitzero"`

	// Whether pieces are shown to peers one by one (BEP 16).
	SuperSeed *bool `json:"super_seed,omitzero"`

	// Whether peers are spoken to over TLS; as the settings say. One of off, prefer,
	// require.
	TLS *string `json:"tls,omitzero"`

	// Trackers that are asked before its own; they may be on this machine or in its
	// network.
	Trackers []string `json:"trackers,omitzero"`

	// Bytes a second, 0 for no limit.
	UpLimit *int64 `json:"up_limit,omitzero"`

	// Where a torrent file is on the web: http or https, on the Internet alone; or a magnet
	// link, or the link of a share.
	URL *string `json:"url,omitzero"`
}

// Patch is an object of the API.
type Patch struct {
	// Labels that it gets as well.
	AddLabels []string `json:"add_labels,omitzero"`

	// Its category; made if it is not there. Empty for none.
	Category *string `json:"category,omitzero"`

	// Bytes a second, 0 for no limit.
	DownLimit *int64 `json:"down_limit,omitzero"`

	// Whether the first and last pieces of files come first.
	FirstLast *bool `json:"first_last,omitzero"`

	// Whether it is active whatever the queue says.
	Forced *bool `json:"forced,omitzero"`

	// When it has given enough.
	Goal *Goal `json:"goal,omitzero"`

	// Its labels.
	Labels []string `json:"labels,omitzero"`

	// Connections, 0 for the default.
	MaxPeers *int64 `json:"max_peers,omitzero"`

	// What it is called here.
	Name *string `json:"name,omitzero"`

	// The user's own words.
	Note *string `json:"note,omitzero"`

	// Labels that are taken off it.
	RemoveLabels []string `json:"remove_labels,omitzero"`

	// Whether it is fetched from the front to the end.
	Sequential *bool `json:"sequential,omitzero"`

	// Whether pieces are shown to peers one by one (BEP 16), from the next start on.
	SuperSeed *bool `json:"super_seed,omitzero"`

	// Whether peers are spoken to over TLS. One of off, prefer, require.
	TLS *string `json:"tls,omitzero"`

	// Bytes a second, 0 for no limit.
	UpLimit *int64 `json:"up_limit,omitzero"`
}

// Peer is an object of the API.
type Peer struct {
	// IP:PORT.
	Address string `json:"address"`

	// Whether we serve it not.
	AmChoking bool `json:"am_choking"`

	// Whether we want something of it.
	AmInterested bool `json:"am_interested"`

	// Whether it serves us not.
	Choking bool `json:"choking"`

	// What it says it is, "" if it does not.
	Client string `json:"client"`

	// Bytes a second, from it.
	DownRate int64 `json:"down_rate"`

	// Whether it has called us.
	Incoming bool `json:"incoming"`

	// Whether it wants something of us.
	Interested bool `json:"interested"`

	// By which way. One of tcp, utp.
	Over string `json:"over"`

	// How much it has, 0 to 1.
	Progress float64 `json:"progress"`

	// How the connection is protected. One of tls, mse, plain.
	Protection string `json:"protection"`

	// Bytes of content from it.
	Received int64 `json:"received"`

	// Whether it has everything.
	Seed bool `json:"seed"`

	// Bytes of content to it.
	Sent int64 `json:"sent"`

	// When it was connected.
	Since time.Time `json:"since"`

	// Bytes a second, to it.
	UpRate int64 `json:"up_rate"`
}

// PeeringBody is an object of the API.
type PeeringBody struct {
	// Addresses, IP:PORT.
	Peers []string `json:"peers"`
}

// Peers is an object of the API.
type Peers struct {
	// In no order.
	Peers []Peer `json:"peers"`
}

// Pieces is an object of the API.
type Pieces struct {
	// How many connected peers have each piece; empty if nothing moves.
	Availability []int64 `json:"availability"`

	// How many pieces the torrent has.
	Count int64 `json:"count"`

	// How many of them are there and verified.
	Done int64 `json:"done"`

	// One bit for each piece, the first one in the highest bit of the first byte (BEP 3),
	// as base64.
	Have []byte `json:"have"`

	// Bytes of a piece; the last may be shorter.
	Length int64 `json:"length"`
}

// PlacingBody is an object of the API.
type PlacingBody struct {
	// How many are to stand before it in the queue.
	Position int64 `json:"position"`
}

// PrioritizingBody is an object of the API.
type PrioritizingBody struct {
	// By the index of the file: skip, low, normal or high.
	Priorities map[string]string `json:"priorities"`
}

// RenamingBody is an object of the API.
type RenamingBody struct {
	// Path of a file or folder of the torrent, with slashes.
	From string `json:"from"`

	// Path that it gets.
	To string `json:"to"`
}

// Stream is an object of the API.
type Stream struct {
	// Number of the file in the torrent.
	Index int64 `json:"index"`

	// Where it is below the folder of the torrent, with slashes.
	Path string `json:"path"`

	// For players. It is a secret: who can reach the node and has it can read the file.
	URL string `json:"url"`
}

// Streams is an object of the API.
type Streams struct {
	// When the URLs are good for nothing any more; a node that is started anew ends them as
	// well.
	Expires time.Time `json:"expires"`

	// The main file first, then all others that can be played; or the one that was asked
	// for.
	Files []Stream `json:"files"`

	// Index of the file that a player is meant to get: the longest film or sound file, or
	// the longest of all.
	Main int64 `json:"main"`

	// URL of a list of all that can be played (M3U).
	Playlist string `json:"playlist"`
}

// TiersBody is an object of the API.
type TiersBody struct {
	// Addresses of trackers, those of the first tier first.
	Tiers [][]string `json:"tiers"`
}

// Tracker is an object of the API.
type Tracker struct {
	// Why it is of no use now.
	Error string `json:"error"`

	// How many other peers it tells of, -1 if it does not.
	Leechers int64 `json:"leechers"`

	// Whether the user has named it, rather than the torrent.
	Own bool `json:"own"`

	// How many peers with everything it tells of, -1 if it does not.
	Seeders int64 `json:"seeders"`

	// How it is with it. One of idle, asking, working, failing.
	State string `json:"state"`

	// Those of a lower tier are asked first (BEP 12).
	Tier int64 `json:"tier"`

	// Its address; the host alone, unless torrents or settings may be changed: a key of the
	// user's may be in it.
	URL string `json:"url"`
}

// Trackers is an object of the API.
type Trackers struct {
	// Nodes of the DHT that are known; 0 if it is not used for the torrent.
	DHTNodes int64 `json:"dht_nodes"`

	// When the next of them is asked.
	Next time.Time `json:"next"`

	// In the order in which they are asked.
	Trackers []Tracker `json:"trackers"`
}

// ListTorrentsQuery is what ListTorrents can be asked with; what is zero is left out.
type ListTorrentsQuery struct {
	// Only those in one of these states; active is those that send or receive at this
	// moment.
	State []string

	// Only those of this category; none is those without one.
	Category string

	// Only those that have all of these labels.
	Label []string

	// Only those that one of whose trackers has this in its host; none is those without
	// one.
	Tracker string

	// Only those whose name has all of these words, whatever their case.
	Search string

	// By what they are sorted. One of id, name, state, progress, size, added, completed,
	// last_active, down_rate, up_rate, eta, ratio, sent, received, peers, seeds, category,
	// position.
	Sort string

	// The other way round.
	Reverse bool

	// How many of those are passed over.
	Offset int64

	// How many are returned at most.
	Limit int64

	// Which properties of them; all if none is named.
	Fields []string
}

func (q ListTorrentsQuery) values() url.Values {
	v := url.Values{}
	if len(q.State) > 0 {
		v.Set("state", joined(q.State))
	}
	if q.Category != "" {
		v.Set("category", fmt.Sprint(q.Category))
	}
	if len(q.Label) > 0 {
		v.Set("label", joined(q.Label))
	}
	if q.Tracker != "" {
		v.Set("tracker", fmt.Sprint(q.Tracker))
	}
	if q.Search != "" {
		v.Set("search", fmt.Sprint(q.Search))
	}
	if q.Sort != "" {
		v.Set("sort", fmt.Sprint(q.Sort))
	}
	if q.Reverse {
		v.Set("reverse", "true")
	}
	if q.Offset != 0 {
		v.Set("offset", fmt.Sprint(q.Offset))
	}
	if q.Limit != 0 {
		v.Set("limit", fmt.Sprint(q.Limit))
	}
	if len(q.Fields) > 0 {
		v.Set("fields", joined(q.Fields))
	}
	return v
}

// ListTorrents: List torrents. A page of those that are asked for, filtered and sorted
// by the node. total is how many there are in all pages.
func (c *Client) ListTorrents(ctx context.Context, query ListTorrentsQuery) (out Page, err error) {
	err = c.do(ctx, "GET", "/api/v1/torrents", query.values(), nil, &out)
	return out, err
}

// AddTorrent: Add a torrent. By one of magnet, url, file and link. If it is there
// already, the problem is duplicate, and the value of its first error is the torrent's
// key.
func (c *Client) AddTorrent(ctx context.Context, body NewTorrent) (out Torrent, err error) {
	err = c.do(ctx, "POST", "/api/v1/torrents", nil, body, &out)
	return out, err
}

// DoWithTorrents: Do the same with many torrents. Where it fails with one of them, it
// is done with the others all the same.
func (c *Client) DoWithTorrents(ctx context.Context, body Bulk) (out Done, err error) {
	err = c.do(ctx, "POST", "/api/v1/torrents/bulk", nil, body, &out)
	return out, err
}

// CountTorrents: Count torrents by state, category, label and tracker. Each name is
// what list-torrents can be asked for; the empty one of categories and trackers is none
// there.
func (c *Client) CountTorrents(ctx context.Context) (out Counts, err error) {
	err = c.do(ctx, "GET", "/api/v1/torrents/counts", nil, nil, &out)
	return out, err
}

// UploadTorrentQuery is what UploadTorrent can be asked with; what is zero is left out.
type UploadTorrentQuery struct {
	// Full path of the folder that content goes to.
	Dir string

	// Its category; made if it is not there.
	Category string

	// Its labels.
	Label []string

	// Whether it waits for being resumed.
	Paused bool
}

func (q UploadTorrentQuery) values() url.Values {
	v := url.Values{}
	if q.Dir != "" {
		v.Set("dir", fmt.Sprint(q.Dir))
	}
	if q.Category != "" {
		v.Set("category", fmt.Sprint(q.Category))
	}
	if len(q.Label) > 0 {
		v.Set("label", joined(q.Label))
	}
	if q.Paused {
		v.Set("paused", "true")
	}
	return v
}

// UploadTorrent: Add a torrent by its file. The body is the file as it is. Everything
// else is as with add-torrent.
func (c *Client) UploadTorrent(ctx context.Context, query UploadTorrentQuery, body []byte) (out Torrent, err error) {
	err = c.do(ctx, "POST", "/api/v1/torrents/file", query.values(), file{"application/x-bittorrent", body}, &out)
	return out, err
}

// RemoveTorrentQuery is what RemoveTorrent can be asked with; what is zero is left out.
type RemoveTorrentQuery struct {
	// Whether its files are deleted as well.
	Content bool
}

func (q RemoveTorrentQuery) values() url.Values {
	v := url.Values{}
	if q.Content {
		v.Set("content", "true")
	}
	return v
}

// RemoveTorrent: Remove a torrent. Its files stay unless content is true.
func (c *Client) RemoveTorrent(ctx context.Context, key string, query RemoveTorrentQuery) error {
	return c.do(ctx, "DELETE", "/api/v1/torrents/"+escape(key), query.values(), nil, nil)
}

// GetTorrent: Show a torrent.
func (c *Client) GetTorrent(ctx context.Context, key string) (out Torrent, err error) {
	err = c.do(ctx, "GET", "/api/v1/torrents/"+escape(key), nil, nil, &out)
	return out, err
}

// ChangeTorrent: Change a torrent. All that is given is changed, or nothing.
func (c *Client) ChangeTorrent(ctx context.Context, key string, body Patch) (out Torrent, err error) {
	err = c.do(ctx, "PATCH", "/api/v1/torrents/"+escape(key), nil, body, &out)
	return out, err
}

// DownloadTorrent: Get the torrent file of a torrent. Without its trackers, in whose
// addresses may be keys, for who may not change torrents or settings.
func (c *Client) DownloadTorrent(ctx context.Context, key string) (out []byte, err error) {
	err = c.do(ctx, "GET", "/api/v1/torrents/"+escape(key)+"/file", nil, nil, &out)
	return out, err
}

// ListFiles: List the files of a torrent.
func (c *Client) ListFiles(ctx context.Context, key string) (out Files, err error) {
	err = c.do(ctx, "GET", "/api/v1/torrents/"+escape(key)+"/files", nil, nil, &out)
	return out, err
}

// PrioritizeFiles: Say how much files of a torrent are wanted.
func (c *Client) PrioritizeFiles(ctx context.Context, key string, body PrioritizingBody) (out Files, err error) {
	err = c.do(ctx, "PATCH", "/api/v1/torrents/"+escape(key)+"/files", nil, body, &out)
	return out, err
}

// MoveTorrent: Move the content of a torrent to another folder. What takes longer than
// ten seconds is answered with 202, and goes on; if it fails, the log of the node has
// why, and the content is where it was.
func (c *Client) MoveTorrent(ctx context.Context, key string, body MovingBody) (out MovedBody, err error) {
	err = c.do(ctx, "POST", "/api/v1/torrents/"+escape(key)+"/move", nil, body, &out)
	return out, err
}

// PauseTorrent: Pause a torrent.
func (c *Client) PauseTorrent(ctx context.Context, key string) error {
	return c.do(ctx, "POST", "/api/v1/torrents/"+escape(key)+"/pause", nil, nil, nil)
}

// ListPeers: List the connected peers of a torrent.
func (c *Client) ListPeers(ctx context.Context, key string) (out Peers, err error) {
	err = c.do(ctx, "GET", "/api/v1/torrents/"+escape(key)+"/peers", nil, nil, &out)
	return out, err
}

// AddPeers: Name peers of a torrent, to be dialled.
func (c *Client) AddPeers(ctx context.Context, key string, body PeeringBody) error {
	return c.do(ctx, "POST", "/api/v1/torrents/"+escape(key)+"/peers", nil, body, nil)
}

// ShowPieces: Show which pieces of a torrent there are.
func (c *Client) ShowPieces(ctx context.Context, key string) (out Pieces, err error) {
	err = c.do(ctx, "GET", "/api/v1/torrents/"+escape(key)+"/pieces", nil, nil, &out)
	return out, err
}

// PlaceTorrent: Give a torrent another place in the queue.
func (c *Client) PlaceTorrent(ctx context.Context, key string, body PlacingBody) error {
	return c.do(ctx, "POST", "/api/v1/torrents/"+escape(key)+"/position", nil, body, nil)
}

// ReannounceTorrent: Ask trackers and the DHT for peers, as soon as they allow it.
func (c *Client) ReannounceTorrent(ctx context.Context, key string) error {
	return c.do(ctx, "POST", "/api/v1/torrents/"+escape(key)+"/reannounce", nil, nil, nil)
}

// RecheckTorrent: Check all content of a torrent once more, in the background.
func (c *Client) RecheckTorrent(ctx context.Context, key string) error {
	return c.do(ctx, "POST", "/api/v1/torrents/"+escape(key)+"/recheck", nil, nil, nil)
}

// RenameFile: Rename a file or a folder of a torrent.
func (c *Client) RenameFile(ctx context.Context, key string, body RenamingBody) error {
	return c.do(ctx, "POST", "/api/v1/torrents/"+escape(key)+"/rename", nil, body, nil)
}

// ResumeTorrent: Resume a torrent.
func (c *Client) ResumeTorrent(ctx context.Context, key string) error {
	return c.do(ctx, "POST", "/api/v1/torrents/"+escape(key)+"/resume", nil, nil, nil)
}

// ListStreamsQuery is what ListStreams can be asked with; what is zero is left out.
type ListStreamsQuery struct {
	// Index of the one file that is wanted, whatever it is; -1 for those that can be
	// played.
	File int64

	// How long the URLs are good for.
	Seconds int64
}

func (q ListStreamsQuery) values() url.Values {
	v := url.Values{}
	if q.File != 0 {
		v.Set("file", fmt.Sprint(q.File))
	}
	if q.Seconds != 0 {
		v.Set("seconds", fmt.Sprint(q.Seconds))
	}
	return v
}

// ListStreams: Say where players can read the files of a torrent while they are
// fetched. What is read is fetched before all else. Ranges and HEAD work as with any
// file on the web.
func (c *Client) ListStreams(ctx context.Context, key string, query ListStreamsQuery) (out Streams, err error) {
	err = c.do(ctx, "GET", "/api/v1/torrents/"+escape(key)+"/streams", query.values(), nil, &out)
	return out, err
}

// ListTrackers: List the trackers of a torrent.
func (c *Client) ListTrackers(ctx context.Context, key string) (out Trackers, err error) {
	err = c.do(ctx, "GET", "/api/v1/torrents/"+escape(key)+"/trackers", nil, nil, &out)
	return out, err
}

// SetTrackers: Replace the trackers of a torrent.
func (c *Client) SetTrackers(ctx context.Context, key string, body TiersBody) (out Trackers, err error) {
	err = c.do(ctx, "PUT", "/api/v1/torrents/"+escape(key)+"/trackers", nil, body, &out)
	return out, err
}
