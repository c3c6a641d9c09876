package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
)

// Copy writes the whole database at path from, as it is at one moment, to a new file.
// The database stays in use meanwhile, by this process or another one, and is not
// changed or migrated. What was deleted is not in the copy.
func Copy(ctx context.Context, from, to string) (err error) {
	db, err := readOnly(from, url.Values{"mode": {"ro"}, "_pragma": {"busy_timeout(5000)", "trusted_schema(OFF)"}})
	if err != nil {
		return fmt.Errorf("copy store %s: %w", from, err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if _, err := db.ExecContext(ctx, "VACUUM INTO ?", to); err != nil {
		return fmt.Errorf("copy store %s: %w", from, err)
	}
	return nil
}

func readOnly(path string, q url.Values) (*sql.DB, error) {
	return sql.Open("sqlite", (&url.URL{Scheme: "file", Opaque: url.PathEscape(path), RawQuery: q.Encode()}).String())
}

// Checkpoint moves the log into the database and empties it, so that what a
// transaction overwrote is not left there. It waits for readers, for five seconds.
func (s *Store) Checkpoint(ctx context.Context) error {
	s.write.Lock()
	defer s.write.Unlock()
	var busy, frames, moved int
	if err := s.db.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &frames, &moved); err != nil {
		return fmt.Errorf("empty the log of the store: %w", err)
	}
	if busy != 0 {
		return errors.New("empty the log of the store: somebody is reading")
	}
	return nil
}

// Verify reads all of the database at path, which nobody uses, and changes nothing. The
// error may be a [*CorruptError] or a [*NewerError].
func Verify(ctx context.Context, path string) (err error) {
	list, err := steps()
	if err != nil {
		return err
	}
	db, err := readOnly(path, url.Values{"mode": {"ro"}, "immutable": {"1"}, "_pragma": {"trusted_schema(OFF)", "cell_size_check(ON)"}})
	if err != nil {
		return fmt.Errorf("verify store %s: %w", path, err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	has, newest := 0, list[len(list)-1].version
	if err := db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&has); err != nil {
		return &CorruptError{path, err}
	}
	if has > newest {
		return &NewerError{path, has, newest}
	}
	var found string
	if err := db.QueryRowContext(ctx, "PRAGMA integrity_check(1)").Scan(&found); err != nil {
		return &CorruptError{path, err}
	}
	if found != "ok" {
		return &CorruptError{path, errors.New(found)}
	}
	return nil
}
