package remote

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/words"
)

// Following shows a torrent of the node as it gets on. It is a console.View.
type Following struct {
	node *Node
	mu   sync.Mutex
	last Torrent
}

var _ console.View = (*Following)(nil)

// Follow begins with a torrent as it stood last.
func (n *Node) Follow(t Torrent) *Following { return &Following{node: n, last: t} }

// Last returns how it stood when it was last looked at.
func (f *Following) Last() Torrent {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.last
}

// Until shows the torrent as it gets on, as the node tells of it, until done says so.
// The error is that of ctx, or of the node, or matches [ErrRemoved].
func (f *Following) Until(ctx context.Context, c *console.Console, done func(Torrent) (bool, error)) error {
	stop := c.Watch(f)
	defer stop()
	if end, err := done(f.Last()); end || err != nil {
		return err
	}
	err := f.node.watch(ctx, f.Last().ID, func(t Torrent) (bool, error) {
		f.mu.Lock()
		f.last = t
		f.mu.Unlock()
		end, err := done(t)
		return !end, err
	})
	if errors.Is(err, ErrRemoved) {
		return fmt.Errorf("%q: %w", words.Plain(f.Last().Name), err)
	}
	return err
}

// Gauge implements console.View.
func (f *Following) Gauge() console.Gauge {
	t := f.Last()
	g := console.Gauge{Name: t.Name, Done: t.Wanted - t.Left, Total: t.Wanted, Rate: t.DownRate, Peers: t.Peers, WebSeeds: t.WebSeeds, Transfer: true, TLSPercent: -1}
	g.Left, g.LeftKnown = time.Duration(t.ETA)*time.Second, t.ETA > 0
	switch t.State {
	case "starting":
		g.Doing, g.Transfer, g.Trouble = "opening", false, "looking at what is there"
	case "checking":
		g.Doing, g.Transfer = "checking", false
		g.Done = int64(t.Progress * float64(t.Size))
		g.Total = t.Size
	case "metadata":
		g.Doing, g.Trouble = "fetching metadata", "asking peers what the torrent is"
	case "paused":
		g.Trouble = "paused"
	case "waiting", "queued", "failed":
		g.Trouble = t.State
		if t.Reason != "" {
			g.Trouble += ": " + t.Reason
		}
	case "seeding":
		g.Seeding, g.Sent, g.Rate = true, t.Sent, t.UpRate
	default:
		if t.Peers == 0 && t.WebSeeds == 0 {
			g.Trouble = "no peer is connected yet"
		}
	}
	return g
}

// Events implements console.View.
func (f *Following) Events() []console.Event { return []console.Event{f.Event(console.Progress)} }

// Event returns how it stands as an event of a kind.
func (f *Following) Event(kind string) console.Event {
	t := f.Last()
	e := console.Event{
		Event: kind, Name: t.Name, InfoHash: t.V1, InfoHashV2: t.V2, Bytes: t.Wanted - t.Left, Total: t.Size, RateBPS: t.DownRate, Peers: t.Peers,
		TLSPeers: t.TLSPeers, WebSeeds: t.WebSeeds, State: t.State, Reason: t.Reason, Received: t.Received, Sent: t.Sent,
	}
	if e.InfoHash == "" {
		e.InfoHash = t.V2
	}
	if t.State == "seeding" {
		e.RateBPS = t.UpRate
	}
	return e
}
