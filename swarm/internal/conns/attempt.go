package conns

import (
	"net/netip"
	"time"

	"github.com/warren-p2p/warren/swarm/internal/conns/targets"
	"github.com/warren-p2p/warren/swarm/internal/conns/verdict"
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
	// Face is what the peer must show over TLS; zero if that is not known.
	Face verdict.Face
}

// Next returns the connection to try now, or false if there is none: nobody is
// due, or there is no room. Each attempt must be answered by a Result.
func (m *Manager) Next(now time.Time) (Attempt, bool) {
	dialing := len(m.dialing)
	if dialing >= m.cfg.HalfOpen || len(m.conns)+dialing >= m.cfg.MaxConns {
		return Attempt{}, false
	}
	best := m.choose(now)
	if best == nil {
		return Attempt{}, false
	}
	if !m.cfg.Caps.Dial() {
		if best.source == Discovery {
			m.cfg.Targets.Return(best.addr.Addr())
		}
		return Attempt{}, false
	}
	// Another connection may have shown TLS since the round began.
	if !best.begun || best.round[0] != TLS && m.tlsOnly(best, now) {
		best.round, best.begun = m.kinds(best, now), true
	}
	best.dialing = true
	m.dialing[best.addr] = struct{}{}
	a := Attempt{Addr: best.addr, Kind: best.round[0], Timeout: dialTimeout}
	if a.Kind == TLS {
		a.Face = m.face(best, now)
		if len(best.round) > 1 && !best.said.TLS() {
			a.Timeout = probeTimeout
		}
	}
	return a, true
}

// choose returns who is dialled now, or nil. Those whom anybody may have named are
// put off where too many of their hosts and networks were dialled in vain.
func (m *Manager) choose(now time.Time) *peer {
	for {
		var best *peer
		for _, p := range m.order {
			if p.idle() && !now.Before(p.after) && (best == nil || m.ahead(p, best)) {
				best = p
			}
		}
		if best == nil || best.source != Discovery || m.cfg.Targets.May(best.addr.Addr(), now) {
			return best
		}
		m.postpone(best, targets.Pause, now)
	}
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
// come the user's peers, if nothing else will do those that are said to have TLS,
// those that failed least, and the highest BEP 40 priority.
func (m *Manager) ahead(p, q *peer) bool {
	switch {
	case p.begun != q.begun:
		return p.begun
	case (p.source == Manual) != (q.source == Manual):
		return p.source == Manual
	case m.cfg.Policy == Require && p.promising() != q.promising():
		return p.promising()
	}
	return p.better(q)
}

// kinds returns what to try at a peer, in order.
func (m *Manager) kinds(p *peer, now time.Time) []Kind {
	a := p.addr
	if m.tlsOnly(p, now) {
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
	if m.cfg.Policy == Off || !p.said.TLS() && (legacy || m.cfg.Verdicts.Declined(a, m.cfg.InfoHash, now)) {
		return clear
	}
	return append([]Kind{TLS}, clear...)
}

// tlsOnly reports whether a peer must not be tried in clear.
func (m *Manager) tlsOnly(p *peer, now time.Time) bool {
	switch m.cfg.Policy {
	case Require:
		return true
	case Prefer:
		return p.source == Discovery || p.said.Face() != (verdict.Face{}) || m.cfg.Verdicts.SeenTLS(p.addr, m.cfg.InfoHash, now)
	}
	return false
}

// promising reports whether a dial over TLS is likely to succeed. Whoever is not
// reached at all loses the advantage: anybody may say anything of anybody.
func (p *peer) promising() bool { return p.said.TLS() && p.failures == 0 }

// face returns what a peer must show. What the user says counts most, and what it has
// said itself more than what others say of it: that may come from who calls from its
// address, or from who reads along.
func (m *Manager) face(p *peer, now time.Time) verdict.Face {
	if p.said.Named() {
		return p.said.Face()
	}
	if f := m.cfg.Verdicts.Face(p.addr, m.cfg.InfoHash, now); f != (verdict.Face{}) {
		return f
	}
	return p.said.Face()
}
