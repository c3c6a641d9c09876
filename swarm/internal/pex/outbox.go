package pex

import (
	"net/netip"
	"time"

	"github.com/warren-p2p/warren/peerwire/extension"
)

// period is the least time between two messages to a peer (BEP 11).
const period = time.Minute

// An Outbox is what a peer has been told. The zero Outbox is that of a peer that
// was told nothing.
type Outbox struct {
	next time.Time
	seen uint64 // everything up to here was told, or does not concern the peer
}

// Message returns what to tell a peer now, false if nothing. at is where the peer
// is connected from, self where others can dial it, if that is known.
func (o *Outbox) Message(b *Book, at netip.Addr, self netip.AddrPort, now time.Time) (extension.Pex, bool) {
	if now.Before(o.next) || o.seen == b.seq {
		return extension.Pex{}, false
	}
	var p extension.Pex
	last := b.seq
	for _, e := range b.events {
		if e.seq <= o.seen || e.peer.Addr == self || !Sensible(e.peer.Addr, at) {
			continue
		}
		if e.went && e.came > o.seen { // the peer was never told that it came
			continue
		}
		if e.went && len(p.Dropped) == maxDropped || !e.went && len(p.Added) == maxAdded {
			last = e.seq - 1
			break
		}
		if e.went {
			p.Dropped = append(p.Dropped, e.peer.Addr)
		} else {
			p.Added = append(p.Added, e.peer)
		}
	}
	o.seen = last
	if len(p.Added)+len(p.Dropped) == 0 {
		return extension.Pex{}, false
	}
	o.next = now.Add(period)
	return p, true
}
