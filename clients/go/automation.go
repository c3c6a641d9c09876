// Code generated from docs/openapi.json by internal/house/clientgen. DO NOT EDIT.

package warren

import (
	"context"
	"fmt"
	"net/url"
	"time"
)

// BlockList is an object of the API.
type BlockList struct {
	// When it was read last; left out if it never was.
	Loaded time.Time `json:"loaded"`

	// Full path of a file, or a URL; of that the host alone, unless settings may be
	// changed.
	Location string `json:"location"`

	// Why that has failed since, if it has: what was read before counts on.
	Problem string `json:"problem"`

	// How many ranges of addresses it has.
	Ranges int64 `json:"ranges"`

	// How many lines were not understood.
	Skipped int64 `json:"skipped"`
}

// BlockLists is an object of the API.
type BlockLists struct {
	// In the order in which they were added.
	Lists []BlockList `json:"lists"`
}

// Hook is an object of the API.
type Hook struct {
	// Of the setting, as complete for hooks.complete.
	Name string `json:"name"`

	// What it is told of: added, completed, failed, removed.
	On []string `json:"on"`

	// Full path of the program, unless it is a server.
	Program string `json:"program"`

	// Host of the server, unless it is a program.
	Server string `json:"server"`

	// Seconds it may take.
	Timeout int64 `json:"timeout"`
}

// HookList is an object of the API.
type HookList struct {
	// In the order in which they are told.
	Hooks []Hook `json:"hooks"`

	// Of the last events, the newest first; of this run alone.
	Results []HookResult `json:"results"`
}

// HookResult is an object of the API.
type HookResult struct {
	// When it was told.
	At time.Time `json:"at"`

	// What happened.
	Event string `json:"event"`

	// Its name.
	Hook string `json:"hook"`

	// The beginning of what the program said; left out unless settings may be changed.
	Output string `json:"output"`

	// Why it has failed, if it has.
	Problem string `json:"problem"`

	// Seconds.
	Took float64 `json:"took"`

	// Name of the torrent.
	Torrent string `json:"torrent"`
}

// NewBlockList is an object of the API.
type NewBlockList struct {
	// Full path of a file, or a URL: ipfilter.dat, P2P text, or addresses, ranges and CIDR
	// prefixes, gzipped or not.
	Location string `json:"location"`
}

// Schedule is an object of the API.
type Schedule struct {
	// The other limits: limits.alternative.up and limits.alternative.down.
	Alternative SpeedLimits `json:"alternative"`

	// Whether that was said by hand, against the rules.
	ByHand bool `json:"by_hand"`

	// Whether the limits that hold now are the alternative ones.
	IsAlternative bool `json:"is_alternative"`

	// What holds now.
	Limits SpeedLimits `json:"limits"`

	// Whether rules are kept: schedule.on.
	On bool `json:"on"`

	// Whether the schedule has stopped everything.
	Paused bool `json:"paused"`

	// What holds when, as in schedule.rules; the last one that names a limit decides on it.
	Rules []string `json:"rules"`

	// When something else holds; left out if that never happens by itself.
	Until time.Time `json:"until"`

	// What holds when no rule says anything: limits.up and limits.down.
	Usual SpeedLimits `json:"usual"`
}

// SpeedLimits is an object of the API.
type SpeedLimits struct {
	// Bytes a second that are received, 0 for no limit.
	Down int64 `json:"down"`

	// Bytes a second that are sent, 0 for no limit.
	Up int64 `json:"up"`
}

// Switch is an object of the API.
type Switch struct {
	// Whether they hold.
	On bool `json:"on"`
}

// WatchFolder is an object of the API.
type WatchFolder struct {
	// Category of its torrents.
	Category *string `json:"category,omitzero"`

	// Full path of the folder that content goes to; empty for the default.
	Dir *string `json:"dir,omitzero"`

	// Labels of its torrents.
	Labels []string `json:"labels,omitzero"`

	// Its full path.
	Path string `json:"path"`

	// Whether torrents wait for being resumed; as queue.add-paused says if this is left
	// out.
	Paused *bool `json:"paused,omitzero"`

	// What becomes of a file whose torrent was added: it gets the ending .added if nothing
	// is said. One of rename, move, delete.
	Then *string `json:"then,omitzero"`

	// Full path of the folder to which move moves it.
	To *string `json:"to,omitzero"`
}

// WatchList is an object of the API.
type WatchList struct {
	// In the order in which they are looked into.
	Folders []WatchStatus `json:"folders"`

	// Of the last files, the newest first; of this run alone.
	Results []WatchResult `json:"results"`
}

// WatchResult is an object of the API.
type WatchResult struct {
	// When.
	At time.Time `json:"at"`

	// Its full path.
	File string `json:"file"`

	// What is wrong with it, if something is.
	Problem string `json:"problem"`

	// Number of the torrent, 0 if none was added.
	Torrent int64 `json:"torrent"`
}

// WatchStatus is an object of the API.
type WatchStatus struct {
	// What was said of it.
	Folder WatchFolder `json:"folder"`

	// Why it cannot be looked into, if it cannot.
	Problem string `json:"problem"`
}

// RemoveBlockListQuery is what RemoveBlockList can be asked with; what is zero is left out.
type RemoveBlockListQuery struct {
	// As list-block-lists has it.
	Location string
}

func (q RemoveBlockListQuery) values() url.Values {
	v := url.Values{}
	if q.Location != "" {
		v.Set("location", fmt.Sprint(q.Location))
	}
	return v
}

// RemoveBlockList: Heed a list no more.
func (c *Client) RemoveBlockList(ctx context.Context, query RemoveBlockListQuery) error {
	return c.do(ctx, "DELETE", "/api/v1/block-lists", query.values(), nil, nil)
}

// ListBlockLists: List lists of addresses that are not spoken to.
func (c *Client) ListBlockLists(ctx context.Context) (out BlockLists, err error) {
	err = c.do(ctx, "GET", "/api/v1/block-lists", nil, nil, &out)
	return out, err
}

// AddBlockList: Heed a list of addresses that are not spoken to. It is kept as the
// setting peers.block, which then counts instead of the list in the configuration file.
// What is behind a URL is fetched soon; list-block-lists tells what came of it.
func (c *Client) AddBlockList(ctx context.Context, body NewBlockList) (out BlockLists, err error) {
	err = c.do(ctx, "POST", "/api/v1/block-lists", nil, body, &out)
	return out, err
}

// RefreshBlockLists: Read all lists now. The answer does not wait for it;
// list-block-lists tells what came of it.
func (c *Client) RefreshBlockLists(ctx context.Context) error {
	return c.do(ctx, "POST", "/api/v1/block-lists/refresh", nil, nil, nil)
}

// ListHooks: List programs and servers that are told what happened, and what came of
// it. They are set in the configuration file alone (hooks.complete and the like): an
// API that could set them could run anything as the user of the node, and so could
// whoever gets hold of a token, or of the owner's browser. No operation changes that.
func (c *Client) ListHooks(ctx context.Context) (out HookList, err error) {
	err = c.do(ctx, "GET", "/api/v1/hooks", nil, nil, &out)
	return out, err
}

// GetSchedule: Show which limits hold now, and until when. Rules and limits are
// settings: change-settings changes them, under the names that are given here.
func (c *Client) GetSchedule(ctx context.Context) (out Schedule, err error) {
	err = c.do(ctx, "GET", "/api/v1/schedule", nil, nil, &out)
	return out, err
}

// SwitchAlternative: Let the alternative limits hold, or not. That counts until the
// schedule changes between the alternative limits and others, and outlives a restart.
func (c *Client) SwitchAlternative(ctx context.Context, body Switch) (out Schedule, err error) {
	err = c.do(ctx, "PUT", "/api/v1/schedule/alternative", nil, body, &out)
	return out, err
}

// RemoveWatchFolderQuery is what RemoveWatchFolder can be asked with; what is zero is left out.
type RemoveWatchFolderQuery struct {
	// Full path of the folder.
	Path string
}

func (q RemoveWatchFolderQuery) values() url.Values {
	v := url.Values{}
	if q.Path != "" {
		v.Set("path", fmt.Sprint(q.Path))
	}
	return v
}

// RemoveWatchFolder: Watch a folder no more. Nothing happens to the folder.
func (c *Client) RemoveWatchFolder(ctx context.Context, query RemoveWatchFolderQuery) error {
	return c.do(ctx, "DELETE", "/api/v1/watch-folders", query.values(), nil, nil)
}

// ListWatchFolders: List folders that are watched for torrent files, and what became of
// these.
func (c *Client) ListWatchFolders(ctx context.Context) (out WatchList, err error) {
	err = c.do(ctx, "GET", "/api/v1/watch-folders", nil, nil, &out)
	return out, err
}

// SetWatchFolder: Watch a folder, or change how it is watched. It is kept as the
// setting paths.watch, which then counts instead of the list in the configuration file.
func (c *Client) SetWatchFolder(ctx context.Context, body WatchFolder) (out WatchList, err error) {
	err = c.do(ctx, "PUT", "/api/v1/watch-folders", nil, body, &out)
	return out, err
}
