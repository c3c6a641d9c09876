package trackerhost

import (
	"context"
	"net/netip"
	"net/url"

	"github.com/warren-p2p/warren/tracker/message"
	"github.com/warren-p2p/warren/tracker/server"
	"github.com/warren-p2p/warren/tracker/server/request"
	"github.com/warren-p2p/warren/tracker/server/web"
)

// Ours reports whether a URL is one that this tracker is announced to by, whatever the
// address in it.
func (h *Host) Ours(announce string) bool {
	u, err := url.Parse(announce)
	return err == nil && h.key != "" && u.Path == "/"+h.key+"/announce"
}

// Announce serves an announce of this process itself, from the address by which others
// reach it. Nothing is refused, whatever is listed.
func (h *Host) Announce(ctx context.Context, from netip.Addr, r *message.Request) (message.Response, error) {
	c := server.Caller{Addr: from, Private: true, Inside: true, Now: h.cfg.Clock.Now()}
	var reply server.Reply
	if f := h.tracker.Announce(ctx, &c, &request.Query{Request: *r}, &reply); f != nil {
		return message.Response{}, f
	}
	return message.ParseAnnounce(web.AppendAnswer(nil, &reply))
}
