package store

import (
	"context"
	"errors"
)

// Each calls visit with each row of a query, whose columns scan reads as [sql.Row.Scan]
// does. An error of visit ends it.
func Each(ctx context.Context, q Querier, visit func(scan func(...any) error) error, query string, args ...any) (err error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := visit(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// All returns what read makes of each row of a query; see [Each].
func All[T any](ctx context.Context, q Querier, read func(scan func(...any) error) (T, error), query string, args ...any) (list []T, err error) {
	err = Each(ctx, q, func(scan func(...any) error) error {
		v, err := read(scan)
		if err == nil {
			list = append(list, v)
		}
		return err
	}, query, args...)
	if err != nil {
		return nil, err
	}
	return list, nil
}
