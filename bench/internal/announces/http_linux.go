package announces

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"

	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/tracker/message"
)

// requests makes announces over HTTP, each with a connection of its own, as clients
// do.
func (l *load) requests(ctx context.Context, seed uint64) (told Told, err error) {
	chance := rand.New(rand.NewPCG(seed, 42))
	base, err := url.Parse("http://" + l.target.String() + "/announce")
	if err != nil {
		return told, err
	}
	buf := bufio.NewReaderSize(nil, 4096)
	for ctx.Err() == nil {
		torrent, port, ok := l.peer(chance)
		if !ok {
			return told, nil
		}
		query := message.AnnounceURL(base, announce(torrent, port)).RawQuery
		good, err := ask(ctx, l.target.String(), query, buf)
		switch {
		case err != nil:
			told.Lost++
		case !good:
			told.Refused++
		default:
			told.Announces++
		}
	}
	return told, ctx.Err()
}

// ask makes one announce, and reports whether it was served.
func ask(ctx context.Context, addr, query string, buf *bufio.Reader) (bool, error) {
	c, err := netpolicy.Direct{}.Dial(ctx, addr)
	if err != nil {
		return false, err
	}
	defer c.Close()
	if t, ok := c.(interface{ SetLinger(int) error }); ok {
		if err := t.SetLinger(0); err != nil { // or ports would run out
			return false, err
		}
	}
	if _, err := fmt.Fprintf(c, "GET /announce?%s HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n", query); err != nil {
		return false, err
	}
	buf.Reset(c)
	r, err := http.ReadResponse(buf, nil)
	if err != nil {
		return false, err
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return false, err
	}
	_, err = message.ParseAnnounce(body)
	return err == nil && r.StatusCode == http.StatusOK, nil
}
