package roster

import (
	"net/netip"

	"github.com/warren-p2p/warren/peerwire/extension"
	"github.com/warren-p2p/warren/swarm/internal/conns"
	"github.com/warren-p2p/warren/swarm/internal/peer"
	"github.com/warren-p2p/warren/swarm/internal/punch"
)

// UTP is told where uTP works better than TCP.
type UTP interface {
	// PreferUTP makes the next dials to addr ("host:port") begin with uTP.
	PreferUTP(addr string)
}

// Holepunch implements peer.Puncher: introductions are made between peers of this
// torrent alone (BEP 55).
func (r *Roster) Holepunch(p *peer.Peer, h extension.Holepunch) {
	switch h.Type {
	case extension.HolepunchRendezvous:
		r.introduce(p, h.Addr)
	case extension.HolepunchConnect:
		r.meet(p, h.Addr)
	}
}

// introduce tells two peers to connect to each other.
func (r *Roster) introduce(p *peer.Peer, target netip.AddrPort) {
	r.mu.Lock()
	ok := r.punch.Relay(p.From, r.cfg.Peer.Clock.Now())
	list := r.listLocked()
	r.mu.Unlock()
	if !ok || !p.CanPunch() {
		return // to answer would be a service as well
	}
	peers := make([]punch.Peer, len(list))
	for i, q := range list {
		peers[i] = punchPeer(q.Peer)
	}
	asker := punchPeer(p)
	i, code := punch.Introduce(asker, target, peers)
	switch {
	case i >= 0:
		list[i].TellHolepunch(extension.Holepunch{Type: extension.HolepunchConnect, Addr: asker.Endpoint})
		p.TellHolepunch(extension.Holepunch{Type: extension.HolepunchConnect, Addr: target})
	case target.Addr().IsValid():
		p.TellHolepunch(extension.Holepunch{Type: extension.HolepunchError, Addr: target, Code: code})
	}
}

func punchPeer(p *peer.Peer) punch.Peer {
	return punch.Peer{From: p.From, Endpoint: p.Endpoint(), Punches: p.CanPunch()}
}

// meet connects to a peer that does the same at this moment.
func (r *Roster) meet(relay *peer.Peer, target netip.AddrPort) {
	now := r.cfg.Peer.Clock.Now()
	utp, ok := r.cfg.Dial.Net.(UTP)
	if !ok || r.blocked(target.Addr()) {
		return
	}
	r.mu.Lock()
	if ok = r.punch.Heed(relay.From, target, now); ok {
		r.conns.Add(conns.PEX, target)
		r.conns.Redial(target, now)
	}
	r.mu.Unlock()
	if ok {
		utp.PreferUTP(target.String())
		r.cfg.Owner.Poke()
	}
}

// maxRelays is how many peers are asked for an introduction.
const maxRelays = 3

// seekRelay asks peers to introduce us to one that could not be reached.
func (r *Roster) seekRelay(target netip.AddrPort, out conns.Outcome) {
	if out != conns.TimedOut && out != conns.Refused || r.cfg.Peer.Puncher == nil {
		return
	}
	var relays []*member
	r.mu.Lock()
	for p := range r.members {
		if len(relays) < maxRelays && p.From != target && p.CanPunch() {
			relays = append(relays, p)
		}
	}
	if len(relays) > 0 && !r.punch.Ask(target, r.cfg.Peer.Clock.Now()) {
		relays = nil
	}
	r.mu.Unlock()
	for _, p := range relays {
		p.TellHolepunch(extension.Holepunch{Type: extension.HolepunchRendezvous, Addr: target})
	}
}
