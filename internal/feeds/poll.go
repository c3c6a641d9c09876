package feeds

import (
	"errors"
	"net/url"
	"time"

	"github.com/warren-p2p/warren/internal/courier"
	"github.com/warren-p2p/warren/internal/feeds/document"
	"github.com/warren-p2p/warren/internal/feeds/shelf"
	"github.com/warren-p2p/warren/internal/store"
)

const accepted = "application/rss+xml, application/atom+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.1"

// poll reads a feed and fetches what rules want of it.
func (f *Feeds) poll(feed Feed) {
	now := f.cfg.Clock.Now()
	answer, err := f.cfg.Courier.Get(f.ctx, courier.Request{
		URL: feed.URL, Near: []string{feed.URL}, Max: document.MaxBytes, Type: accepted, ETag: feed.ETag, Modified: feed.Modified,
	})
	var doc *document.Feed
	if err == nil && !answer.Same {
		base, _ := url.Parse(feed.URL) // it was read before
		doc, err = document.Parse(answer.Body, base)
	}
	if f.ctx.Err() != nil {
		return
	}
	fresh := 0
	err = errors.Join(err, f.cfg.Store.Write(f.ctx, func(q store.Querier) error {
		// What the user has changed meanwhile stays.
		current, found := shelf.FeedByID(f.ctx, q, feed.ID)
		if errors.Is(found, ErrNotFound) || found == nil && current.URL != feed.URL {
			return nil // it was removed, or leads elsewhere
		}
		if found != nil {
			return found
		}
		current.Checked = now
		current.Due = now.Add(f.pause(&current, err))
		switch {
		case err != nil:
			current.Problem = err.Error()
		case answer.Same:
			current.Problem = ""
		default:
			current.ETag, current.Modified, current.Title, current.Problem = answer.ETag, answer.Modified, doc.Title, ""
			n, err := shelf.PutItems(f.ctx, q, feed.ID, doc.Items, now)
			if err != nil {
				return err
			}
			fresh = n
		}
		return shelf.UpdateFeed(f.ctx, q, current)
	}))
	if err != nil {
		f.cfg.Log.Warn("a feed cannot be read", "feed", host(feed), "problem", err)
	} else if fresh > 0 {
		f.cfg.Log.Info("a feed has something new", "feed", host(feed), "items", fresh)
	}
	f.match()
	f.changed()
}

// pause returns when a feed is read again, and counts failures: after each it is left
// alone twice as long. A server that says when to come again is obeyed.
func (f *Feeds) pause(feed *Feed, err error) time.Duration {
	d := f.every(*feed)
	if err == nil {
		feed.Failures = 0
		return d
	}
	d = min(d<<min(feed.Failures, 12), max(patience, d))
	feed.Failures++
	if status, ok := errors.AsType[*courier.StatusError](err); ok {
		d = max(d, status.Retry)
	}
	return d
}
