package trackerhost

import (
	"context"
	"sync"
	"time"

	"github.com/warren-p2p/warren/tracker/server"
)

// points is how many minutes are remembered: a day.
const points = 24 * 60

// Point is a minute of a tracker.
type Point struct {
	At        time.Time `json:"at"` // its end
	Swarms    int       `json:"swarms"`
	Peers     int       `json:"peers"` // -1 if the store does not count them
	Announces uint64    `json:"announces"`
	Scrapes   uint64    `json:"scrapes"`
	Refused   uint64    `json:"refused"`
}

// history is the last minutes, in a ring.
type history struct {
	mu    sync.Mutex
	begin time.Time
	ring  []Point
	next  int
	last  server.Stats
}

// note adds the minute that has passed.
func (h *Host) note(ctx context.Context, now time.Time) {
	n, err := h.store.Count(ctx)
	if err != nil {
		h.cfg.Log.Warn("the tracker cannot count its peers", "error", err)
		return
	}
	stats := h.tracker.Stats()
	r := &h.history
	r.mu.Lock()
	defer r.mu.Unlock()
	was := r.last
	r.last = stats
	p := Point{
		At: now, Swarms: n.Swarms, Peers: n.Peers4 + n.Peers6,
		Announces: stats.AnnouncesHTTP + stats.AnnouncesUDP - was.AnnouncesHTTP - was.AnnouncesUDP,
		Scrapes:   stats.ScrapesHTTP + stats.ScrapesUDP - was.ScrapesHTTP - was.ScrapesUDP,
		Refused:   stats.Refused() - was.Refused(),
	}
	if n.Peers4 < 0 {
		p.Peers = -1
	}
	if len(r.ring) < points {
		r.ring = append(r.ring, p)
		return
	}
	r.ring[r.next] = p
	r.next = (r.next + 1) % points
}

// History returns the minutes of the last day, the oldest first.
func (h *Host) History() []Point {
	r := &h.history
	r.mu.Lock()
	defer r.mu.Unlock()
	return append(append(make([]Point, 0, len(r.ring)), r.ring[r.next:]...), r.ring[:r.next]...)
}

// Began is when the tracker was started.
func (h *Host) Began() time.Time { return h.history.begin }
