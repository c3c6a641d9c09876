package control

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/warren-p2p/warren/internal/api/automation"
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

	Now    *automation.SpeedLimits `json:"now,omitempty"`    // if others than these hold
	Paused bool                    `json:"paused,omitempty"` // by the schedule
	Until  time.Time               `json:"until,omitzero"`   // something else holds
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
	return remote.With(c, func(n *remote.Node) error {
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
		if err := c.Emit(limited{Event: "limits", Name: t.Name, Key: t.Key, Up: t.UpLimit, Down: t.DownLimit}); err != nil {
			return err
		}
	}
	return nil
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
	if len(patch) > 0 {
		if err := n.Do(ctx, http.MethodPatch, "/settings", patch, nil); err != nil {
			return err
		}
	}
	if l.Alternative != "" {
		if err := n.Do(ctx, http.MethodPut, "/schedule/alternative", automation.Switch{On: l.Alternative == "on"}, nil); err != nil {
			return err
		}
	}
	var s automation.Schedule
	if err := n.Get(ctx, "/schedule", nil, &s); err != nil {
		return err
	}
	c.Say("All torrents together")
	c.Say("  up    %s", limit(s.Usual.Up))
	c.Say("  down  %s", limit(s.Usual.Down))
	out := limited{Event: "limits", Up: s.Usual.Up, Down: s.Usual.Down, Alternative: &s.IsOther, Paused: s.Paused, Until: s.Until}
	if s.Limits != s.Usual {
		out.Now = &s.Limits
	}
	if text := present(&s); text != "" {
		c.Say("%s", text)
	}
	return c.Emit(out)
}

// present says what holds now instead of the usual limits; "" if these do.
func present(s *automation.Schedule) string {
	until := ""
	if !s.Until.IsZero() {
		until = " until " + s.Until.Local().Format("Monday 15:04")
	}
	what := fmt.Sprintf("up %s, down %s", limit(s.Limits.Up), limit(s.Limits.Down))
	switch {
	case s.Paused:
		return "Everything is stopped now" + until + ", as the schedule says."
	case s.IsOther && s.ByHand:
		return fmt.Sprintf("Now the alternative limits hold%s: %s.", until, what)
	case s.IsOther:
		return fmt.Sprintf("Now the alternative limits hold%s, as the schedule says: %s.", until, what)
	case s.Limits != s.Usual:
		return fmt.Sprintf("Now other limits hold%s, as the schedule says: %s.", until, what)
	}
	return ""
}

func limit(n int64) string {
	if n <= 0 {
		return "no limit"
	}
	return words.Rate(n)
}
