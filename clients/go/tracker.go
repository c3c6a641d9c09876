// Code generated from docs/openapi.json by internal/house/clientgen. DO NOT EDIT.

package warren

import (
	"context"
	"fmt"
	"net/url"
	"time"
)

// Swarm is an object of the API.
type Swarm struct {
	// How many peers have become complete since the swarm is known.
	Completed int64 `json:"completed"`

	// Of the torrent.
	Key string `json:"key"`

	// All others.
	Leechers int64 `json:"leechers"`

	// What it is called here.
	Name string `json:"name"`

	// Peers that have everything, the node itself among them.
	Seeders int64 `json:"seeders"`
}

// Swarms is an object of the API.
type Swarms struct {
	// Those with most peers first.
	Swarms []Swarm `json:"swarms"`

	// How many torrents have peers.
	Total int64 `json:"total"`
}

// TrackerHistory is an object of the API.
type TrackerHistory struct {
	// The oldest first.
	Minutes []TrackerMinute `json:"minutes"`
}

// TrackerMinute is an object of the API.
type TrackerMinute struct {
	// Announces that could be read.
	Announces int64 `json:"announces"`

	// The end of it.
	At time.Time `json:"at"`

	// Peers that were known, then.
	Peers int64 `json:"peers"`

	// Requests that were refused.
	Refused int64 `json:"refused"`

	// Scrapes that could be read.
	Scrapes int64 `json:"scrapes"`

	// Swarms with peers, then.
	Swarms int64 `json:"swarms"`
}

// TrackerRefused is an object of the API.
type TrackerRefused struct {
	// There was no room.
	Full int64 `json:"full"`

	// It could not be meant.
	Malformed int64 `json:"malformed"`

	// Too many came from one address.
	Throttled int64 `json:"throttled"`

	// The node does not serve the torrent.
	Unlisted int64 `json:"unlisted"`
}

// TrackerStatus is an object of the API.
type TrackerStatus struct {
	// Announces that could be read, those of the node itself left out.
	Announces int64 `json:"announces"`

	// Those of them with an address of IPv6.
	IPv6 int64 `json:"ipv6"`

	// Whether the node is a tracker; if not, all else is empty.
	On bool `json:"on"`

	// Peers that are known.
	Peers int64 `json:"peers"`

	// Requests that were refused.
	Refused TrackerRefused `json:"refused"`

	// Scrapes that could be read.
	Scrapes int64 `json:"scrapes"`

	// When it was started.
	Since time.Time `json:"since"`

	// Swarms with peers. A torrent of both versions of BitTorrent is two.
	Swarms int64 `json:"swarms"`

	// Where others announce to it, with its key; empty until it is known where others reach
	// the node. Torrents that are made here list it.
	URL string `json:"url"`
}

// GetTracker: Show what the tracker of the node does.
func (c *Client) GetTracker(ctx context.Context) (out TrackerStatus, err error) {
	err = c.do(ctx, "GET", "/api/v1/tracker", nil, nil, &out)
	return out, err
}

// GetTrackerHistoryQuery is what GetTrackerHistory can be asked with; what is zero is left out.
type GetTrackerHistoryQuery struct {
	// How far back.
	Minutes int64
}

func (q GetTrackerHistoryQuery) values() url.Values {
	v := url.Values{}
	if q.Minutes != 0 {
		v.Set("minutes", fmt.Sprint(q.Minutes))
	}
	return v
}

// GetTrackerHistory: Show what the tracker of the node did, minute by minute. Of the
// last day at most, and not before it was started.
func (c *Client) GetTrackerHistory(ctx context.Context, query GetTrackerHistoryQuery) (out TrackerHistory, err error) {
	err = c.do(ctx, "GET", "/api/v1/tracker/history", query.values(), nil, &out)
	return out, err
}

// ListSwarmsQuery is what ListSwarms can be asked with; what is zero is left out.
type ListSwarmsQuery struct {
	// How many are shown.
	Limit int64
}

func (q ListSwarmsQuery) values() url.Values {
	v := url.Values{}
	if q.Limit != 0 {
		v.Set("limit", fmt.Sprint(q.Limit))
	}
	return v
}

// ListSwarms: List the torrents with most peers at the tracker of the node.
func (c *Client) ListSwarms(ctx context.Context, query ListSwarmsQuery) (out Swarms, err error) {
	err = c.do(ctx, "GET", "/api/v1/tracker/swarms", query.values(), nil, &out)
	return out, err
}
