package conns

import (
	"net/netip"
	"time"

	"github.com/warren-p2p/warren/internal/hosts"
	"github.com/warren-p2p/warren/swarm/internal/conns/canon"
	"github.com/warren-p2p/warren/swarm/internal/conns/verdict"
)

// conn is an established connection.
type conn struct {
	addr   netip.AddrPort
	listen netip.AddrPort // where the same peer can be dialled, if it told
	prio   uint32
	since  time.Time
}

// Listens says that the peer of a connection can be dialled at an address, with
// what it says of TLS there. It is not as long as it is connected: one of the two
// connections would have to go, and it might be the one that has found its speed.
//
// Who says that it has TLS is not dialled in clear any more, not even where that
// has worked: it may have come to another port for it. What it shows is not taken of
// who comes from this machine, unless it was dialled: it may be anybody, behind Tor
// for instance, and speak of another's port.
func (m *Manager) Listens(addr netip.AddrPort, at Hint, now time.Time) {
	listen := unmap(at.Addr)
	c, ok := m.conns[unmap(addr)]
	if ok && at.TLS && m.cfg.Policy != Off {
		_, dialled := m.peers[c.addr]
		if hosts.Ours(listen.Addr()) && !dialled {
			at.Face = verdict.Face{}
		}
		m.cfg.Verdicts.NoteFace(listen, m.cfg.InfoHash, at.Face, now)
		if dialled && c.addr != listen {
			m.cfg.Verdicts.NoteTLS(c.addr, m.cfg.InfoHash, now)
			m.add(Incoming, listen)
		}
	}
	if !ok || c.listen.IsValid() || c.addr == listen {
		return
	}
	c.listen = listen
	if p, ok := m.peers[listen]; ok {
		p.linked = true
	}
}

// connected reports whether there is a connection with who can be dialled at a.
func (m *Manager) connected(a netip.AddrPort) bool {
	if _, ok := m.conns[a]; ok {
		return true
	}
	for _, c := range m.conns {
		if c.listen == a {
			return true
		}
	}
	return false
}

// Accept asks whether to keep a connection that a peer has opened to us, and
// counts it if so. When the torrent is full it takes the place of the connection
// with the lowest canonical priority, which the caller has to close, if its own
// is higher (BEP 40); evicted is invalid otherwise.
func (m *Manager) Accept(addr netip.AddrPort, now time.Time) (evicted netip.AddrPort, ok bool) {
	addr = unmap(addr)
	if _, dup := m.conns[addr]; dup || m.Refuses(addr.Addr()) || m.Crowded(addr.Addr()) {
		return netip.AddrPort{}, false
	}
	prio := canon.Of(m.self, addr)
	if len(m.conns) >= m.cfg.MaxConns || !m.cfg.Caps.Accept(addr.Addr()) {
		worst := m.worst()
		if worst == nil || worst.prio >= prio {
			return netip.AddrPort{}, false
		}
		evicted = worst.addr
		m.unlink(worst, now)
		m.cfg.Caps.Pass(evicted.Addr(), addr.Addr())
	}
	m.conns[addr] = &conn{addr: addr, prio: prio, since: now}
	if p, ok := m.peers[addr]; ok {
		p.linked = true
	}
	return evicted, true
}

// Crowded reports whether a host has as many connections as it may open, here or
// in all torrents together.
func (m *Manager) Crowded(a netip.Addr) bool {
	if hosts.Ours(a) {
		return false
	}
	n := 0
	for at := range m.conns {
		if hosts.Host(at.Addr()) == hosts.Host(a) {
			n++
		}
	}
	return n >= m.cfg.PerHost || m.cfg.Caps.Crowded(a)
}

// manual reports whether the user named a.
func (m *Manager) manual(a netip.AddrPort) bool {
	p, ok := m.peers[a]
	return ok && p.source == Manual
}

// worst returns the connection that goes first when there is no room, or nil.
// What the user asked for stays.
func (m *Manager) worst() *conn {
	var worst *conn
	for _, c := range m.conns {
		if m.manual(c.addr) {
			continue
		}
		if worst == nil || c.prio < worst.prio ||
			c.prio == worst.prio && c.addr.Compare(worst.addr) < 0 {
			worst = c
		}
	}
	return worst
}
