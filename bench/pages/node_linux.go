package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/warren-p2p/warren/bench/internal/process"
	"github.com/warren-p2p/warren/internal/access"
	"github.com/warren-p2p/warren/internal/home"
)

// running is a node.
type running struct {
	api, key    string
	page, enter string
	torrents    int
}

// startNode starts a node with so many torrents.
func (p *pages) startNode(ctx context.Context, name string, torrents int) (*running, error) {
	at, err := p.folder(name)
	if err != nil {
		return nil, err
	}
	listen, err := port(ctx)
	if err != nil {
		return nil, err
	}
	n := &running{api: "http://127.0.0.1:" + listen, torrents: torrents}
	args := []string{p.warren, "run", "--home", at, "--listen", "127.0.0.1:0", "--management", "127.0.0.1:" + listen,
		"--no-dht", "--no-lsd", "--no-portmap", "--download", p.space.Join("downloads")}
	if err := p.begin(ctx, process.Command{Args: args}, n.api+"/healthz"); err != nil {
		return nil, err
	}
	h, err := home.Open(at)
	if err != nil {
		return nil, err
	}
	key, err := access.OpenKey(h.State())
	if err = errors.Join(err, h.Close()); err != nil {
		return nil, err
	}
	n.key = key.Text()
	n.page, n.enter = n.api+"/", n.api+"/management/"+n.key
	return n, p.fill(ctx, n.api+"/transmission/rpc", torrents)
}

func (p *pages) node20k(ctx context.Context) (*running, error) {
	p.log("starting a node with %d torrents", p.many)
	return p.startNode(ctx, "many", p.many)
}

// every is how often something changes, as often as a page hears of it.
const every = time.Second

// stirred is how many torrents change each time: among them what the page shows first.
const stirred = 200

// stir changes torrents until ctx ends: their labels come and go.
func (n *running) stir(ctx context.Context) error {
	keys, err := n.first(ctx)
	if err != nil {
		return err
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	for i := 0; ; i++ {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		labels := []string{fmt.Sprint("round ", i%10)}
		err := n.ask(ctx, http.MethodPost, "/api/v1/torrents/bulk", map[string]any{"action": "change", "keys": keys, "change": map[string]any{"labels": labels}}, nil)
		if err != nil && ctx.Err() == nil {
			return err
		}
	}
}

// first returns the keys of the torrents that a page shows first.
func (n *running) first(ctx context.Context) (keys []string, err error) {
	var list struct{ Torrents []struct{ Key string } }
	if err := n.ask(ctx, http.MethodGet, fmt.Sprintf("/api/v1/torrents?limit=%d", stirred), nil, &list); err != nil {
		return nil, err
	}
	for _, t := range list.Torrents {
		keys = append(keys, t.Key)
	}
	return keys, nil
}

func (n *running) ask(ctx context.Context, method, path string, body, answer any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	q, err := http.NewRequestWithContext(ctx, method, n.api+path, bytes.NewReader(text))
	if err != nil {
		return err
	}
	q.Header.Set("Authorization", "Bearer "+n.key)
	q.Header.Set("Content-Type", "application/json")
	a, err := http.DefaultClient.Do(q)
	if err != nil {
		return err
	}
	b, err := io.ReadAll(a.Body)
	if err = errors.Join(err, a.Body.Close()); err != nil {
		return err
	}
	if a.StatusCode/100 != 2 {
		return fmt.Errorf("%s %s: %s: %.300s", method, path, a.Status, b)
	}
	if answer == nil {
		return nil
	}
	return json.Unmarshal(b, answer)
}
