package contact

import (
	"context"
	"errors"
	"net"
	"net/url"
	"strconv"

	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/words"
	"github.com/warren-p2p/warren/swarm"
	"github.com/warren-p2p/warren/tracker"
)

// Trackers says in a few words what trackers have to do with it that no peer is
// connected: "" if nothing.
func Trackers(list []swarm.TrackerStatus) string {
	var trouble string
	for _, t := range list {
		name := "tracker " + words.Plain(host(t.URL))
		switch {
		case t.Asked && t.Err == nil:
			if n := t.Seeders + t.Leechers - 1; n > 0 { // without us
				return name + " knows " + words.Count(n, "other peer", "other peers")
			}
			return name + " knows no other peer"
		case t.Asking:
			return "asking " + name
		case t.Asked && trouble == "":
			trouble = name + ": " + words.Plain(whyNot(t.Err))
		}
	}
	if n := len(list); trouble != "" && n > 1 {
		return trouble + " (and " + strconv.Itoa(n-1) + " more)"
	}
	return trouble
}

// host returns what people know a tracker by. The rest of its URL may be a key.
func host(text string) string {
	if u, err := url.Parse(text); err == nil && u.Host != "" {
		return u.Host
	}
	return text
}

// whyNot puts into words why a tracker is of no use.
func whyNot(err error) string {
	if f, ok := errors.AsType[*tracker.Failure](err); ok {
		return "it refuses, and says " + strconv.Quote(f.Reason)
	}
	if status, ok := errors.AsType[tracker.StatusError](err); ok {
		return "it answers with HTTP status " + strconv.Itoa(int(status))
	}
	if dns, ok := errors.AsType[*net.DNSError](err); ok {
		return dns.Err // without the server that was asked
	}
	switch {
	case errors.Is(err, tracker.ErrNotPublic):
		return "it is on this machine or in its network; if you mean it, name it with --tracker"
	case errors.Is(err, tracker.ErrPin):
		return "what answers there has another key than the link names"
	case errors.Is(err, tracker.ErrNoAnswer), errors.Is(err, context.DeadlineExceeded):
		return "no answer"
	case errors.Is(err, tracker.ErrMalformed), errors.Is(err, tracker.ErrTooLong):
		return "what it answers is not what trackers do"
	case errors.Is(err, tracker.ErrScheme):
		return "trackers of this kind are not asked"
	}
	return console.Cause(err).Error()
}
