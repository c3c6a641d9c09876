package feeds

import (
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/warren-p2p/warren/internal/courier"
)

func checkEvery(d time.Duration) error {
	if d != 0 && (d < shortest || d > longest) {
		return fmt.Errorf("every %v is too often or too seldom: want %v to %v", d, shortest, longest)
	}
	return nil
}

// check makes of a feed what can be kept of it.
func check(feed *Feed) error {
	u, err := courier.ParseURL(feed.URL)
	if err != nil {
		return fmt.Errorf("feed: %w", err)
	}
	feed.URL = u.String()
	if feed.Name = strings.TrimSpace(feed.Name); len(feed.Name) > 500 {
		return fmt.Errorf("feed: a name of %d bytes is too long", len(feed.Name))
	}
	return checkEvery(feed.Every)
}

// host is what of a feed may be in a log: its URL may have a key in it.
func host(feed Feed) string {
	if u, err := url.Parse(feed.URL); err == nil {
		return u.Hostname()
	}
	return ""
}
