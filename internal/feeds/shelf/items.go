package shelf

import (
	"context"
	"encoding/json"
	"time"

	"github.com/warren-p2p/warren/internal/feeds/document"
	"github.com/warren-p2p/warren/internal/store"
)

// maxItems is how many items are kept of a feed, besides those that are in it.
const maxItems = 1000

const itemColumns = "id, feed, key, title, link, page, size, published, categories, hash, seen, current, read, state, rule, problem, tries, retry"

func scanItem(scan func(...any) error) (it Item, err error) {
	var published, seen, retry int64
	var categories string
	if err = scan(&it.ID, &it.Feed, &it.Key, &it.Title, &it.Link, &it.Page, &it.Size, &published, &categories, &it.Hash, &seen,
		&it.Current, &it.Read, &it.State, &it.Rule, &it.Problem, &it.Tries, &retry); err != nil {
		return it, err
	}
	it.Published, it.Seen, it.Retry = when(published), when(seen), when(retry)
	return it, json.Unmarshal([]byte(categories), &it.Categories)
}

// Items returns the items of a feed, or of all feeds if it is 0, the newest first; at
// most so many.
func Items(ctx context.Context, q store.Querier, feed int64, limit int) ([]Item, error) {
	return store.All(ctx, q, scanItem, "SELECT "+itemColumns+" FROM feed_item WHERE ?1 = 0 OR feed = ?1 ORDER BY id DESC LIMIT ?2", feed, limit)
}

// Count says how many items lie in a feed.
type Count struct {
	Items  int
	Unread int // by the user
}

// Counts returns them by the ID of the feed; those that have none are left out.
func Counts(ctx context.Context, q store.Querier) (map[int64]Count, error) {
	counts := map[int64]Count{}
	type row struct {
		feed int64
		Count
	}
	list, err := store.All(ctx, q, func(scan func(...any) error) (r row, err error) {
		err = scan(&r.feed, &r.Items, &r.Unread)
		return r, err
	}, "SELECT feed, count(*), sum(NOT read) FROM feed_item GROUP BY feed")
	for _, r := range list {
		counts[r.feed] = r.Count
	}
	return counts, err
}

// Open returns the items that may still be fetched by a rule: those in feeds that
// nothing became of yet, the oldest first.
func Open(ctx context.Context, q store.Querier, now time.Time) ([]Item, error) {
	return store.All(ctx, q, scanItem, "SELECT "+itemColumns+" FROM feed_item WHERE state = '' AND current AND link != '' AND retry <= ? ORDER BY id", unix(now))
}

// ItemByID returns an item, or ErrNotFound.
func ItemByID(ctx context.Context, q store.Querier, id int64) (Item, error) {
	return one(ctx, q, scanItem, "SELECT "+itemColumns+" FROM feed_item WHERE id = ?", id)
}

// PutItems takes what a feed has now, the newest first, and returns how many items
// are new. Those that it has no more are kept for a while.
func PutItems(ctx context.Context, q store.Querier, feed int64, items []document.Item, now time.Time) (fresh int, err error) {
	if _, err := q.ExecContext(ctx, "UPDATE feed_item SET current = 0 WHERE feed = ?", feed); err != nil {
		return 0, err
	}
	for i := range items {
		it := &items[len(items)-1-i]
		r, err := q.ExecContext(ctx, `INSERT INTO feed_item (feed, key, title, link, page, size, published, categories, hash, seen, current, read, state, rule, problem, tries, retry)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, 0, '', '', '', 0, 0) ON CONFLICT (feed, key) DO NOTHING`,
			feed, it.Key, it.Title, it.Link, it.Page, it.Size, unix(it.Published), text(it.Categories), it.Hash, unix(now))
		if err != nil {
			return 0, err
		}
		if n, err := r.RowsAffected(); err != nil {
			return 0, err
		} else if n > 0 {
			fresh++
			continue
		}
		if _, err := q.ExecContext(ctx, "UPDATE feed_item SET title = ?, link = ?, page = ?, size = ?, hash = ?, current = 1 WHERE feed = ? AND key = ?",
			it.Title, it.Link, it.Page, it.Size, it.Hash, feed, it.Key); err != nil {
			return 0, err
		}
	}
	_, err = q.ExecContext(ctx, "DELETE FROM feed_item WHERE feed = ?1 AND NOT current AND id < (SELECT id FROM feed_item WHERE feed = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)", feed, maxItems)
	return fresh, err
}

// UpdateItem writes down what became of an item.
func UpdateItem(ctx context.Context, q store.Querier, it Item) error {
	return hit(q.ExecContext(ctx, "UPDATE feed_item SET read = ?, state = ?, rule = ?, problem = ?, tries = ?, retry = ? WHERE id = ?",
		it.Read, it.State, it.Rule, it.Problem, it.Tries, unix(it.Retry), it.ID))
}

// SetRead says whether the user has read an item, or all items of a feed if item is 0.
func SetRead(ctx context.Context, q store.Querier, feed, item int64, read bool) error {
	if item != 0 {
		return hit(q.ExecContext(ctx, "UPDATE feed_item SET read = ? WHERE id = ?", read, item))
	}
	_, err := q.ExecContext(ctx, "UPDATE feed_item SET read = ? WHERE feed = ?", read, feed)
	return err
}
