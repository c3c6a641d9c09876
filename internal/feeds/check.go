package feeds

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/warren-p2p/warren/internal/courier"
	"github.com/warren-p2p/warren/internal/feeds/shelf"
	"github.com/warren-p2p/warren/internal/store"
	"github.com/warren-p2p/warren/internal/words"
)

var (
	// ErrDuplicate reports a feed, or the name of a rule, that is there already.
	ErrDuplicate = errors.New("it is there already")
	// ErrTooMany reports a feed or a rule beyond the number that is kept.
	ErrTooMany = errors.New("there are too many already")
)

// InputError reports a value of a feed or a rule that cannot be meant.
type InputError struct {
	Field string // as in JSON; "" if it is about several
	Err   error
}

func (e *InputError) Error() string { return e.Err.Error() }
func (e *InputError) Unwrap() error { return e.Err }

// FetchError reports that what an item links to could not be fetched, or is no torrent.
type FetchError struct{ Err error }

func (e *FetchError) Error() string { return e.Err.Error() }
func (e *FetchError) Unwrap() error { return e.Err }

func checkEvery(d time.Duration) error {
	if d != 0 && (d < shortest || d > longest) {
		return &InputError{"every", fmt.Errorf("every %v is too often or too seldom: want %v to %v", words.Period(d), words.Period(shortest), words.Period(longest))}
	}
	return nil
}

// check makes of a feed what can be kept of it.
func check(feed *Feed) error {
	u, err := courier.ParseURL(feed.URL)
	if err != nil {
		return &InputError{"url", fmt.Errorf("feed: %w", err)}
	}
	feed.URL = u.String()
	if feed.Name = strings.TrimSpace(feed.Name); len(feed.Name) > 500 {
		return &InputError{"name", fmt.Errorf("feed: a name of %d bytes is too long", len(feed.Name))}
	}
	return checkEvery(feed.Every)
}

// alone refuses a feed whose URL another one has.
func alone(ctx context.Context, q store.Querier, feed Feed) error {
	other, err := shelf.FeedByURL(ctx, q, feed.URL)
	switch {
	case errors.Is(err, ErrNotFound):
		return nil
	case err != nil:
		return err
	case other.ID == feed.ID:
		return nil
	}
	return fmt.Errorf("feed %d: %w", other.ID, ErrDuplicate)
}

// host is what of a feed may be in a log: its URL may have a key in it.
func host(feed Feed) string {
	if u, err := url.Parse(feed.URL); err == nil {
		return u.Hostname()
	}
	return ""
}
