package feeds

import (
	"context"
	"fmt"
	"time"

	"github.com/warren-p2p/warren/internal/feeds/shelf"
	"github.com/warren-p2p/warren/internal/library"
	"github.com/warren-p2p/warren/internal/store"
)

// Feeds returns all feeds, in the order in which they were added.
func (f *Feeds) Feeds(ctx context.Context) (list []Feed, err error) {
	err = f.cfg.Store.Read(ctx, func(q store.Querier) (err error) {
		list, err = shelf.Feeds(ctx, q)
		return err
	})
	return list, err
}

// AddFeed adds a feed by its URL, Name and Every, and reads it soon.
func (f *Feeds) AddFeed(ctx context.Context, feed Feed) (Feed, error) {
	if err := check(&feed); err != nil {
		return feed, err
	}
	err := f.write(ctx, func(q store.Querier) error {
		list, err := shelf.Feeds(ctx, q)
		if err != nil {
			return err
		}
		if err := alone(ctx, q, feed); err != nil {
			return err
		}
		if len(list) >= maxFeeds {
			return fmt.Errorf("%d feeds: %w", len(list), ErrTooMany)
		}
		feed.ID, err = shelf.InsertFeed(ctx, q, feed)
		return err
	})
	f.stir()
	return feed, err
}

// ChangeFeed changes URL, Name and Every of the feed with an ID.
func (f *Feeds) ChangeFeed(ctx context.Context, feed Feed) error {
	if err := check(&feed); err != nil {
		return err
	}
	err := f.write(ctx, func(q store.Querier) error {
		old, err := shelf.FeedByID(ctx, q, feed.ID)
		if err != nil {
			return err
		}
		if err := alone(ctx, q, feed); err != nil {
			return err
		}
		if old.URL != feed.URL {
			old.ETag, old.Modified, old.Due = "", "", time.Time{}
		}
		old.URL, old.Name, old.Every = feed.URL, feed.Name, feed.Every
		return shelf.UpdateFeed(ctx, q, old)
	})
	f.stir()
	return err
}

// RemoveFeed removes a feed and what is in it. What was fetched of it stays known.
func (f *Feeds) RemoveFeed(ctx context.Context, id int64) error {
	return f.write(ctx, func(q store.Querier) error { return shelf.DeleteFeed(ctx, q, id) })
}

// Refresh reads a feed soon, all feeds if id is 0.
func (f *Feeds) Refresh(ctx context.Context, id int64) error {
	err := f.write(ctx, func(q store.Querier) error {
		list, err := shelf.Feeds(ctx, q)
		if id != 0 {
			feed, missing := shelf.FeedByID(ctx, q, id)
			list, err = []Feed{feed}, missing
		}
		for _, feed := range list {
			if err == nil {
				feed.Due = time.Time{}
				err = shelf.UpdateFeed(ctx, q, feed)
			}
		}
		return err
	})
	f.stir()
	return err
}

// Items returns items of a feed, of all feeds if it is 0, the newest first.
func (f *Feeds) Items(ctx context.Context, feed int64, limit int) (list []Item, err error) {
	err = f.cfg.Store.Read(ctx, func(q store.Querier) (err error) {
		list, err = shelf.Items(ctx, q, feed, limit)
		return err
	})
	return list, err
}

// Count says how many items lie in a feed.
type Count = shelf.Count

// Counts returns how many items lie in each feed that has any, by its ID.
func (f *Feeds) Counts(ctx context.Context) (counts map[int64]Count, err error) {
	err = f.cfg.Store.Read(ctx, func(q store.Querier) (err error) {
		counts, err = shelf.Counts(ctx, q)
		return err
	})
	return counts, err
}

// SetRead says whether the user has read an item, or all of a feed if item is 0.
func (f *Feeds) SetRead(ctx context.Context, feed, item int64, read bool) error {
	return f.write(ctx, func(q store.Querier) error { return shelf.SetRead(ctx, q, feed, item, read) })
}

// Fetch fetches an item now, whatever rules say, with what add says of folder,
// category and the like. The error may be [ErrNoLink], a [*FetchError], or what the
// library says.
func (f *Feeds) Fetch(ctx context.Context, item int64, add library.Add) error {
	f.adding.Lock()
	defer f.adding.Unlock()
	var it Item
	var feed Feed
	err := f.cfg.Store.Read(ctx, func(q store.Querier) (err error) {
		if it, err = shelf.ItemByID(ctx, q, item); err == nil {
			feed, err = shelf.FeedByID(ctx, q, it.Feed)
		}
		return err
	})
	if err != nil {
		return err
	}
	defer f.changed()
	return f.take(ctx, it, feed.URL, add, "", nil)
}

// write changes what is kept and tells of it.
func (f *Feeds) write(ctx context.Context, change func(store.Querier) error) error {
	if err := f.cfg.Store.Write(ctx, change); err != nil {
		return err
	}
	f.changed()
	return nil
}
