// Code generated from docs/openapi.json by internal/house/clientgen. DO NOT EDIT.

package warren

import (
	"context"
	"fmt"
	"iter"
	"net/url"
)

// Delta is an object of the API.
type Delta struct {
	// Torrents that are new or stand differently, as they stand now.
	Changed []Torrent `json:"changed"`

	// Whether what was asked from is not known any more: then all torrents are in changed,
	// and others are gone.
	Full bool `json:"full"`

	// Whether categories or labels have changed.
	Groups bool `json:"groups"`

	// Ids of torrents that are gone.
	Removed []int64 `json:"removed"`

	// To ask from next time.
	Revision int64 `json:"revision"`

	// All torrents together, if something has changed.
	Totals Totals `json:"totals"`
}

// Event is an object of the API.
type Event struct {
	// Data of the event delta.
	Delta *Delta `json:"delta"`

	// Data of the event ready.
	Ready *Ready `json:"ready"`

	// Data of the event snapshot.
	Snapshot *Page `json:"snapshot"`
}

// Ready is an object of the API.
type Ready struct {
	// When the snapshot was begun.
	Revision int64 `json:"revision"`

	// All torrents together, if they are wanted.
	Totals Totals `json:"totals"`
}

// ListChangesQuery is what ListChanges can be asked with; what is zero is left out.
type ListChangesQuery struct {
	// The revision that was seen last; 0 asks for everything.
	Since int64

	// Which properties of torrents; all if none is named.
	Fields []string
}

func (q ListChangesQuery) values() url.Values {
	v := url.Values{}
	if q.Since != 0 {
		v.Set("since", fmt.Sprint(q.Since))
	}
	if len(q.Fields) > 0 {
		v.Set("fields", joined(q.Fields))
	}
	return v
}

// ListChanges: Show what has changed since a revision. Nothing but the revision if
// nothing has. If the revision is not known any more, full is true and everything is in
// changed; better list the torrents page by page first, and ask from the revision of
// the first page.
func (c *Client) ListChanges(ctx context.Context, query ListChangesQuery) (out Delta, err error) {
	err = c.do(ctx, "GET", "/api/v1/changes", query.values(), nil, &out)
	return out, err
}

// StreamEventsQuery is what StreamEvents can be asked with; what is zero is left out.
type StreamEventsQuery struct {
	// The revision that was seen last; 0 asks for everything.
	Since int64

	// Which properties of torrents; all if none is named.
	Fields []string

	// Numbers of the torrents to hear of; all if none is named. No torrent has the number
	// 0.
	Torrent []int64

	// Whether to hear of totals, and that categories or labels have changed, also when none
	// of those torrents has.
	Totals bool
}

func (q StreamEventsQuery) values() url.Values {
	v := url.Values{}
	if q.Since != 0 {
		v.Set("since", fmt.Sprint(q.Since))
	}
	if len(q.Fields) > 0 {
		v.Set("fields", joined(q.Fields))
	}
	if len(q.Torrent) > 0 {
		v.Set("torrent", joined(q.Torrent))
	}
	if q.Totals {
		v.Set("totals", "true")
	}
	return v
}

// StreamEvents: Follow what changes. A stream of Server-Sent Events. Without since:
// snapshot events until all torrents were sent, then ready. After that, and with a
// since that is still known, delta events, one a second at most. The ids of ready and
// delta are revisions: since takes them. Who reads too slowly is cut off and may come
// back.
func (c *Client) StreamEvents(ctx context.Context, query StreamEventsQuery) iter.Seq2[Event, error] {
	return stream[Event](ctx, c, "/api/v1/events", query.values())
}
