// Package store keeps what the node must not forget in one SQLite file: which
// torrents it has and what is wanted of them, identities, rules, settings.
//
// The file is in WAL mode and every transaction is synced: what was acknowledged is
// there after a crash. There is one writer at a time, and readers do not wait for it.
// Which tables there are is said by the files in migrations, which are applied in
// order; a database of a newer version, or a damaged one, is refused and never
// touched. The SQL of a service lies in the package of the service.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"sync"

	"modernc.org/sqlite" // registers the driver
	sqlitelib "modernc.org/sqlite/lib"

	"github.com/warren-p2p/warren/internal/vfs"
)

// Store is an open database. Its methods are safe for concurrent use.
type Store struct {
	db    *sql.DB
	write sync.Mutex // held by the transaction that writes
}

// Querier is what statements are run on: a transaction, or a connection.
type Querier interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// Open opens the database at path, which is made if it is not there, and brings it to
// the version of this program. The error may be a [*NewerError] or a
// [*CorruptError]; then the file is as it was.
func Open(ctx context.Context, path string) (*Store, error) {
	if err := probe(ctx, path); err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite", dsn(path))
	if err != nil {
		return nil, fmt.Errorf("open store %s: %w", path, err)
	}
	db.SetMaxOpenConns(4) // readers; SQLite lets them in beside the writer
	db.SetMaxIdleConns(1) // each has a cache of its own
	s := &Store{db: db}
	if err := s.migrate(ctx, path); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return s, nil
}

// dsn sets what holds for every connection: full syncs, a bounded wait for another
// process, references that are kept, a small cache (the system has one as well).
func dsn(path string) string {
	q := url.Values{"_txlock": {"immediate"}, "_pragma": {
		"busy_timeout(5000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(ON)", "cache_size(-512)", "trusted_schema(OFF)",
	}}
	return (&url.URL{Scheme: "file", Opaque: url.PathEscape(path), RawQuery: q.Encode()}).String()
}

// Close ends the use of the database.
func (s *Store) Close() error { return s.db.Close() }

// Read runs f on one connection, which sees one state throughout.
func (s *Store) Read(ctx context.Context, f func(Querier) error) error {
	tx, err := s.db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return fmt.Errorf("read store: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // nothing was written
	return f(tx)
}

// Write runs f in a transaction, which is committed and on the disk if f and Write
// return nil, and has not happened otherwise.
func (s *Store) Write(ctx context.Context, f func(Querier) error) error {
	s.write.Lock()
	defer s.write.Unlock()
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("write store: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // of what f has left by a panic; nothing else is left
	if err := f(tx); err != nil {
		return errors.Join(full(err), rollback(tx))
	}
	if err := tx.Commit(); err != nil {
		return errors.Join(full(fmt.Errorf("write store: %w", err)), rollback(tx))
	}
	return nil
}

// FullError reports that the volume the store is on has no room for a change, which
// has not happened. The next one works as soon as there is room.
type FullError struct{ Err error }

func (e *FullError) Error() string {
	return fmt.Sprintf("the volume with the node's home is full, nothing was changed: make room there, and try again (%v)", e.Err)
}

// Unwrap makes the error match [vfs.ErrNoSpace].
func (e *FullError) Unwrap() []error { return []error{vfs.ErrNoSpace, e.Err} }

// full marks what comes of a volume that is full.
func full(err error) error {
	if e, ok := errors.AsType[*sqlite.Error](err); ok && e.Code()&0xff == sqlitelib.SQLITE_FULL {
		return &FullError{err}
	}
	return err
}

func rollback(tx *sql.Tx) error {
	if err := tx.Rollback(); err != nil && !errors.Is(err, sql.ErrTxDone) {
		return err
	}
	return nil
}
