package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"time"

	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/words"
)

// probeTime bounds how long a database is looked through before it is used: of a large
// one that is the beginning.
const probeTime = 200 * time.Millisecond

// probe makes the file if there is none, and otherwise looks at it without writing: a
// database that is damaged, or that a newer version has made, must stay as it is.
func probe(ctx context.Context, path string) (err error) {
	dir, name, err := vfs.OpenPath(path)
	if err != nil {
		return fmt.Errorf("open store %s: %w", path, words.Cause(err))
	}
	defer func() { err = errors.Join(err, dir.Close()) }()
	info, err := dir.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist), err == nil && info.Size() == 0:
		// SQLite takes such a file for a new database, and throws the log away.
		if log, err := dir.Stat(name + "-wal"); err == nil && log.Size() > 0 {
			return &CorruptError{path, errors.New("it is gone or empty, but its log (-wal) is not")}
		}
		return create(dir, name)
	case err != nil:
		return fmt.Errorf("open store %s: %w", path, words.Cause(err))
	}
	return look(ctx, path)
}

// create makes an empty file that only its owner can read. SQLite would let others.
func create(dir vfs.FS, name string) error {
	f, err := dir.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("make store: %w", err)
	}
	return f.Close()
}

// look reads a database together with its log, and leaves both as they are.
func look(ctx context.Context, path string) (err error) {
	q := url.Values{"mode": {"ro"}, "_pragma": {"busy_timeout(5000)", "trusted_schema(OFF)", "cell_size_check(ON)", "cache_size(-256)"}}
	db, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Opaque: url.PathEscape(path), RawQuery: q.Encode()}).String())
	if err != nil {
		return fmt.Errorf("open store %s: %w", path, err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	db.SetMaxOpenConns(1)
	list, err := steps()
	if err != nil {
		return err
	}
	has, newest := 0, list[len(list)-1].version
	if err := db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&has); err != nil {
		return &CorruptError{path, err}
	}
	if has > newest {
		return &NewerError{path, has, newest}
	}
	short, cancel := context.WithTimeout(ctx, probeTime)
	defer cancel()
	var found string
	err = db.QueryRowContext(short, "PRAGMA quick_check(1)").Scan(&found)
	switch {
	case short.Err() != nil:
		return ctx.Err() // so far nothing is wrong
	case err != nil:
		return &CorruptError{path, err}
	case found != "ok":
		return &CorruptError{path, errors.New(found)}
	}
	return nil
}
