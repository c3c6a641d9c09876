package control

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/warren-p2p/warren/internal/api/changes"
	"github.com/warren-p2p/warren/internal/api/running"
	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/cli/remote"
	"github.com/warren-p2p/warren/internal/words"
)

// Status shows how the node stands.
type Status struct {
	Over string `enum:"hour,day,month,year,all," default:"" placeholder:"SPAN" help:"Show as well what was received and sent in the last hour, day, month, year or in all that is kept, which is two years."`
}

// status is what the node says, and where it is.
type status struct {
	Event    string         `json:"event"`
	Home     string         `json:"home"`
	PID      int            `json:"pid"`
	API      string         `json:"api"`
	Version  string         `json:"version"`
	Started  time.Time      `json:"started"`
	Listen   []string       `json:"listen"`
	Totals   changes.Totals `json:"totals"`
	DHTNodes int            `json:"dht_nodes"`
	Restart  []string       `json:"restart"`
	// Reachable says in words whether others can connect.
	Reachable string `json:"reachable,omitempty"`
	Advice    string `json:"advice,omitempty"`

	Over *running.Statistics `json:"over,omitempty"` // if it is asked for
}

// Run shows it.
func (o *Status) Run(ctx context.Context, c *console.Console) error {
	return remote.With(c, func(n *remote.Node) error {
		var s status
		if err := n.Get(ctx, "/status", nil, &s); err != nil {
			return err
		}
		var reach struct {
			Summary string `json:"summary"`
			Advice  string `json:"advice"`
		}
		if err := n.Get(ctx, "/reachability", nil, &reach); err != nil {
			return err
		}
		if o.Over != "" {
			if err := n.Get(ctx, "/statistics", url.Values{"span": {o.Over}}, &s.Over); err != nil {
				return err
			}
		}
		s.Event, s.Home, s.PID, s.API = "status", n.Home, n.Running.PID, n.Running.API
		s.Reachable, s.Advice = reach.Summary, reach.Advice
		s.say(c)
		return c.Emit(s)
	})
}

func (s *status) say(c *console.Console) {
	c.Say("warren %s runs in home %s", words.Plain(s.Version), words.Plain(s.Home))
	c.Say("  since     %s, for %s (process %d)", s.Started.Local().Format("2 January 15:04"), words.Duration(c.Clock.Now().Sub(s.Started)), s.PID)
	c.Say("  managed   %s", s.API)
	c.Say("  listens   %s", strings.Join(s.Listen, ", "))
	c.Say("  torrents  %s", count(s.Totals))
	c.Say("  content   %s, %s missing", words.Bytes(s.Totals.Size), words.Bytes(s.Totals.Left))
	c.Say("  now       down %s, up %s, %s", words.Rate(s.Totals.DownRate), words.Rate(s.Totals.UpRate), words.Count(s.Totals.Peers, "peer", "peers"))
	c.Say("  so far    received %s, sent %s", words.Bytes(s.Totals.EverReceived), words.Bytes(s.Totals.EverSent))
	if s.Over != nil {
		c.Say("  over      the last %s: received %s, sent %s", strings.Replace(s.Over.Span, "all", "two years", 1), words.Bytes(s.Over.Received), words.Bytes(s.Over.Sent))
	}
	if s.DHTNodes > 0 {
		c.Say("  DHT       %s known", words.Count(s.DHTNodes, "node", "nodes"))
	}
	if s.Reachable != "" {
		c.Say("%s", words.Plain(s.Reachable))
	}
	if s.Advice != "" {
		c.Say("%s", words.Plain(s.Advice))
	}
	if len(s.Restart) > 0 {
		c.Say("These settings wait for a restart: %s", strings.Join(s.Restart, ", "))
	}
}

// count says how many torrents there are in which state.
func count(t changes.Totals) string {
	var in []string
	for state, n := range t.States {
		if n > 0 {
			in = append(in, fmt.Sprintf("%d %s", n, state))
		}
	}
	slices.Sort(in)
	if len(in) == 0 {
		return fmt.Sprint(t.Torrents)
	}
	return fmt.Sprintf("%d: %s", t.Torrents, strings.Join(in, ", "))
}
