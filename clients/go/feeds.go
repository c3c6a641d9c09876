// Code generated from docs/openapi.json by internal/house/clientgen. DO NOT EDIT.

package warren

import (
	"context"
	"fmt"
	"net/url"
	"time"
)

// Feed is an object of the API.
type Feed struct {
	// When it was fetched last, or that was tried.
	Checked time.Time `json:"checked"`

	// When it is fetched next; left out if that is as soon as can be.
	Due time.Time `json:"due"`

	// Seconds between two looks, 0 for what feeds.interval says.
	Every int64 `json:"every"`

	// How often that has failed in a row.
	Failures int64 `json:"failures"`

	// Its number.
	ID int64 `json:"id"`

	// How many items of it lie here.
	Items int64 `json:"items"`

	// As the user calls it.
	Name string `json:"name"`

	// Why it has failed the last time, if it has.
	Problem string `json:"problem"`

	// As it calls itself.
	Title string `json:"title"`

	// How many of them nobody has marked as read.
	Unread int64 `json:"unread"`

	// Where it is; the host alone, unless settings may be changed.
	URL string `json:"url"`
}

// FeedItem is an object of the API.
type FeedItem struct {
	// Whether the feed has it still.
	Current bool `json:"current"`

	// Number of the feed.
	Feed int64 `json:"feed"`

	// Its number.
	ID int64 `json:"id"`

	// Where its torrent is, if it says so; left out unless settings may be changed.
	Link string `json:"link"`

	// Where people read about it; left out likewise.
	Page string `json:"page"`

	// Why it was not added, or not by us.
	Problem string `json:"problem"`

	// As the feed says.
	Published time.Time `json:"published"`

	// Whether it was marked as read.
	Read bool `json:"read"`

	// When it is tried again at the earliest.
	Retry time.Time `json:"retry"`

	// By which rule it was added; empty if that was done by hand.
	Rule string `json:"rule"`

	// When it was seen first.
	Seen time.Time `json:"seen"`

	// Bytes of its content, 0 if that is not known.
	Size int64 `json:"size"`

	// What became of it: nothing, its torrent was added, or that was given up. One of new,
	// added, failed.
	State string `json:"state"`

	// What it is called.
	Title string `json:"title"`

	// How often that was tried.
	Tries int64 `json:"tries"`
}

// FeedItemPatch is an object of the API.
type FeedItemPatch struct {
	// Whether it counts as read.
	Read bool `json:"read"`
}

// FeedItems is an object of the API.
type FeedItems struct {
	// The newest first.
	Items []FeedItem `json:"items"`
}

// FeedList is an object of the API.
type FeedList struct {
	// In the order in which they were added.
	Feeds []Feed `json:"feeds"`

	// Whether feeds are read at all: feeds.on.
	On bool `json:"on"`
}

// FeedPatch is an object of the API.
type FeedPatch struct {
	// Seconds between two looks, at least 300; 0 for what feeds.interval says.
	Every *int64 `json:"every,omitzero"`

	// What to call it.
	Name *string `json:"name,omitzero"`

	// Where it is.
	URL *string `json:"url,omitzero"`
}

// FeedRule is an object of the API.
type FeedRule struct {
	// When something was fetched by it last.
	Last time.Time `json:"last"`

	// What it is called. Rules are asked in the order of their names.
	Name string `json:"name"`

	// What it wants.
	Rule FeedRuleSettings `json:"rule"`
}

// FeedRuleName is an object of the API.
type FeedRuleName struct {
	// What it is called.
	Name string `json:"name"`
}

// FeedRuleSettings is an object of the API.
type FeedRuleSettings struct {
	// Category of what it fetches.
	Category *string `json:"category,omitzero"`

	// Full path of the folder that content goes to; empty for the default.
	Dir *string `json:"dir,omitzero"`

	// Which episodes are wanted, as S01, S01E05-E10, S01E05- or 1x2;8-15;30-; empty for
	// all.
	Episodes *string `json:"episodes,omitzero"`

	// Words that it must not have, in the same way.
	Exclude *string `json:"exclude,omitzero"`

	// URLs of the feeds it is for; none are all.
	Feeds []string `json:"feeds,omitzero"`

	// For how many days nothing else is fetched once something was.
	IgnoreDays *int64 `json:"ignore_days,omitzero"`

	// Words that a title must have: spaces mean and, | means or, * and ? stand for any
	// characters.
	Include *string `json:"include,omitzero"`

	// Labels of what it fetches.
	Labels []string `json:"labels,omitzero"`

	// Bytes; what is larger is not wanted. 0 for no bound.
	MaxSize *int64 `json:"max_size,omitzero"`

	// Bytes; what is smaller is not wanted.
	MinSize *int64 `json:"min_size,omitzero"`

	// Whether it is kept without being asked.
	Off *bool `json:"off,omitzero"`

	// Whether each episode is fetched once, and once more if it was repaired.
	Once *bool `json:"once,omitzero"`

	// Whether it waits for being resumed; as queue.add-paused says if this is left out.
	Paused *bool `json:"paused,omitzero"`

	// Whether both are regular expressions (RE2) instead.
	Regexp *bool `json:"regexp,omitzero"`
}

// FeedRules is an object of the API.
type FeedRules struct {
	// In the order of their names, in which they are asked.
	Rules []FeedRule `json:"rules"`
}

// FeedTrial is an object of the API.
type FeedTrial struct {
	// At most so many items are looked at, the newest.
	Limit *int64 `json:"limit,omitzero"`

	// Of a rule that is kept: it is tried if rule is left out, and otherwise what was
	// fetched by it counts.
	Name *string `json:"name,omitzero"`

	// A rule that need not be kept.
	Rule *FeedRuleSettings `json:"rule,omitzero"`
}

// FeedVerdict is an object of the API.
type FeedVerdict struct {
	// The item.
	Item FeedItem `json:"item"`

	// Whether the rule would fetch it.
	Wanted bool `json:"wanted"`

	// Why not, if it would not.
	Why string `json:"why"`
}

// FeedVerdicts is an object of the API.
type FeedVerdicts struct {
	// Of the items in feeds that it is for, the newest first.
	Verdicts []FeedVerdict `json:"verdicts"`
}

// FetchOptions is an object of the API.
type FetchOptions struct {
	// Its category.
	Category *string `json:"category,omitzero"`

	// Full path of the folder that its content goes to; empty for the default.
	Dir *string `json:"dir,omitzero"`

	// Its labels.
	Labels []string `json:"labels,omitzero"`

	// Whether it waits for being resumed; as queue.add-paused says if this is left out.
	Paused *bool `json:"paused,omitzero"`
}

// NewFeed is an object of the API.
type NewFeed struct {
	// Seconds between two looks, at least 300; 0 for what feeds.interval says.
	Every *int64 `json:"every,omitzero"`

	// What to call it.
	Name *string `json:"name,omitzero"`

	// Where it is on the web. It may be on this machine or beside it.
	URL string `json:"url"`
}

// ListFeedItemsQuery is what ListFeedItems can be asked with; what is zero is left out.
type ListFeedItemsQuery struct {
	// Number of the feed; 0 for all of them.
	Feed int64

	// At most so many.
	Limit int64
}

func (q ListFeedItemsQuery) values() url.Values {
	v := url.Values{}
	if q.Feed != 0 {
		v.Set("feed", fmt.Sprint(q.Feed))
	}
	if q.Limit != 0 {
		v.Set("limit", fmt.Sprint(q.Limit))
	}
	return v
}

// ListFeedItems: List what is in feeds, and what became of it.
func (c *Client) ListFeedItems(ctx context.Context, query ListFeedItemsQuery) (out FeedItems, err error) {
	err = c.do(ctx, "GET", "/api/v1/feed-items", query.values(), nil, &out)
	return out, err
}

// MarkFeedItem: Mark an item as read, or not.
func (c *Client) MarkFeedItem(ctx context.Context, id int64, body FeedItemPatch) error {
	return c.do(ctx, "PATCH", "/api/v1/feed-items/"+escape(id), nil, body, nil)
}

// FetchFeedItem: Add the torrent of an item, whatever rules say.
func (c *Client) FetchFeedItem(ctx context.Context, id int64, body FetchOptions) error {
	return c.do(ctx, "POST", "/api/v1/feed-items/"+escape(id)+"/fetch", nil, body, nil)
}

// ListFeedRules: List rules by which items of feeds are fetched.
func (c *Client) ListFeedRules(ctx context.Context) (out FeedRules, err error) {
	err = c.do(ctx, "GET", "/api/v1/feed-rules", nil, nil, &out)
	return out, err
}

// TryFeedRule: Try what a rule would fetch. Of the items that lie here. Nothing is
// fetched, and nothing is kept; each item is looked at as if it were the next.
func (c *Client) TryFeedRule(ctx context.Context, body FeedTrial) (out FeedVerdicts, err error) {
	err = c.do(ctx, "POST", "/api/v1/feed-rules/try", nil, body, &out)
	return out, err
}

// RemoveFeedRule: Remove a rule.
func (c *Client) RemoveFeedRule(ctx context.Context, name string) error {
	return c.do(ctx, "DELETE", "/api/v1/feed-rules/"+escape(name), nil, nil, nil)
}

// SetFeedRule: Make a rule, or change one. It counts for what is in the feeds already:
// see try-feed-rule.
func (c *Client) SetFeedRule(ctx context.Context, name string, body FeedRuleSettings) (out FeedRules, err error) {
	err = c.do(ctx, "PUT", "/api/v1/feed-rules/"+escape(name), nil, body, &out)
	return out, err
}

// RenameFeedRule: Give a rule another name. What was fetched by it stays known.
func (c *Client) RenameFeedRule(ctx context.Context, name string, body FeedRuleName) (out FeedRules, err error) {
	err = c.do(ctx, "POST", "/api/v1/feed-rules/"+escape(name)+"/rename", nil, body, &out)
	return out, err
}

// ListFeeds: List feeds, and how they stand.
func (c *Client) ListFeeds(ctx context.Context) (out FeedList, err error) {
	err = c.do(ctx, "GET", "/api/v1/feeds", nil, nil, &out)
	return out, err
}

// AddFeed: Add a feed. It is fetched soon; list-feeds tells what came of it.
func (c *Client) AddFeed(ctx context.Context, body NewFeed) (out Feed, err error) {
	err = c.do(ctx, "POST", "/api/v1/feeds", nil, body, &out)
	return out, err
}

// RefreshFeeds: Fetch all feeds now. The answer does not wait for them; list-feeds
// tells what came of it.
func (c *Client) RefreshFeeds(ctx context.Context) error {
	return c.do(ctx, "POST", "/api/v1/feeds/refresh", nil, nil, nil)
}

// RemoveFeed: Remove a feed. Torrents that came from it stay, and are not fetched again
// if it is added once more.
func (c *Client) RemoveFeed(ctx context.Context, id int64) error {
	return c.do(ctx, "DELETE", "/api/v1/feeds/"+escape(id), nil, nil, nil)
}

// ChangeFeed: Change a feed.
func (c *Client) ChangeFeed(ctx context.Context, id int64, body FeedPatch) (out Feed, err error) {
	err = c.do(ctx, "PATCH", "/api/v1/feeds/"+escape(id), nil, body, &out)
	return out, err
}

// MarkFeedRead: Mark all items of a feed as read.
func (c *Client) MarkFeedRead(ctx context.Context, id int64) error {
	return c.do(ctx, "POST", "/api/v1/feeds/"+escape(id)+"/read", nil, nil, nil)
}

// RefreshFeed: Fetch a feed now. The answer does not wait for it; list-feeds tells what
// came of it.
func (c *Client) RefreshFeed(ctx context.Context, id int64) error {
	return c.do(ctx, "POST", "/api/v1/feeds/"+escape(id)+"/refresh", nil, nil, nil)
}
