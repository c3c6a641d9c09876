package control

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/cli/remote"
	"github.com/warren-p2p/warren/internal/words"
)

// Limits shows and sets how fast content moves.
type Limits struct {
	Torrent     []string `arg:"" optional:"" help:"Number, info-hash or whole name of a torrent; without one, of all torrents together."`
	Up          string   `placeholder:"RATE" help:"Send no more than this in a second, such as 10MB; none lifts the limit."`
	Down        string   `placeholder:"RATE" help:"Receive no more than this in a second, such as 10MB; none lifts the limit."`
	Alternative string   `placeholder:"on|off" help:"Let the alternative limits apply, or not, for all torrents together."`
}

// limited is what --json tells.
type limited struct {
	Event       string `json:"event"`
	Name        string `json:"name,omitempty"`
	Key         string `json:"key,omitempty"`
	Up          int64  `json:"up"` // bytes a second, 0 for none
	Down        int64  `json:"down"`
	Alternative *bool  `json:"alternative,omitempty"`
}

// Run shows or sets them.
func (l *Limits) Run(ctx context.Context, c *console.Console) error {
	up, err := speed("--up", l.Up)
	if err != nil {
		return err
	}
	down, err := speed("--down", l.Down)
	if err != nil {
		return err
	}
	if l.Alternative != "" && l.Alternative != "on" && l.Alternative != "off" {
		return console.Usage("--alternative %s: want on or off", words.Plain(l.Alternative))
	}
	if l.Alternative != "" && len(l.Torrent) > 0 {
		return console.Usage("--alternative is for all torrents together: name none")
	}
	return with(c, func(n *remote.Node) error {
		if len(l.Torrent) > 0 {
			return l.some(ctx, c, n, up, down)
		}
		return l.all(ctx, c, n, up, down)
	})
}

// speed reads a limit; nil is none given.
func speed(flag, text string) (*words.Speed, error) {
	if text == "" {
		return nil, nil
	}
	var s words.Speed
	if text == "none" || text == "0" {
		return &s, nil
	}
	if err := s.UnmarshalText([]byte(text)); err != nil {
		return nil, console.Usage("%s %s: %v; none lifts the limit", flag, words.Plain(text), err)
	}
	return &s, nil
}

// some is about torrents that are named.
func (l *Limits) some(ctx context.Context, c *console.Console, n *remote.Node, up, down *words.Speed) error {
	list, err := n.Keys(ctx, l.Torrent)
	if err != nil {
		return err
	}
	patch := map[string]any{}
	if up != nil {
		patch["up_limit"] = int64(*up)
	}
	if down != nil {
		patch["down_limit"] = int64(*down)
	}
	for _, t := range list {
		if len(patch) > 0 {
			if err := n.Do(ctx, http.MethodPatch, "/torrents/"+url.PathEscape(t.Key), patch, &t); err != nil {
				return err
			}
		}
		c.Say("%s", words.Plain(t.Name))
		c.Say("  up    %s", limit(t.UpLimit))
		c.Say("  down  %s", limit(t.DownLimit))
		if err := c.Emit(limited{"limits", t.Name, t.Key, t.UpLimit, t.DownLimit, nil}); err != nil {
			return err
		}
	}
	return nil
}

// settings are those of a node, by their keys.
type settings struct {
	Settings []struct {
		Key   string `json:"key"`
		Value any    `json:"value"`
	} `json:"settings"`
}

func (s *settings) text(key string) string {
	for _, one := range s.Settings {
		if one.Key == key {
			switch v := one.Value.(type) {
			case string:
				return v
			case bool:
				if v {
					return "on"
				}
				return "off"
			}
		}
	}
	return ""
}

// all is about all torrents together.
func (l *Limits) all(ctx context.Context, c *console.Console, n *remote.Node, up, down *words.Speed) error {
	patch := map[string]any{}
	if up != nil {
		patch["limits.up"] = up.String()
	}
	if down != nil {
		patch["limits.down"] = down.String()
	}
	if l.Alternative != "" {
		patch["limits.alternative.on"] = l.Alternative == "on"
	}
	var s settings
	var err error
	if len(patch) > 0 {
		err = n.Do(ctx, http.MethodPatch, "/settings", patch, &s)
	} else {
		err = n.Get(ctx, "/settings", nil, &s)
	}
	if err != nil {
		return err
	}
	on := s.text("limits.alternative.on") == "on"
	out := limited{Event: "limits", Up: bytesOf(s.text("limits.up")), Down: bytesOf(s.text("limits.down")), Alternative: &on}
	c.Say("All torrents together")
	c.Say("  up    %s", limit(out.Up))
	c.Say("  down  %s", limit(out.Down))
	alternative := []string{"alternative limits", "up " + limit(bytesOf(s.text("limits.alternative.up"))), "down " + limit(bytesOf(s.text("limits.alternative.down")))}
	if on {
		c.Say("These do not apply now, but the %s.", strings.Join(alternative, ", "))
	}
	return c.Emit(out)
}

func bytesOf(text string) int64 {
	var s words.Speed
	if s.UnmarshalText([]byte(text)) != nil {
		return 0
	}
	return int64(s)
}

func limit(n int64) string {
	if n <= 0 {
		return "no limit"
	}
	return words.Rate(n)
}
