package changes

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"github.com/warren-p2p/warren/internal/api/torrent"
)

const (
	heartbeat    = 15 * time.Second // without anything to tell; also how soon a dead client is noticed
	writeTimeout = 30 * time.Second // for an event to be taken
	pageSize     = 500              // torrents in an event of a snapshot
)

// Page is part of a snapshot.
type Page struct {
	Revision int64             `json:"revision" doc:"When the snapshot was begun."`
	Total    int               `json:"total" required:"false" doc:"Torrents in all pages together."`
	Offset   int               `json:"offset" required:"false" doc:"How many were in the pages before."`
	Torrents []torrent.Torrent `json:"torrents" required:"false" nullable:"false" doc:"The torrents, in the order of their ids."`
}

// Stream writes events until the client goes, is too slow, or the feed ends:
//
//	snapshot   a Page; there are as many as it takes, and none if since is known
//	ready      all of it was sent: {"revision":R}, and totals if they are wanted
//	delta      a Delta; from then on these alone
//
// ready and delta have their revision as id, so that a browser that connects anew says
// by itself from where.
func (f *Feed) Stream(ctx context.Context, w http.ResponseWriter, since int64, want Want) {
	out := &events{w: w, control: http.NewResponseController(w), feed: f}
	_ = out.control.SetReadDeadline(time.Time{}) // nothing more is read
	s, cancel, ok := f.subscribe()
	if !ok {
		return
	}
	defer cancel()
	if !out.begin(ctx, since, want) {
		return
	}
	alive := time.NewTimer(heartbeat)
	defer alive.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-alive.C:
			if !out.write([]byte(":\n\n")) {
				return
			}
		case n, ok := <-s.news:
			if !ok {
				return
			}
			text, err := n.wanted(want)
			if err == nil && text == nil {
				continue // the time until a sign of life goes on
			}
			if err != nil || !out.event("delta", f.base+int64(n.delta.Revision), text) {
				return
			}
		}
		alive.Reset(heartbeat)
	}
}

// events writes to a client.
type events struct {
	w       http.ResponseWriter
	control *http.ResponseController
	feed    *Feed
}

// begin sends everything, or what came after a revision that the client has seen.
func (e *events) begin(ctx context.Context, since int64, want Want) bool {
	f := e.feed
	if since > 0 {
		if d := f.since(since); !d.Full {
			d, _ = want.cut(d)
			text, err := f.encode(d, want.Fields, want.Totals)
			return err == nil && e.event("delta", f.base+int64(d.Revision), text)
		}
	}
	revision := f.Revision()
	all := want.among(f.lib.All())
	for offset := 0; offset < len(all) || offset == 0; offset += pageSize {
		if ctx.Err() != nil {
			return false
		}
		page := all[offset:min(offset+pageSize, len(all))]
		list := make([]torrent.Torrent, len(page))
		for i, t := range page {
			v := t.View()
			list[i] = torrent.Of(&v, f.base)
		}
		text := AppendPage(nil, revision, len(all), offset)
		text, err := want.Fields.AppendList(text, list)
		if err != nil || !e.event("snapshot", 0, append(text, '}')) {
			return false
		}
	}
	ready := Ready{Revision: revision}
	if want.Totals {
		ready.Totals = TotalsOf(f.lib.Totals())
	}
	text, err := json.Marshal(ready)
	return err == nil && e.event("ready", revision, text)
}

// AppendPage appends the beginning of a page, up to the list of torrents.
func AppendPage(b []byte, revision int64, total, offset int) []byte {
	b = strconv.AppendInt(append(b, `{"revision":`...), revision, 10)
	b = strconv.AppendInt(append(b, `,"total":`...), int64(total), 10)
	b = strconv.AppendInt(append(b, `,"offset":`...), int64(offset), 10)
	return append(b, `,"torrents":`...)
}

// event sends one event; data is on one line, as JSON is.
func (e *events) event(name string, id int64, data []byte) bool {
	b := make([]byte, 0, len(data)+64)
	b = append(append(b, "event: "...), name...)
	if id > 0 {
		b = strconv.AppendInt(append(b, "\nid: "...), id, 10)
	}
	b = append(append(append(b, "\ndata: "...), data...), "\n\n"...)
	return e.write(b)
}

func (e *events) write(b []byte) bool {
	_ = e.control.SetWriteDeadline(e.feed.clock.Now().Add(writeTimeout))
	if _, err := e.w.Write(b); err != nil {
		return false
	}
	return e.control.Flush() == nil
}
