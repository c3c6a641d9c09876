package conns

import (
	"net/netip"
	"time"
)

// How long an attempt may take, TCP connection and handshakes together.
const (
	probeTimeout = 4 * time.Second  // TLS, while other kinds are left to try
	dialTimeout  = 10 * time.Second // the last kind
)

// An Attempt is a connection to try.
type Attempt struct {
	Addr    netip.AddrPort
	Kind    Kind
	Timeout time.Duration // for everything up to the peer's handshake
}

// Next returns the connection to try now, or false if there is none: nobody is
// due, or there is no room. Each attempt must be answered by a Result.
func (m *Manager) Next(now time.Time) (Attempt, bool) {
	dialing := len(m.dialing)
	if dialing >= m.cfg.HalfOpen || len(m.conns)+dialing >= m.cfg.MaxConns {
		return Attempt{}, false
	}
	var best *peer
	for _, p := range m.order {
		if p.idle() && !now.Before(p.after) && (best == nil || p.ahead(best)) {
			best = p
		}
	}
	if best == nil || !m.cfg.Caps.Dial() {
		return Attempt{}, false
	}
	// Another connection may have shown TLS since the round began.
	if !best.begun || best.round[0] != TLS && m.tlsOnly(best.addr) {
		best.round, best.begun = m.kinds(best.addr, now), true
	}
	best.dialing = true
	m.dialing[best.addr] = struct{}{}
	kind, timeout := best.round[0], dialTimeout
	if kind == TLS && len(best.round) > 1 {
		timeout = probeTimeout
	}
	return Attempt{best.addr, kind, timeout}, true
}

// NextTime returns when the first of the waiting candidates is due, which is past
// if there was no room for it; false if none waits. Before that time Next has an
// attempt only after an Add; when there was no room, only after a Result or
// Closed, here or, with Caps, in another torrent.
func (m *Manager) NextTime() (time.Time, bool) {
	var at time.Time
	found := false
	for _, p := range m.order {
		if p.idle() && (!found || p.after.Before(at)) {
			at, found = p.after, true
		}
	}
	return at, found
}

// ahead reports whether p is dialed before q: a round under way goes on, then
// come the user's peers, those that failed least, and the highest BEP 40
// priority.
func (p *peer) ahead(q *peer) bool {
	switch {
	case p.begun != q.begun:
		return p.begun
	case (p.source == Manual) != (q.source == Manual):
		return p.source == Manual
	}
	return p.better(q)
}

// kinds returns what to try at a, in order.
func (m *Manager) kinds(a netip.AddrPort, now time.Time) []Kind {
	if m.tlsOnly(a) {
		return []Kind{TLS}
	}
	clear := []Kind{MSE, Plain}
	if m.cfg.PlainFirst {
		clear = []Kind{Plain, MSE}
	}
	works, legacy := m.cfg.Verdicts.Legacy(a, now)
	if works == Plain {
		clear = []Kind{Plain, MSE}
	}
	if m.cfg.Policy == Off || legacy || m.cfg.Verdicts.Declined(a, m.cfg.InfoHash, now) {
		return clear
	}
	return append([]Kind{TLS}, clear...)
}

// tlsOnly reports whether a must not be tried in clear.
func (m *Manager) tlsOnly(a netip.AddrPort) bool {
	return m.cfg.Policy == Require ||
		m.cfg.Policy == Prefer && m.cfg.Verdicts.SeenTLS(a, m.cfg.InfoHash)
}
