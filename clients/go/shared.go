// Code generated from docs/openapi.json by internal/house/clientgen. DO NOT EDIT.

package warren

import (
	"time"
)

// ErrorDetail is an object of the API.
type ErrorDetail struct {
	// Where the error occurred, e.g. 'body.items[3].tags' or 'path.thing-id'
	Location string `json:"location"`

	// Error message text
	Message string `json:"message"`

	// The value at the given location
	Value any `json:"value"`
}

// ProblemDocument is an object of the API.
type ProblemDocument struct {
	// A human-readable explanation specific to this occurrence of the problem.
	Detail string `json:"detail"`

	// Optional list of individual error details
	Errors []ErrorDetail `json:"errors"`

	// A URI reference that identifies the specific occurrence of the problem.
	Instance string `json:"instance"`

	// HTTP status code
	Status int64 `json:"status"`

	// A short, human-readable summary of the problem type. This value should not change
	// between occurrences of the error.
	Title string `json:"title"`

	// A URI reference to human-readable documentation for the error.
	Type string `json:"type"`
}

// Goal is an object of the API.
type Goal struct {
	// Seconds of seeding without sending anything; 0 is the default, less is no goal.
	IdleTime *int64 `json:"idle_time,omitzero"`

	// Bytes sent for each byte of the content; 0 is the default, less is no goal.
	Ratio *float64 `json:"ratio,omitzero"`

	// Seconds of seeding; 0 is the default, less is no goal.
	SeedTime *int64 `json:"seed_time,omitzero"`

	// What happens then. One of pause, remove, remove-content.
	Then *string `json:"then,omitzero"`
}

// Licence is an object of the API.
type Licence struct {
	// Of SPDX, such as CC-BY-4.0.
	ID *string `json:"id,omitzero"`

	// In words.
	Text *string `json:"text,omitzero"`
}

// Page is an object of the API.
type Page struct {
	// How many were in the pages before.
	Offset int64 `json:"offset"`

	// When the snapshot was begun.
	Revision int64 `json:"revision"`

	// The torrents, in the order of their ids.
	Torrents []Torrent `json:"torrents"`

	// Torrents in all pages together.
	Total int64 `json:"total"`
}

// Provenance is an object of the API.
type Provenance struct {
	// Who made it.
	Author *string `json:"author,omitzero"`

	// When it was made: a date such as 2024-05-01, or a time as in RFC 3339.
	Created *string `json:"created,omitzero"`

	// What it was made of.
	Derived *string `json:"derived,omitzero"`

	// An address where more is to be found.
	Source *string `json:"source,omitzero"`
}

// Torrent is an object of the API.
type Torrent struct {
	// Seconds of seeding and fetching.
	ActiveTime int64 `json:"active_time"`

	// When it was added.
	Added time.Time `json:"added"`

	// Its category.
	Category string `json:"category"`

	// What the torrent says of itself.
	Comment string `json:"comment"`

	// When it was complete for the first time.
	Completed time.Time `json:"completed"`

	// Bytes that were thrown away because they were wrong.
	Corrupt int64 `json:"corrupt"`

	// When it was made.
	Created time.Time `json:"created"`

	// What made it.
	CreatedBy string `json:"created_by"`

	// Folder that the content lies in.
	Dir string `json:"dir"`

	// Bytes of content that are there and verified.
	Done int64 `json:"done"`

	// Bytes a second, 0 for no limit.
	DownLimit int64 `json:"down_limit"`

	// Bytes a second.
	DownRate int64 `json:"down_rate"`

	// Seconds until it is complete at this rate; absent if nothing moves.
	ETA int64 `json:"eta"`

	// How many files it has.
	Files int64 `json:"files"`

	// Whether the first and last pieces of files come first.
	FirstLast bool `json:"first_last"`

	// Whether it is active whatever the queue says.
	Forced bool `json:"forced"`

	// When it has given enough, the defaults included.
	Goal Goal `json:"goal"`

	// Number of the torrent at this node, from 1, for as long as it is there.
	ID int64 `json:"id"`

	// By this it is named in paths: its info-hash of version 1 in hexadecimal, or that of
	// version 2 cut to 20 bytes.
	Key string `json:"key"`

	// Its labels, in order.
	Labels []string `json:"labels"`

	// When content was last sent or received.
	LastActive time.Time `json:"last_active"`

	// Bytes that are wanted and missing.
	Left int64 `json:"left"`

	// Connections, 0 for the default.
	MaxPeers int64 `json:"max_peers"`

	// What it is called here.
	Name string `json:"name"`

	// The user's own words.
	Note string `json:"note"`

	// Whether the user has stopped it.
	Paused bool `json:"paused"`

	// Connected peers.
	Peers int64 `json:"peers"`

	// Bytes of a piece.
	PieceLength int64 `json:"piece_length"`

	// How many pieces it has.
	Pieces int64 `json:"pieces"`

	// How many of them are there and verified.
	PiecesDone int64 `json:"pieces_done"`

	// How many stand before it in the queue.
	Position int64 `json:"position"`

	// Whether only its trackers may be asked for peers (BEP 27).
	Private bool `json:"private"`

	// How much of what is wanted is there and verified, 0 to 1; while checking, how much is
	// checked.
	Progress float64 `json:"progress"`

	// Bytes sent for each byte of the content.
	Ratio float64 `json:"ratio"`

	// Why it is waiting, queued or failed.
	Reason string `json:"reason"`

	// Bytes of content received since it was added.
	Received int64 `json:"received"`

	// Number of the last change.
	Revision int64 `json:"revision"`

	// Seconds of seeding.
	SeedTime int64 `json:"seed_time"`

	// Those that have everything.
	Seeds int64 `json:"seeds"`

	// Bytes of content sent since it was added.
	Sent int64 `json:"sent"`

	// Whether it is fetched from the front to the end.
	Sequential bool `json:"sequential"`

	// Bytes of content; 0 as long as that is not known.
	Size int64 `json:"size"`

	// What it does: metadata is a magnet link of which peers are asked what it consists of;
	// waiting goes on by itself, as soon as the disk takes data again; failed needs the
	// user. One of starting, checking, metadata, downloading, seeding, paused, waiting,
	// queued, failed.
	State string `json:"state"`

	// Whether pieces are shown to peers one by one (BEP 16).
	SuperSeed bool `json:"super_seed"`

	// Whether peers are spoken to over TLS. One of off, prefer, require.
	TLS string `json:"tls"`

	// Those over TLS.
	TLSPeers int64 `json:"tls_peers"`

	// Bytes a second, 0 for no limit.
	UpLimit int64 `json:"up_limit"`

	// Bytes a second.
	UpRate int64 `json:"up_rate"`

	// Info-hash of version 1 (BEP 3), in hexadecimal.
	V1 string `json:"v1"`

	// Info-hash of version 2 (BEP 52), in hexadecimal.
	V2 string `json:"v2"`

	// Bytes of the files that are wanted.
	Wanted int64 `json:"wanted"`

	// Web servers that content is fetched from.
	WebSeeds int64 `json:"web_seeds"`
}

// Totals is an object of the API.
type Totals struct {
	// Bytes a second.
	DownRate int64 `json:"down_rate"`

	// The same of all time, of torrents that are there.
	EverReceived int64 `json:"ever_received"`

	// The same of all time, of torrents that are there.
	EverSent int64 `json:"ever_sent"`

	// Bytes that are wanted and missing.
	Left int64 `json:"left"`

	// Connected peers.
	Peers int64 `json:"peers"`

	// Bytes of content since the node was started.
	Received int64 `json:"received"`

	// Bytes of content since the node was started.
	Sent int64 `json:"sent"`

	// Bytes of content.
	Size int64 `json:"size"`

	// How many there are in each state.
	States map[string]int64 `json:"states"`

	// How many there are.
	Torrents int64 `json:"torrents"`

	// Bytes a second.
	UpRate int64 `json:"up_rate"`
}
