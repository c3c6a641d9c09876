package remote

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strconv"

	"github.com/warren-p2p/warren/internal/api/torrent"
	"github.com/warren-p2p/warren/internal/words"
	"github.com/warren-p2p/warren/metainfo"
)

// Torrent is one as the node shows it.
type Torrent = torrent.Torrent

// page is how many torrents are asked for at a time.
const page = 1000

// Torrents returns those that a query selects, all of them, page by page.
func (n *Node) Torrents(ctx context.Context, query url.Values) ([]Torrent, error) {
	var all []Torrent
	q := url.Values{}
	maps.Copy(q, query)
	q.Set("limit", strconv.Itoa(page))
	for {
		q.Set("offset", strconv.Itoa(len(all)))
		var got struct {
			Total    int       `json:"total"`
			Torrents []Torrent `json:"torrents"`
		}
		if err := n.Get(ctx, "/torrents", q, &got); err != nil {
			return nil, err
		}
		all = append(all, got.Torrents...)
		if len(all) >= got.Total || len(got.Torrents) == 0 {
			return all, nil
		}
	}
}

// Torrent returns one by its key.
func (n *Node) Torrent(ctx context.Context, key string) (t Torrent, err error) {
	err = n.Get(ctx, "/torrents/"+url.PathEscape(key), nil, &t)
	return t, err
}

// File returns the torrent file of a torrent, as the node has it.
func (n *Node) File(ctx context.Context, key string) (*metainfo.Torrent, error) {
	var text []byte
	if err := n.Get(ctx, "/torrents/"+url.PathEscape(key)+"/file", nil, &text); err != nil {
		return nil, err
	}
	return metainfo.Parse(text)
}

// Add adds a torrent; what body may have, the API says. If it is there already, the
// error is a [*Problem] of the kind duplicate, and the torrent that is there is
// returned as well.
func (n *Node) Add(ctx context.Context, body map[string]any) (t Torrent, err error) {
	err = n.Do(ctx, http.MethodPost, "/torrents", body, &t)
	p, ok := errors.AsType[*Problem](err)
	if !ok || !p.Of("duplicate") || len(p.Errors) == 0 {
		return t, err
	}
	if key, ok := p.Errors[0].Value.(string); ok {
		there, again := n.Torrent(ctx, key)
		return there, errors.Join(err, again)
	}
	return t, err
}

// Key finds the torrent that people name: by its number or info-hash, or by its whole
// name.
func (n *Node) Key(ctx context.Context, name string) (Torrent, error) {
	if isKey(name) {
		t, err := n.Torrent(ctx, name)
		if p, ok := errors.AsType[*Problem](err); !ok || !p.Of("not-found") {
			return t, err
		}
	}
	list, err := n.Torrents(ctx, url.Values{"search": {name}})
	if err != nil {
		return Torrent{}, err
	}
	var same []Torrent
	for _, t := range list {
		if t.Name == name {
			same = append(same, t)
		}
	}
	switch len(same) {
	case 1:
		return same[0], nil
	case 0:
		return Torrent{}, fmt.Errorf("no torrent has the number, info-hash or name %q: `warren list` shows them", words.Plain(name))
	}
	return Torrent{}, fmt.Errorf("%d torrents are called %q: name it by its number, as `warren list` shows it", len(same), words.Plain(name))
}

// Keys finds several, in the order they are named.
func (n *Node) Keys(ctx context.Context, names []string) ([]Torrent, error) {
	list := make([]Torrent, 0, len(names))
	for _, name := range names {
		t, err := n.Key(ctx, name)
		if err != nil {
			return nil, err
		}
		list = append(list, t)
	}
	return list, nil
}

func isKey(name string) bool {
	if _, err := strconv.ParseInt(name, 10, 64); err == nil {
		return true
	}
	b, err := hex.DecodeString(name)
	return err == nil && (len(b) == 20 || len(b) == 32)
}

// Outcome is what became of doing the same with many.
type Outcome struct {
	Done   int `json:"done"`
	Failed []struct {
		Key, Type, Why string
	} `json:"failed"`
}

// Bulk does the same with many torrents, in portions that the node takes.
func (n *Node) Bulk(ctx context.Context, action string, content bool, list []Torrent) (o Outcome, err error) {
	const portion = 5000
	for len(list) > 0 {
		some := list[:min(len(list), portion)]
		list = list[len(some):]
		keys := make([]string, len(some))
		for i := range some {
			keys[i] = some[i].Key
		}
		body := map[string]any{"keys": keys, "action": action}
		if content {
			body["content"] = true
		}
		var got Outcome
		if err := n.Do(ctx, http.MethodPost, "/torrents/bulk", body, &got); err != nil {
			return o, err
		}
		o.Done += got.Done
		o.Failed = append(o.Failed, got.Failed...)
	}
	return o, nil
}
