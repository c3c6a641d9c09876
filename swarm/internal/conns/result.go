package conns

import (
	"net/netip"
	"time"

	"github.com/warren-p2p/warren/swarm/internal/conns/canon"
)

// Outcome is what came of an attempt.
type Outcome uint8

// The outcomes. It matters to tell a host that cannot be reached from a peer
// that speaks another protocol: only the latter says anything about the peer.
const (
	// Connected: both handshakes are done, for this torrent.
	Connected Outcome = iota
	// NotThisKind: TCP connected, but the peer closed, was silent until the
	// time-out or answered with something else than this kind of handshake.
	NotThisKind
	// Refused: TCP was refused, or the host was unreachable.
	Refused
	// TimedOut: TCP did not connect in time.
	TimedOut
	// WrongTorrent: the peer speaks this kind and does not have the torrent; over
	// TLS, it showed us a website.
	WrongTorrent
	// Self: we have reached ourselves.
	Self
	// Duplicate: we are connected to this peer already, at another address.
	Duplicate
	// Abandoned: we gave the attempt up for reasons of our own, so it teaches
	// nothing.
	Abandoned
)

// Result says what came of an attempt. It reports whether a connection is to be
// kept: in the meantime the peer may have been banned, or have called us, or
// others may have taken the room, which only the user's peers may exceed.
func (m *Manager) Result(a Attempt, o Outcome, now time.Time) (keep bool) {
	if _, ok := m.dialing[a.Addr]; !ok {
		return false
	}
	delete(m.dialing, a.Addr)
	if o == Connected {
		m.learnKind(a, now)
		_, dup := m.conns[a.Addr]
		room := len(m.conns) < m.cfg.MaxConns || m.manual(a.Addr)
		keep = room && !dup && !m.Refuses(a.Addr.Addr())
	}
	if keep = m.cfg.Caps.Dialed(keep, a.Addr.Addr()); keep {
		m.conns[a.Addr] = &conn{addr: a.Addr, prio: canon.Of(m.self, a.Addr), since: now}
	}
	if p, ok := m.peers[a.Addr]; ok {
		if p.source == Discovery && o == Connected {
			m.cfg.Targets.Return(a.Addr.Addr())
		}
		p.dialing = false
		p.linked = p.linked || keep
		m.judge(p, a.Kind, o, now)
	}
	return keep
}

// judge draws the consequences of an outcome for the candidate.
func (m *Manager) judge(p *peer, kind Kind, o Outcome, now time.Time) {
	switch o {
	case Connected:
		m.postpone(p, refusedBackoff, now) // in case it is not kept
	case Self:
		m.own[p.addr] = struct{}{}
		m.drop(p.addr)
	case NotThisKind:
		m.nextKind(p, kind, now)
	case WrongTorrent:
		if kind == TLS {
			p.said.Refute()
		}
		if kind == TLS && len(p.round) > 1 {
			m.cfg.Verdicts.NoteDeclined(p.addr, m.cfg.InfoHash, now)
			p.round = p.round[1:]
			return
		}
		m.fail(p, maxBackoff, now)
	case Duplicate:
		m.postpone(p, maxBackoff, now)
	case Abandoned:
		p.stopRound()
	case TimedOut:
		m.fail(p, timeoutBackoff, now)
	default:
		m.fail(p, refusedBackoff, now)
	}
}

// nextKind goes on to the next kind of the round. That there is no TLS is noted
// at once, so that no torrent asks again, and taken back if nothing else works
// either: that host is no peer without TLS, it is no peer at all.
func (m *Manager) nextKind(p *peer, kind Kind, now time.Time) {
	if kind == TLS {
		p.said.Refute()
	}
	if kind == TLS && len(p.round) > 1 {
		m.cfg.Verdicts.NoteLegacy(p.addr, now)
	}
	if len(p.round) > 1 {
		p.round = p.round[1:]
		return
	}
	if kind != TLS {
		m.cfg.Verdicts.ForgetLegacy(p.addr)
	}
	m.fail(p, refusedBackoff, now)
}

// learnKind notes which kind has worked.
func (m *Manager) learnKind(a Attempt, now time.Time) {
	if a.Kind == TLS {
		m.cfg.Verdicts.NoteTLS(a.Addr, m.cfg.InfoHash, now)
	} else {
		m.cfg.Verdicts.NoteWorks(a.Addr, a.Kind)
	}
}

// The delays after failures. A host that does not answer at all costs more than
// one that refuses.
const (
	refusedBackoff = 15 * time.Second
	timeoutBackoff = 30 * time.Second
	maxBackoff     = time.Hour
	shunBackoff    = time.Minute
	partBackoff    = 15 * time.Minute
	// Whoever names a peer by hand often starts it a moment later.
	manualBackoff = time.Second
)

// fail doubles the delay of a candidate with every failure.
func (m *Manager) fail(p *peer, base time.Duration, now time.Time) {
	if p.source == Manual {
		base = manualBackoff
	}
	delay := base
	for range p.failures {
		if delay *= 2; delay >= maxBackoff {
			break
		}
	}
	p.failures++
	m.postpone(p, min(delay, maxBackoff), now)
}

// postpone ends the round and waits, up to a quarter longer than told, so that
// peers that were lost together are not dialed together.
func (m *Manager) postpone(p *peer, delay time.Duration, now time.Time) {
	p.stopRound()
	p.after = now.Add(delay + time.Duration(m.cfg.Rand.Int64N(int64(delay)/4)))
}

// Stable is how long a connection must have lasted to clear earlier failures, and to
// speak for the peer.
const Stable = time.Minute

// Closed says that an established connection, dialed or accepted, has ended.
// One that ended early counts as a failure, so that a peer that only ever drops
// us is dialed less and less.
func (m *Manager) Closed(addr netip.AddrPort, now time.Time) {
	addr = unmap(addr)
	c, ok := m.conns[addr]
	if !ok {
		return
	}
	m.cfg.Caps.Closed(addr.Addr())
	m.unlink(c, now)
}

// unlink forgets a connection; what it counted for in Caps is left alone.
func (m *Manager) unlink(c *conn, now time.Time) {
	delete(m.conns, c.addr)
	m.loosen(c.listen, c.since, now)
	m.loosen(c.addr, c.since, now)
}

// loosen lets a candidate be dialled again whose connection has ended.
func (m *Manager) loosen(a netip.AddrPort, since, now time.Time) {
	p, ok := m.peers[a]
	if !ok {
		return
	}
	if p.linked = m.connected(a); p.linked {
		return
	}
	if now.Sub(since) >= Stable {
		p.failures = 0
		m.postpone(p, refusedBackoff, now)
		return
	}
	m.fail(p, refusedBackoff, now)
}

// Redial makes a candidate due at once: its connection ended because it had to
// be replaced, not because anything was wrong.
func (m *Manager) Redial(addr netip.AddrPort, now time.Time) {
	if p, ok := m.peers[unmap(addr)]; ok {
		p.failures, p.after = 0, now
	}
}

// Shun says that a connection was ended for what the peer did. Its candidates are
// left alone for a minute, and twice as long each further time.
func (m *Manager) Shun(now time.Time, addrs ...netip.AddrPort) {
	for _, a := range addrs {
		if p, ok := m.peers[unmap(a)]; ok {
			m.postpone(p, min(shunBackoff<<min(p.shunned, 6), maxBackoff), now)
			p.shunned++
		}
	}
}

// Part says that a connection has ended with which neither side wants anything: its
// candidates are left alone for a quarter of an hour, or until SetWants.
func (m *Manager) Part(now time.Time, addrs ...netip.AddrPort) {
	for _, a := range addrs {
		if p, ok := m.peers[unmap(a)]; ok {
			m.postpone(p, partBackoff, now)
			p.parted = true
		}
	}
}

// SetWants says whether anything is wanted. If so, those whom Part has put off are
// due.
func (m *Manager) SetWants(on bool, now time.Time) {
	for _, p := range m.order {
		if on && p.parted {
			p.parted, p.failures, p.after = false, 0, now
		}
	}
}
