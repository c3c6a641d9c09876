package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strings"

	"github.com/warren-p2p/warren/bench/internal/crowd"
	"github.com/warren-p2p/warren/bench/internal/process"
)

// fill gives torrents to a program with Transmission's RPC, which warren has too.
func (p *pages) fill(ctx context.Context, rpc string, n int) error {
	session := ""
	for i := 0; i < n; i++ {
		torrent, err := p.torrent(i)
		if err != nil {
			return err
		}
		text, err := json.Marshal(map[string]any{"method": "torrent-add", "arguments": map[string]any{"metainfo": torrent, "paused": true}})
		if err != nil {
			return err
		}
		a, body, err := post(ctx, rpc, "application/json", text, session)
		switch {
		case err != nil:
			return err
		case a.StatusCode == http.StatusConflict:
			session = a.Header.Get("X-Transmission-Session-Id")
			i--
		case !bytes.Contains(body, []byte(`"success"`)):
			return fmt.Errorf("add torrent %d to %s: %s: %.200s", i, rpc, a.Status, body)
		}
	}
	return nil
}

func post(ctx context.Context, url, kind string, body []byte, session string) (*http.Response, []byte, error) {
	q, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return nil, nil, err
	}
	q.Header.Set("Content-Type", kind)
	q.Header.Set("X-Transmission-Session-Id", session)
	a, err := http.DefaultClient.Do(q)
	if err != nil {
		return nil, nil, err
	}
	b, err := io.ReadAll(a.Body)
	return a, b, errors.Join(err, a.Body.Close())
}

const qbConfig = `[LegalNotice]
Accepted=true

[BitTorrent]
Session\DHTEnabled=false
Session\Interface=lo
Session\InterfaceName=lo
Session\LSDEnabled=false
Session\PeXEnabled=false
Session\Port=%s

[Network]
PortForwardingEnabled=false

[Preferences]
General\UseRandomPort=false
WebUI\Address=127.0.0.1
WebUI\Enabled=true
WebUI\LocalHostAuth=false
WebUI\Port=%s
WebUI\UseUPnP=false
`

func (p *pages) startQBittorrent(ctx context.Context) (string, error) {
	free, err := ports(ctx, 2)
	if err != nil {
		return "", err
	}
	home, err := p.folder("qb")
	if err != nil {
		return "", err
	}
	if err := p.space.MkdirAll("qb/qBittorrent/config", 0o700); err != nil {
		return "", err
	}
	if err := p.space.Write("qb/qBittorrent/config/qBittorrent.conf", fmt.Sprintf(qbConfig, free[0], free[1]), 0o600); err != nil {
		return "", err
	}
	url := "http://127.0.0.1:" + free[1] + "/"
	c := process.Command{Args: []string{"qbittorrent-nox", "--profile=" + home}, Env: []string{"HOME=" + home}}
	if err := p.begin(ctx, c, url); err != nil {
		return "", err
	}
	for from := 0; from < p.few; from += batch {
		if err := p.addQBittorrent(ctx, url, from, min(p.few, from+batch)); err != nil {
			return "", err
		}
	}
	return url, nil
}

// batch is how many torrents qBittorrent takes at once.
const batch = 100

func (p *pages) addQBittorrent(ctx context.Context, url string, from, to int) error {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for i := from; i < to; i++ {
		torrent, err := p.torrent(i)
		if err != nil {
			return err
		}
		part, err := form.CreateFormFile("torrents", crowd.TorrentName(i))
		if err != nil {
			return err
		}
		if _, err := part.Write(torrent); err != nil {
			return err
		}
	}
	if err := errors.Join(form.WriteField("paused", "true"), form.WriteField("skip_checking", "true"), form.Close()); err != nil {
		return err
	}
	a, said, err := post(ctx, url+"api/v2/torrents/add", form.FormDataContentType(), body.Bytes(), "")
	if err == nil && !strings.HasPrefix(string(said), "Ok") {
		err = fmt.Errorf("add torrents to qBittorrent: %s: %.200s", a.Status, said)
	}
	return err
}
