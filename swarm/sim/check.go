package sim

import (
	"fmt"
	"time"

	"github.com/warren-p2p/warren/swarm/sim/internal/events"
	"github.com/warren-p2p/warren/swarm/sim/internal/leech"
	"github.com/warren-p2p/warren/swarm/sim/internal/network"
)

// Violation is something that must never happen.
type Violation struct {
	At   time.Duration
	What string
}

// Error says what happened.
func (v *Violation) Error() string { return fmt.Sprintf("after %v: %s", v.At, v.What) }

func (w *world) violate(format string, args ...any) {
	if w.failed == nil {
		w.failed = &Violation{w.time.Elapsed(), fmt.Sprintf(format, args...)}
	}
}

func (w *world) name(m *member) string { return fmt.Sprintf("%s-%d", m.group.Name, m.id) }

// inspect checks the nodes that an event concerned.
func (w *world) inspect(e events.Event) {
	w.check(w.members[e.A])
	if e.B != e.A {
		w.check(w.members[e.B])
	}
}

func (w *world) check(m *member) {
	w.checkVerified(m)
	w.checkLimits(m)
}

// checkVerified: what a node counts as verified is the content, whoever sent it.
func (w *world) checkVerified(m *member) {
	if len(m.Stats.Verified) == 0 {
		return
	}
	for _, i := range m.Stats.Verified {
		for b, c := range m.Piece(i) {
			if c != leech.Truth(i, b) {
				w.violate("%s verified a wrong block: %d of piece %d", w.name(m), b, i)
			}
		}
	}
	m.Stats.Verified = m.Stats.Verified[:0]
	if m.Full() {
		w.completed(m)
	}
}

// checkLimits: connections, attempts, slots and the upload stay within what was
// allowed.
func (w *world) checkLimits(m *member) {
	if !m.Online() {
		return
	}
	if n := m.Conns(); n > m.MaxConns {
		w.violate("%s has %d connections of %d", w.name(m), n, m.MaxConns)
	}
	if st := m.Dials(); st.Dialing > m.HalfOpen || st.Conns != m.Conns() {
		w.violate("%s: %d attempts of %d under way, %d connections counted as %d", w.name(m), st.Dialing, m.HalfOpen, m.Conns(), st.Conns)
	}
	if are, may := m.Unchoked(); are > may {
		w.violate("%s serves %d peers, may serve %d", w.name(m), are, may)
	}
	if m.UpLimit > 0 {
		most := float64(m.UpLimit)*w.time.Elapsed().Seconds() + max(float64(m.UpLimit)/10, 16<<10)
		if sent := float64(m.Host.Sent) * network.BlockLen; sent > most+network.BlockLen {
			w.violate("%s sent %.0f bytes, may have sent %.0f", w.name(m), sent, most)
		}
	}
	if m.Stats.Framed > 0 {
		w.violate("%s banned a peer that never lied", w.name(m))
	}
}

// checkStalls: nobody who behaves waits for long while a full copy is in reach.
func (w *world) checkStalls() {
	now := w.time.Elapsed()
	for _, m := range w.members {
		if !m.Online() || m.Full() || !m.group.Honest() || !w.inReach(m) {
			m.inReach = -1
			continue
		}
		if m.inReach < 0 {
			m.inReach = now
		}
		if since := max(m.inReach, m.Progress()); now-since > w.sc.Patience {
			w.violate("%s got nothing for %v while a full copy was in reach", w.name(m), now-since)
		}
	}
}

// inReach reports whether a node that has everything and serves can be reached
// from m, or can reach it.
func (w *world) inReach(m *member) bool {
	for _, o := range w.members {
		if o == m || !o.Online() || !o.Full() || !o.group.Honest() {
			continue
		}
		if w.net.Reaches(m.Host, o.Host) || w.net.Reaches(o.Host, m.Host) {
			return true
		}
	}
	return false
}
