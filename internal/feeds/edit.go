package feeds

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/warren-p2p/warren/internal/feeds/rule"
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

// Rules returns all rules in the order of their names, which is the order in which
// they are asked.
func (f *Feeds) Rules(ctx context.Context) (list []Kept, err error) {
	err = f.cfg.Store.Read(ctx, func(q store.Querier) (err error) {
		list, err = shelf.Rules(ctx, q)
		return err
	})
	return list, err
}

// SetRule adds a rule, or replaces the one of that name, and applies it to what is in
// the feeds. The error may say what is wrong with it.
func (f *Feeds) SetRule(ctx context.Context, r Rule) error {
	if _, err := rule.Compile(r); err != nil {
		return &InputError{"", err}
	}
	err := f.write(ctx, func(q store.Querier) error {
		list, err := shelf.Rules(ctx, q)
		if err != nil {
			return err
		}
		if len(list) >= maxRules && !named(list, r.Name) {
			return fmt.Errorf("%d rules: %w", len(list), ErrTooMany)
		}
		return shelf.PutRule(ctx, q, r)
	})
	f.rules.Store(true)
	f.stir()
	return err
}

// RenameRule gives a rule another name.
func (f *Feeds) RenameRule(ctx context.Context, from, to string) error {
	if _, err := rule.Compile(Rule{Name: to}); err != nil {
		return &InputError{"name", err}
	}
	return f.write(ctx, func(q store.Querier) error {
		list, err := shelf.Rules(ctx, q)
		if err != nil {
			return err
		}
		if from != to && named(list, from) && named(list, to) {
			return fmt.Errorf("rule %q: %w", to, ErrDuplicate)
		}
		return shelf.RenameRule(ctx, q, from, to)
	})
}

func named(list []Kept, name string) bool {
	return slices.ContainsFunc(list, func(k Kept) bool { return k.Name == name })
}

// RemoveRule removes a rule.
func (f *Feeds) RemoveRule(ctx context.Context, name string) error {
	return f.write(ctx, func(q store.Querier) error { return shelf.DeleteRule(ctx, q, name) })
}

// Episodes returns the episodes that were fetched by a rule that has each once.
func (f *Feeds) Episodes(ctx context.Context, name string) (list []string, err error) {
	err = f.cfg.Store.Read(ctx, func(q store.Querier) (err error) {
		list, err = shelf.Episodes(ctx, q, name)
		return err
	})
	return list, err
}

// Trial is what a rule says of an item.
type Trial struct {
	Item   Item   `json:"item"`
	Wanted bool   `json:"wanted"`
	Why    string `json:"why"` // it is not
}

// Try tells what a rule, which need not be kept, would fetch of the items that lie
// here, and does not fetch it. Each is looked at as if it were the next.
func (f *Feeds) Try(ctx context.Context, r Rule, limit int) (list []Trial, err error) {
	m, err := rule.Compile(r)
	if err != nil {
		return nil, &InputError{"", err}
	}
	err = f.cfg.Store.Read(ctx, func(q store.Querier) error {
		feeds, err := shelf.Feeds(ctx, q)
		if err != nil {
			return err
		}
		urls := map[int64]string{}
		for _, feed := range feeds {
			urls[feed.ID] = feed.URL
		}
		items, err := shelf.Items(ctx, q, 0, limit)
		if err != nil {
			return err
		}
		past, err := shelf.Past(ctx, q, Kept{Rule: r})
		for _, it := range items {
			if feed := urls[it.Feed]; m.For(feed) {
				v := m.Match(rule.Subject{Feed: feed, Title: it.Title, Size: it.Size}, past, f.cfg.Clock.Now())
				list = append(list, Trial{it, v.Wanted, v.Why})
			}
		}
		return err
	})
	return list, err
}

// write changes what is kept and tells of it.
func (f *Feeds) write(ctx context.Context, change func(store.Querier) error) error {
	if err := f.cfg.Store.Write(ctx, change); err != nil {
		return err
	}
	f.changed()
	return nil
}
