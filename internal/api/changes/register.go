package changes

import (
	"context"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"github.com/warren-p2p/warren/internal/access"
	"github.com/warren-p2p/warren/internal/api/operation"
	"github.com/warren-p2p/warren/internal/api/problem"
	"github.com/warren-p2p/warren/internal/api/torrent"
)

// Asking is what changes are asked with.
type Asking struct {
	Since  int64    `query:"since" minimum:"0" doc:"The revision that was seen last; 0 asks for everything."`
	Fields []string `query:"fields" doc:"Which properties of torrents; all if none is named."`
}

type listening struct {
	Asking
	Torrent     []int64 `query:"torrent" maxItems:"1000" doc:"Numbers of the torrents to hear of; all if none is named. No torrent has the number 0."`
	Totals      bool    `query:"totals" doc:"Whether to hear of totals, and that categories or labels have changed, also when none of those torrents has."`
	LastEventID string  `header:"Last-Event-ID" maxLength:"20" doc:"The same as since, as browsers send it when they connect anew."`
}

// Event is what the stream has; its schema names all that can be in data.
type Event struct {
	Snapshot *Page  `json:"snapshot,omitempty" doc:"Data of the event snapshot."`
	Ready    *Ready `json:"ready,omitempty" doc:"Data of the event ready."`
	Delta    *Delta `json:"delta,omitempty" doc:"Data of the event delta."`
}

// Ready ends a snapshot.
type Ready struct {
	Revision int64   `json:"revision" doc:"When the snapshot was begun."`
	Totals   *Totals `json:"totals,omitempty" doc:"All torrents together, if they are wanted."`
}

// Register adds the operations.
func (f *Feed) Register(r *operation.Registrar, unwrap func(huma.Context) http.ResponseWriter) {
	operation.Raw[Asking, Delta](r, operation.Op{
		ID: "list-changes", Method: http.MethodGet, Path: "/changes", Tag: "Changes", Scope: access.Read,
		Summary: "Show what has changed since a revision",
		Doc:     "Nothing but the revision if nothing has. If the revision is not known any more, full is true and everything is in changed; better list the torrents page by page first, and ask from the revision of the first page.",
	}, "application/json", func(_ context.Context, in *Asking) (func(http.ResponseWriter), error) {
		fields, err := parse(in.Fields)
		if err != nil {
			return nil, err
		}
		text, err := f.Since(in.Since, fields)
		return operation.Encoded(text), err
	}, unwrap)
	operation.Raw[listening, Event](r, operation.Op{
		ID: "stream-events", Method: http.MethodGet, Path: "/events", Tag: "Changes", Scope: access.Read,
		Summary: "Follow what changes",
		Doc:     "A stream of Server-Sent Events. Without since: snapshot events until all torrents were sent, then ready. After that, and with a since that is still known, delta events, one a second at most. The ids of ready and delta are revisions: since takes them. Who reads too slowly is cut off and may come back.",
	}, "text/event-stream", func(ctx context.Context, in *listening) (func(http.ResponseWriter), error) {
		fields, err := parse(in.Fields)
		if err != nil {
			return nil, err
		}
		since := in.Since
		if last, err := strconv.ParseInt(in.LastEventID, 10, 64); err == nil {
			since = max(since, last)
		}
		return func(w http.ResponseWriter) { f.Stream(ctx, w, since, Want{fields, in.Torrent, in.Totals}) }, nil
	}, unwrap)
}

func parse(names []string) (torrent.Fields, error) {
	fields, err := torrent.ParseFields(names)
	if err != nil {
		return nil, problem.New(problem.Invalid, err.Error(), &huma.ErrorDetail{Message: err.Error(), Location: "query.fields"})
	}
	return fields, nil
}
