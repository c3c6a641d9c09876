package control

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/cli/linked"
	"github.com/warren-p2p/warren/internal/cli/remote"
	"github.com/warren-p2p/warren/internal/cli/torrentfile"
	"github.com/warren-p2p/warren/internal/share/link"
	"github.com/warren-p2p/warren/internal/words"
)

// Add gives torrents to the node.
type Add struct {
	Source     []string    `arg:"" help:"A torrent file, a magnet link, the link of a share, or where a torrent file is on the web; - takes a link from standard input, where nobody sees it."`
	Dir        string      `short:"o" placeholder:"DIR" help:"Directory the content lands in, or lies in; that of the category, or the node's own, by default."`
	Category   string      `placeholder:"NAME" help:"Its category; made if it is not there."`
	Label      []string    `placeholder:"NAME" help:"A label; may be given several times."`
	Paused     bool        `help:"Let it wait until it is resumed."`
	Sequential bool        `help:"Fetch from the beginning to the end instead of the rarest pieces first."`
	TLS        string      `name:"tls" placeholder:"off|prefer|require" help:"Speak to peers over TLS: off, prefer or require; as the node does by default."`
	LimitUp    words.Speed `placeholder:"RATE" help:"Send no more than this in a second, such as 10MB."`
	LimitDown  words.Speed `placeholder:"RATE" help:"Receive no more than this in a second, such as 10MB."`
	Tracker    []string    `sep:"none" placeholder:"URL" help:"A tracker to ask before those of the torrent; may be given several times."`
	Peer       []string    `sep:"none" placeholder:"IP:PORT" help:"A peer to fetch from; may be given several times."`
}

// Run adds them, one after the other; what is there already is told and no failure.
func (a *Add) Run(ctx context.Context, c *console.Console) error {
	return remote.With(c, func(n *remote.Node) error {
		for _, source := range a.Source {
			source, err := linked.Source(ctx, c, source)
			if err != nil {
				return err
			}
			body, err := a.body(source)
			if err != nil {
				return err
			}
			t, err := linked.Add(ctx, c, n, body)
			kind := "added"
			if p, ok := errors.AsType[*remote.Problem](err); ok && p.Of("duplicate") && t.Key != "" {
				kind = "there"
				c.Say("%q is there already, as number %d: %s.", words.Plain(t.Name), t.ID, t.State)
			} else if err != nil {
				return fmt.Errorf("add %s: %w", words.Plain(short(source)), err)
			} else {
				c.Say("Added %q as number %d, %s.", words.Plain(t.Name), t.ID, sized(&t))
			}
			if err := c.Emit(event{kind, t}); err != nil {
				return err
			}
		}
		return nil
	})
}

// body returns what the node is sent for a source.
func (a *Add) body(source string) (map[string]any, error) {
	body := map[string]any{}
	scheme, _, _ := strings.Cut(source, ":")
	switch scheme = strings.ToLower(scheme); {
	case scheme == "magnet":
		body["magnet"] = source
	case link.Is(source):
		body["link"], body["redeem"] = source, true
	case scheme == "http", scheme == "https":
		body["url"] = source
	default:
		m, err := torrentfile.Read(source)
		if err != nil {
			return nil, err
		}
		body["file"] = m.Bytes()
	}
	if a.Dir != "" {
		dir, err := filepath.Abs(a.Dir)
		if err != nil {
			return nil, err
		}
		body["dir"] = dir
	}
	for key, value := range map[string]string{"category": a.Category, "tls": a.TLS} {
		if value != "" {
			body[key] = value
		}
	}
	for key, list := range map[string][]string{"labels": a.Label, "trackers": a.Tracker, "peers": a.Peer} {
		if len(list) > 0 {
			body[key] = list
		}
	}
	for key, n := range map[string]words.Speed{"up_limit": a.LimitUp, "down_limit": a.LimitDown} {
		if n > 0 {
			body[key] = int64(n)
		}
	}
	for key, is := range map[string]bool{"paused": a.Paused, "sequential": a.Sequential} {
		if is {
			body[key] = true
		}
	}
	return body, nil
}

// short names a source in a message.
func short(source string) string {
	if link.Is(source) { // it opens the share
		return "the link of a share"
	}
	if len(source) > 60 {
		return source[:60] + "…"
	}
	return source
}

func sized(t *remote.Torrent) string {
	if t.Size == 0 {
		return "of a size that peers will tell"
	}
	return words.Bytes(t.Size)
}
