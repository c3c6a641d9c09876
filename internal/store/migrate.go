package store

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
)

//go:embed migrations/*.sql
var migrations embed.FS

// NewerError reports a database that a newer version of the program has made.
type NewerError struct {
	Path      string
	Has, Know int // versions of the schema
}

func (e *NewerError) Error() string {
	return fmt.Sprintf("store %s is of a newer warren (schema %d, this one knows %d): start that version, or restore a backup of this one with `warren restore`; another home is --home DIR", e.Path, e.Has, e.Know)
}

// CorruptError reports a database that is damaged, or no database at all.
type CorruptError struct {
	Path string
	Err  error
}

func (e *CorruptError) Error() string {
	return fmt.Sprintf("store %s is damaged and was left as it is: restore a backup with `warren restore`, or move the file away to begin anew: %v", e.Path, e.Err)
}

// Unwrap returns what SQLite says.
func (e *CorruptError) Unwrap() error { return e.Err }

// migration is one step from one version of the schema to the next.
type migration struct {
	version int
	sql     string
}

func steps() (list []migration, err error) {
	names, err := fs.Glob(migrations, "migrations/*.sql") // in order
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		number, _, _ := strings.Cut(strings.TrimPrefix(name, "migrations/"), "-")
		version, err := strconv.Atoi(number)
		if err != nil {
			return nil, fmt.Errorf("migration %s: %w", name, err)
		}
		text, err := migrations.ReadFile(name)
		if err != nil {
			return nil, err
		}
		list = append(list, migration{version, string(text)})
	}
	return list, nil
}

// migrate brings the database to the newest version, all steps or none.
func (s *Store) migrate(ctx context.Context, path string) error {
	list, err := steps()
	if err != nil {
		return err
	}
	has, newest := 0, list[len(list)-1].version
	if err := s.db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&has); err != nil {
		return &CorruptError{path, err}
	}
	if has == newest {
		return nil
	}
	return s.Write(ctx, func(q Querier) error {
		for _, m := range list {
			if m.version <= has {
				continue
			}
			if _, err := q.ExecContext(ctx, m.sql); err != nil {
				return fmt.Errorf("bring store %s to schema %d: %w", path, m.version, err)
			}
		}
		_, err := q.ExecContext(ctx, "PRAGMA user_version = "+strconv.Itoa(newest))
		return err
	})
}
