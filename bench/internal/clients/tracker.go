//go:build linux

package clients

import (
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/warren-p2p/warren/bench/internal/process"
	"github.com/warren-p2p/warren/internal/netpolicy"
)

const trackerPort = "6969"

// AnnounceURL is the announce URL of a tracker on host.
func AnnounceURL(host string) string {
	return "http://" + net.JoinHostPort(host, trackerPort) + "/announce"
}

// Tracker is opentracker on host. Debian builds it to serve listed torrents
// only: list is the absolute path of a file with a hex info-hash on each line,
// readable by everybody.
func Tracker(host, list string) process.Command {
	return process.Command{Args: []string{"opentracker", "-i", host, "-p", trackerPort, "-P", trackerPort, "-d", "/", "-w", list, "-u", "nobody"}}
}

var complete = regexp.MustCompile(`8:completei([1-9][0-9]*)e`)

// AwaitSeeder asks the tracker on host by scrape (BEP 48) until it knows a
// complete peer of the torrent. It must run in a network the tracker is in.
func AwaitSeeder(ctx context.Context, host, infoHash string) error {
	raw, err := hex.DecodeString(infoHash)
	if err != nil {
		return fmt.Errorf("scrape for %q: %w", infoHash, err)
	}
	client := http.Client{Transport: &http.Transport{
		DisableKeepAlives: true,
		DialContext: func(ctx context.Context, _, addr string) (net.Conn, error) {
			return netpolicy.Direct{}.Dial(ctx, addr)
		},
	}, Timeout: 2 * time.Second}
	target := "http://" + net.JoinHostPort(host, trackerPort) + "/scrape?info_hash=" + percent(raw)
	for {
		if body, err := fetch(ctx, &client, target); err == nil && complete.Match(body) {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait until the tracker knows a seeder: %w", context.Cause(ctx))
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// percent escapes every byte: opentracker does not read "+" as a space.
func percent(raw []byte) string {
	var b strings.Builder
	for _, c := range raw {
		fmt.Fprintf(&b, "%%%02x", c)
	}
	return b.String()
}

func fetch(ctx context.Context, c *http.Client, target string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, target, nil)
	if err != nil {
		return nil, err
	}
	resp, err := c.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	return io.ReadAll(io.LimitReader(resp.Body, 4<<10))
}
