package conns

import (
	"net/netip"
	"slices"
	"time"

	"github.com/warren-p2p/warren/swarm/internal/conns/canon"
	"github.com/warren-p2p/warren/swarm/internal/conns/hint"
)

// Source is where an address came from.
type Source uint8

// The sources, the most trusted first.
const (
	Manual   Source = iota // the user
	Resume                 // connected in an earlier run
	Tracker                // BEP 3, 15
	LSD                    // local service discovery, BEP 14
	Incoming               // a peer that called us and told its port (BEP 10: p)
	// Discovery is any of the others but the user and resume, asked under an id
	// that stands for the info-hash: who is found there has TLS, and is not tried in
	// clear. Anybody who sees the id may have named it.
	Discovery
	DHT // BEP 5
	PEX // BEP 11
	sources
)

// DefaultQuota returns how many addresses are kept of a source. What anybody can
// invent gets less.
func DefaultQuota(s Source) int {
	switch s {
	case Manual:
		return 1000
	case Tracker:
		return 500
	case Resume, Incoming, Discovery, DHT:
		return 200
	}
	return 100
}

// peer is a candidate, dialed or not.
type peer struct {
	addr     netip.AddrPort
	source   Source // the most trusted that named it
	prio     uint32 // BEP 40
	failures int
	shunned  int
	parted   bool      // put off by Part
	after    time.Time // no attempt before
	dialing  bool
	linked   bool      // a connection with it is established, whoever dialled
	said     hint.Said // of TLS there

	round []Kind // kinds still to try in the round under way, the next first
	begun bool   // a round is under way
}

func (p *peer) idle() bool { return !p.dialing && !p.linked }

func (p *peer) stopRound() { p.round, p.begun = nil, false }

// Add takes addresses from a source and returns how many were new. Addresses
// that cannot be dialed, are our own, banned or filtered are left out; so are
// those over the quota of the source, unless a worse one can go.
func (m *Manager) Add(source Source, addrs ...netip.AddrPort) int {
	return m.Hear(source, hint.Plain(addrs)...)
}

// Hear is Add of addresses with what is said of them.
func (m *Manager) Hear(source Source, hints ...Hint) int {
	n := 0
	for _, h := range hints {
		a := unmap(h.Addr)
		if m.add(source, a) {
			n++
		}
		p, ok := m.peers[a]
		switch {
		case ok && source == Manual:
			p.said.Name(h)
		case ok:
			p.said.Take(h)
		}
	}
	return n
}

func (m *Manager) add(source Source, a netip.AddrPort) bool {
	if _, own := m.own[a]; own || a.Port() == 0 || m.Refuses(a.Addr()) {
		return false
	}
	if p, ok := m.peers[a]; ok {
		m.promote(p, source)
		return false
	}
	if source != Manual && m.perIP[a.Addr()] >= m.cfg.PerIP {
		return false
	}
	p := &peer{addr: a, source: source, prio: canon.Of(m.self, a)}
	p.linked = m.connected(a)
	_, p.dialing = m.dialing[a]
	if !m.room(p) {
		return false
	}
	m.peers[a] = p
	m.order = append(m.order, p)
	m.perIP[a.Addr()]++
	m.kept[source]++
	return true
}

// promote moves a known candidate to a more trusted source. One that the user
// names again is tried again at once.
func (m *Manager) promote(p *peer, source Source) {
	if source < p.source && (source == Manual || m.kept[source] < m.quota(source)) {
		m.kept[p.source]--
		m.kept[source]++
		p.source = source
	}
	if source == Manual {
		p.after, p.failures = time.Time{}, 0
	}
}

func (m *Manager) quota(s Source) int {
	if n, ok := m.cfg.Quotas[s]; ok {
		return n
	}
	return DefaultQuota(s)
}

// room reports whether p fits into the quota of its source, after the worst
// candidate of the source has gone for it if need be.
func (m *Manager) room(p *peer) bool {
	quota := m.quota(p.source)
	if m.kept[p.source] < quota {
		return true
	}
	if quota <= 0 {
		return false
	}
	var worst *peer
	for _, q := range m.order {
		if q.source == p.source && q.idle() && (worst == nil || worst.better(q)) {
			worst = q
		}
	}
	if worst == nil || !p.better(worst) {
		return false
	}
	m.drop(worst.addr)
	return true
}

// better reports whether p deserves its place more than q.
func (p *peer) better(q *peer) bool {
	if p.failures != q.failures {
		return p.failures < q.failures
	}
	return p.prio > q.prio
}

// drop forgets a candidate. An attempt under way still ends with Result.
func (m *Manager) drop(a netip.AddrPort) {
	p, ok := m.peers[a]
	if !ok {
		return
	}
	delete(m.peers, a)
	m.order = slices.DeleteFunc(m.order, func(q *peer) bool { return q == p })
	m.kept[p.source]--
	if m.perIP[a.Addr()]--; m.perIP[a.Addr()] == 0 {
		delete(m.perIP, a.Addr())
	}
}

// Candidates returns the addresses that were reached before or not tried yet,
// the most trusted and best first, to be added as Resume in the next run.
func (m *Manager) Candidates() []netip.AddrPort {
	good := slices.DeleteFunc(slices.Clone(m.order), func(p *peer) bool { return p.failures > 0 })
	slices.SortStableFunc(good, func(p, q *peer) int {
		if m.ahead(p, q) {
			return -1
		}
		if m.ahead(q, p) {
			return 1
		}
		return 0
	})
	addrs := make([]netip.AddrPort, len(good))
	for i, p := range good {
		addrs[i] = p.addr
	}
	return addrs
}
