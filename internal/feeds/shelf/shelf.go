// Package shelf keeps feeds, what is in them and what was fetched of it in the store.
package shelf

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/warren-p2p/warren/internal/store"
)

// ErrNotFound reports a feed, an item or a rule that is not there.
var ErrNotFound = errors.New("there is no such feed, item or rule")

// Feed is one that is read from time to time.
type Feed struct {
	ID       int64         `json:"id"`
	URL      string        `json:"url"`
	Name     string        `json:"name"`  // as the user calls it; may have folders, with slashes
	Title    string        `json:"title"` // as it calls itself
	Every    time.Duration `json:"every"` // 0 for the default
	Checked  time.Time     `json:"checked"`
	Due      time.Time     `json:"due"`
	Failures int           `json:"failures"` // in a row
	Problem  string        `json:"problem"`  // of the last try, "" if there was none

	ETag     string `json:"-"`
	Modified string `json:"-"`
}

// State is what became of an item.
type State string

// The states.
const (
	New    State = ""
	Added  State = "added"  // or it was there before
	Failed State = "failed" // given up
)

// Item is something in a feed.
type Item struct {
	ID         int64     `json:"id"`
	Feed       int64     `json:"feed"`
	Key        string    `json:"key"`
	Title      string    `json:"title"`
	Link       string    `json:"link"`
	Page       string    `json:"page"`
	Size       int64     `json:"size"`
	Published  time.Time `json:"published"`
	Categories []string  `json:"categories"`
	Hash       string    `json:"hash"`
	Seen       time.Time `json:"seen"`
	Current    bool      `json:"current"` // it is in the feed still
	Read       bool      `json:"read"`    // by the user
	State      State     `json:"state"`
	Rule       string    `json:"rule"`    // by which it was fetched, "" if by hand
	Problem    string    `json:"problem"` // why it was not, or not yet
	Tries      int       `json:"tries"`
	Retry      time.Time `json:"retry"` // not before then
}

// unix returns a time as it is kept.
func unix(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

func when(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.Unix(n, 0).UTC()
}

const feedColumns = "id, url, name, title, every, etag, modified, checked, due, failures, problem"

func scanFeed(scan func(...any) error) (f Feed, err error) {
	var every, checked, due int64
	err = scan(&f.ID, &f.URL, &f.Name, &f.Title, &every, &f.ETag, &f.Modified, &checked, &due, &f.Failures, &f.Problem)
	f.Every, f.Checked, f.Due = time.Duration(every)*time.Second, when(checked), when(due)
	return f, err
}

// Feeds returns all feeds, in the order in which they were added.
func Feeds(ctx context.Context, q store.Querier) (list []Feed, err error) {
	return store.All(ctx, q, scanFeed, "SELECT "+feedColumns+" FROM feed ORDER BY id")
}

// FeedByID returns a feed, or ErrNotFound.
func FeedByID(ctx context.Context, q store.Querier, id int64) (Feed, error) {
	return one(ctx, q, scanFeed, "SELECT "+feedColumns+" FROM feed WHERE id = ?", id)
}

// FeedByURL returns a feed, or ErrNotFound.
func FeedByURL(ctx context.Context, q store.Querier, url string) (Feed, error) {
	return one(ctx, q, scanFeed, "SELECT "+feedColumns+" FROM feed WHERE url = ?", url)
}

// InsertFeed adds a feed and returns its ID.
func InsertFeed(ctx context.Context, q store.Querier, f Feed) (int64, error) {
	r, err := q.ExecContext(ctx, "INSERT INTO feed (url, name, title, every, etag, modified, checked, due, failures, problem) VALUES (?, ?, ?, ?, '', '', 0, 0, 0, '')",
		f.URL, f.Name, f.Title, int64(f.Every/time.Second))
	if err != nil {
		return 0, err
	}
	return r.LastInsertId()
}

// UpdateFeed writes down all of a feed.
func UpdateFeed(ctx context.Context, q store.Querier, f Feed) error {
	return hit(q.ExecContext(ctx, "UPDATE feed SET url = ?, name = ?, title = ?, every = ?, etag = ?, modified = ?, checked = ?, due = ?, failures = ?, problem = ? WHERE id = ?",
		f.URL, f.Name, f.Title, int64(f.Every/time.Second), f.ETag, f.Modified, unix(f.Checked), unix(f.Due), f.Failures, f.Problem, f.ID))
}

// DeleteFeed removes a feed and what is in it.
func DeleteFeed(ctx context.Context, q store.Querier, id int64) error {
	return hit(q.ExecContext(ctx, "DELETE FROM feed WHERE id = ?", id))
}

// hit makes of a statement that found nothing an error.
func hit(r sql.Result, err error) error {
	if err != nil {
		return err
	}
	if n, err := r.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, ErrNotFound)
	}
	return nil
}

// one returns the row of a query, or ErrNotFound.
func one[T any](ctx context.Context, q store.Querier, scan func(func(...any) error) (T, error), query string, args ...any) (T, error) {
	v, err := scan(q.QueryRowContext(ctx, query, args...).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNotFound
	}
	return v, err
}

// text writes a list as JSON.
func text(list []string) string {
	if list == nil {
		list = []string{}
	}
	b, _ := json.Marshal(list) // strings can be written
	return string(b)
}

// doneKeys are the names under which it is remembered that an item was fetched.
func doneKeys(feed string, it Item) (list [][]byte) {
	add := func(kind, text string) {
		if text != "" {
			sum := sha256.Sum256([]byte(kind + "\x00" + text))
			list = append(list, sum[:16])
		}
	}
	add("key", feed+"\x00"+it.Key)
	add("link", it.Link)
	add("hash", it.Hash)
	return list
}

// Done reports whether an item was fetched before, also by another feed.
func Done(ctx context.Context, q store.Querier, feed string, it Item) (bool, error) {
	for _, k := range doneKeys(feed, it) {
		var n int
		if err := q.QueryRowContext(ctx, "SELECT count(*) FROM feed_done WHERE key = ?", k).Scan(&n); err != nil || n > 0 {
			return n > 0, err
		}
	}
	return false, nil
}

// maxDone is how many keys are remembered of what was fetched.
const maxDone = 300_000

// SetDone remembers that an item was fetched.
func SetDone(ctx context.Context, q store.Querier, feed string, it Item, now time.Time) error {
	for _, k := range doneKeys(feed, it) {
		if _, err := q.ExecContext(ctx, "INSERT OR REPLACE INTO feed_done (key, at) VALUES (?, ?)", k, unix(now)); err != nil {
			return err
		}
	}
	_, err := q.ExecContext(ctx, "DELETE FROM feed_done WHERE at < (SELECT at FROM feed_done ORDER BY at DESC LIMIT 1 OFFSET ?)", maxDone)
	if err != nil {
		return fmt.Errorf("forget what was fetched long ago: %w", err)
	}
	return nil
}
