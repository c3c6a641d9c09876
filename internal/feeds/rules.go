package feeds

import (
	"context"
	"fmt"
	"slices"

	"github.com/warren-p2p/warren/internal/feeds/rule"
	"github.com/warren-p2p/warren/internal/feeds/shelf"
	"github.com/warren-p2p/warren/internal/store"
)

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
