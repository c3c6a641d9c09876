package remote

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/warren-p2p/warren/internal/api/changes"
)

const (
	quiet    = time.Minute // without a sign of life, of which there are four
	again    = time.Second // before a stream that has ended is taken up
	maxEvent = 16 << 20    // bytes of a line
)

// ErrRemoved reports a torrent that the node has no more.
var ErrRemoved = errors.New("the node does not have it any more: it was removed")

// watch calls news with a torrent as it stands, whenever it stands differently, until
// that returns false. A stream that has ended is taken up again.
func (n *Node) watch(ctx context.Context, id int64, news func(Torrent) (bool, error)) error {
	for {
		more, err := n.listen(ctx, id, news)
		if !more || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(again):
		}
	}
}

// listen is watch for one stream; more says that it ended too early.
func (n *Node) listen(ctx context.Context, id int64, news func(Torrent) (bool, error)) (more bool, err error) {
	resp, err := n.send(ctx, http.MethodGet, fmt.Sprintf("/events?torrent=%d", id), nil, quiet)
	if err != nil {
		return false, err
	}
	defer resp.Body.Close()
	if kind := mediaType(resp); resp.StatusCode != http.StatusOK || kind != "text/event-stream" {
		if err := n.understand(ctx, resp, nil); err != nil {
			return false, err
		}
		return false, n.stranger(kind)
	}
	r := bufio.NewReaderSize(resp.Body, 64<<10)
	for {
		kind, data, err := event(r)
		switch {
		case ctx.Err() != nil:
			return false, context.Cause(ctx)
		case errors.Is(err, errSilent):
			return false, n.unanswered(err)
		case errors.Is(err, errEvent):
			return false, fmt.Errorf("follow the node at %s: %w", n.Running.API, err)
		case err != nil:
			return true, nil // it is stopping, or we were too slow; asking again tells
		}
		if goesOn, err := hear(kind, data, id, news); !goesOn || err != nil {
			return false, err
		}
	}
}

// hear passes on what an event says of a torrent.
func hear(kind string, data []byte, id int64, news func(Torrent) (bool, error)) (more bool, err error) {
	var list []Torrent
	switch kind {
	case "snapshot":
		var page changes.Page
		err = json.Unmarshal(data, &page)
		if list = page.Torrents; err == nil && page.Total == 0 {
			return false, ErrRemoved
		}
	case "delta":
		var d changes.Delta
		err = json.Unmarshal(data, &d)
		list = d.Changed
		if err == nil && slices.Contains(d.Removed, id) {
			return false, ErrRemoved
		}
	}
	if err != nil {
		return false, fmt.Errorf("the node tells what this program does not understand: %w: are both of the same version?", err)
	}
	for _, t := range list {
		if t.ID == id {
			return news(t)
		}
	}
	return true, nil
}

// errEvent reports a stream that is none of a node.
var errEvent = errors.New("it sends a line without an end")

// event reads the next event of a stream (HTML, section 9.2.6): its name, and its data,
// of which a node sends one line.
func event(r *bufio.Reader) (name string, data []byte, err error) {
	for {
		line, err := line(r)
		if err != nil {
			return "", nil, err
		}
		if len(line) == 0 {
			if len(data) > 0 {
				return name, data, nil
			}
			name = ""
			continue
		}
		field, value, _ := bytes.Cut(line, []byte(":"))
		value = bytes.TrimPrefix(value, []byte(" "))
		switch string(field) {
		case "event":
			name = string(value)
		case "data":
			data = bytes.Clone(value)
		}
	}
}

// line reads a line without its end.
func line(r *bufio.Reader) ([]byte, error) {
	var all []byte
	for {
		part, err := r.ReadSlice('\n')
		all = append(all, part...)
		switch {
		case err == nil:
			return bytes.TrimRight(all, "\r\n"), nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return nil, err
		case len(all) > maxEvent:
			return nil, errEvent
		}
	}
}
