package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"time"

	"github.com/warren-p2p/warren/bench/internal/crowd"
	"github.com/warren-p2p/warren/bench/internal/process"
	"github.com/warren-p2p/warren/internal/vfs"
)

// page is where a program shows its torrents.
type page struct {
	Name  string `json:"name"`
	URL   string `json:"url"`
	Enter string `json:"enter"` // gives a browser its cookie
}

const ours = "warren"

// programs starts all programs with the same torrents, paused in each.
func (p *pages) programs(ctx context.Context) ([]page, error) {
	node, err := p.startNode(ctx, "few", p.few)
	if err != nil {
		return nil, err
	}
	rpc, err := p.startTransmission(ctx)
	if err != nil {
		return nil, err
	}
	flood, err := p.startFlood(ctx, rpc)
	if err != nil {
		return nil, err
	}
	qb, err := p.startQBittorrent(ctx)
	if err != nil {
		return nil, err
	}
	return []page{
		{ours, node.page, node.enter},
		{"Flood", flood, ""},
		{"Transmission", strings.TrimSuffix(rpc, "rpc") + "web/", ""},
		{"qBittorrent", qb, ""},
	}, nil
}

// begin starts a program and waits until it answers at a URL.
func (p *pages) begin(ctx context.Context, c process.Command, url string) error {
	one, err := process.Start("", c, p.proc)
	if err != nil {
		return err
	}
	p.started = append(p.started, one)
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for {
		q, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
		if err != nil {
			return err
		}
		if a, err := http.DefaultClient.Do(q); err == nil {
			return a.Body.Close()
		}
		select {
		case <-one.Exited():
			return one.Failure("start " + c.Args[0])
		case <-ctx.Done():
			return fmt.Errorf("wait for %s: %w: %s", c.Args[0], context.Cause(ctx), one.Output())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// port returns one that is free.
func port(ctx context.Context) (string, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	_, text, err := net.SplitHostPort(l.Addr().String())
	return text, errors.Join(err, l.Close())
}

// ports returns as many that are free.
func ports(ctx context.Context, n int) (list []string, err error) {
	for range n {
		one, err := port(ctx)
		if err != nil {
			return nil, err
		}
		list = append(list, one)
	}
	return list, nil
}

// folder makes one for the state of a program.
func (p *pages) folder(name string) (string, error) {
	return p.space.Join(name), p.space.MkdirAll(name, 0o700)
}

func (p *pages) startTransmission(ctx context.Context) (rpc string, err error) {
	state, err := p.folder("transmission")
	if err != nil {
		return "", err
	}
	free, err := ports(ctx, 2)
	if err != nil {
		return "", err
	}
	settings, err := json.Marshal(map[string]any{
		"rpc-bind-address": "127.0.0.1", "rpc-port": json.Number(free[0]), "rpc-whitelist-enabled": false,
		"bind-address-ipv4": "127.0.0.1", "peer-port": json.Number(free[1]), "download-dir": p.space.Join("downloads"),
		"dht-enabled": false, "lpd-enabled": false, "pex-enabled": false, "utp-enabled": false, "port-forwarding-enabled": false,
	})
	if err != nil {
		return "", err
	}
	if err := p.space.Write("transmission/settings.json", string(settings), 0o600); err != nil {
		return "", err
	}
	base := "http://127.0.0.1:" + free[0] + "/transmission/"
	if err := p.begin(ctx, process.Command{Args: []string{"transmission-daemon", "-f", "-g", state, "--log-error"}}, base); err != nil {
		return "", err
	}
	return base + "rpc", p.fill(ctx, base+"rpc", p.few)
}

func (p *pages) startFlood(ctx context.Context, rpc string) (string, error) {
	state, err := p.folder("flood")
	if err != nil {
		return "", err
	}
	at, err := port(ctx)
	if err != nil {
		return "", err
	}
	url := "http://127.0.0.1:" + at + "/"
	return url, p.begin(ctx, process.Command{Args: []string{
		p.node, filepath.Join(p.modules, "flood", "dist", "index.js"), "--rundir", state, "--port", at,
		"--auth", "none", "--trurl", rpc, "--truser", "", "--trpass", "",
	}}, url)
}

// torrent reads one of the crowd.
func (p *pages) torrent(i int) ([]byte, error) {
	return vfs.ReadFile(p.space, crowd.Dir+"/"+crowd.TorrentsDir+"/"+crowd.TorrentName(i))
}
