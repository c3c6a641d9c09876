package console

import (
	"sync/atomic"
	"time"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/words"
)

// Hashing is a [View] of reading and hashing content.
type Hashing struct {
	doing, name string
	clock       clock.Clock
	begun       time.Time
	done, total atomic.Int64
}

// NewHashing returns a view of something that begins now.
func NewHashing(c clock.Clock, doing, name string) *Hashing {
	return &Hashing{doing: doing, name: name, clock: c, begun: c.Now()}
}

// Progress takes note of how many bytes are hashed.
func (h *Hashing) Progress(done, total int64) {
	h.done.Store(done)
	h.total.Store(total)
}

// Took returns the time since the beginning.
func (h *Hashing) Took() time.Duration { return h.clock.Now().Sub(h.begun) }

// Gauge implements View.
func (h *Hashing) Gauge() Gauge {
	g := Gauge{Doing: h.doing, Name: h.name, Done: h.done.Load(), Total: h.total.Load()}
	g.Rate = words.RateOver(g.Done, h.Took())
	if g.Rate > 0 {
		g.Left = time.Duration(float64(g.Total-g.Done) / float64(g.Rate) * float64(time.Second))
		g.LeftKnown = true
	}
	return g
}

// Events implements View.
func (h *Hashing) Events() []Event {
	g := h.Gauge()
	return []Event{{Event: Progress, Name: h.name, State: h.doing, Bytes: g.Done, Total: g.Total, RateBPS: g.Rate}}
}
