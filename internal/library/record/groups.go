package record

import (
	"context"
	"fmt"

	"github.com/warren-p2p/warren/internal/store"
)

// Categories returns all categories by their names.
func Categories(ctx context.Context, q store.Querier) (list map[string]Category, err error) {
	list = make(map[string]Category)
	err = store.Each(ctx, q, func(scan func(...any) error) error {
		var c Category
		err := scan(&c.Name, &c.Dir, &c.UpLimit, &c.DownLimit)
		list[c.Name] = c
		return err
	}, "SELECT name, dir, up_limit, down_limit FROM category")
	if err != nil {
		return nil, fmt.Errorf("read categories: %w", err)
	}
	return list, nil
}

// PutCategory adds a category or replaces the one of that name.
func PutCategory(ctx context.Context, q store.Querier, c Category) error {
	_, err := q.ExecContext(ctx, "INSERT OR REPLACE INTO category (name, dir, up_limit, down_limit) VALUES (?, ?, ?, ?)",
		c.Name, c.Dir, c.UpLimit, c.DownLimit)
	if err != nil {
		return fmt.Errorf("keep category %q: %w", c.Name, err)
	}
	return nil
}

// DeleteCategory forgets a category.
func DeleteCategory(ctx context.Context, q store.Querier, name string) error {
	if _, err := q.ExecContext(ctx, "DELETE FROM category WHERE name = ?", name); err != nil {
		return fmt.Errorf("forget category %q: %w", name, err)
	}
	return nil
}

// Labels returns all labels that something is kept of, by their names.
func Labels(ctx context.Context, q store.Querier) (list map[string]Label, err error) {
	list = make(map[string]Label)
	err = store.Each(ctx, q, func(scan func(...any) error) error {
		var l Label
		err := scan(&l.Name, &l.UpLimit, &l.DownLimit)
		list[l.Name] = l
		return err
	}, "SELECT name, up_limit, down_limit FROM label")
	if err != nil {
		return nil, fmt.Errorf("read labels: %w", err)
	}
	return list, nil
}

// PutLabel adds a label or replaces the one of that name.
func PutLabel(ctx context.Context, q store.Querier, l Label) error {
	_, err := q.ExecContext(ctx, "INSERT OR REPLACE INTO label (name, up_limit, down_limit) VALUES (?, ?, ?)", l.Name, l.UpLimit, l.DownLimit)
	if err != nil {
		return fmt.Errorf("keep label %q: %w", l.Name, err)
	}
	return nil
}

// DeleteLabel forgets a label.
func DeleteLabel(ctx context.Context, q store.Querier, name string) error {
	if _, err := q.ExecContext(ctx, "DELETE FROM label WHERE name = ?", name); err != nil {
		return fmt.Errorf("forget label %q: %w", name, err)
	}
	return nil
}
