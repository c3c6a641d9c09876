package choker

import (
	"math"
	"time"
)

type slot uint8

const (
	none slot = iota
	regular
	optimistic
)

// maxWeight keeps sums of weights finite, whatever a standing says.
const maxWeight = 1e6

// sample is a reading of a peer's counters.
type sample struct {
	at       time.Time
	down, up int64
}

// peer is what the choker remembers of a connection.
type peer struct {
	PeerState
	slot, was slot
	call      uint64    // of Rechoke that named it last
	since     time.Time // of the last choke or unchoke
	served    bool      // has ever been unchoked
	snubbed   bool
	samples   [3]sample // the last readings, newest first
	down, up  float64   // rates, bytes per second
}

// eligible reports whether the peer may have a slot at all.
func (p *peer) eligible() bool { return p.Interested && p.Weight > 0 }

// update takes over the states and measures the rates.
func (c *Choker) update(now time.Time, states []PeerState) {
	c.calls++
	for _, s := range states {
		p, ok := c.peers[s.ID]
		if !ok {
			p = &peer{since: s.Connected}
			p.samples[0] = sample{at: s.Connected}
			c.peers[s.ID] = p
		}
		p.PeerState, p.call = s, c.calls
		p.Weight = weight(s.Weight)
		p.snubbed = !s.AwaitingSince.IsZero() && now.Sub(s.AwaitingSince) >= SnubTime
		p.measure(now)
	}
	for id, p := range c.peers {
		if p.call != c.calls {
			delete(c.peers, id)
		}
	}
}

func weight(w float64) float64 {
	if math.IsNaN(w) {
		return 0
	}
	return min(max(w, 0), maxWeight)
}

// measure sets the rates since the reading that lies RateWindow back, or the
// oldest there is, and takes a reading every RechokePeriod.
func (p *peer) measure(now time.Time) {
	from := p.samples[0]
	for _, s := range p.samples[1:] {
		if s.at.IsZero() || now.Sub(from.at) >= RateWindow {
			break
		}
		from = s
	}
	// A connection younger than a period is not judged by its first burst.
	dt := max(now.Sub(from.at), RechokePeriod).Seconds()
	p.down = max(float64(p.Downloaded-from.down)/dt, 0)
	p.up = max(float64(p.Uploaded-from.up)/dt, 0)
	if now.Sub(p.samples[0].at) >= RechokePeriod {
		copy(p.samples[1:], p.samples[:])
		p.samples[0] = sample{now, p.Downloaded, p.Uploaded}
	}
}

// uploadRate is what all peers together are sent.
func uploadRate(peers []*peer) float64 {
	sum := 0.0
	for _, p := range peers {
		sum += p.up
	}
	return sum
}
