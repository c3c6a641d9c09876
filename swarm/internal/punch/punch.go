// Package punch says how often peers may be introduced to each other so that two
// behind NATs can connect (ut_holepunch, BEP 55): an introduction makes two nodes
// send packets to addresses that a third has named, so none comes for free.
//
// It does no I/O and takes the time as an argument.
package punch

import (
	"net/netip"
	"time"

	"github.com/warren-p2p/warren/swarm/internal/pex"
)

// The limits.
const (
	RelayedEach = 10 // introductions in a minute that one peer gets of us
	RelayedAll  = 60 // and all peers of a torrent
	HeededEach  = 10 // in a minute that we follow, of one relay
	HeededAll   = 30
	// AskAgain is when the same peer may be asked for again.
	AskAgain = 10 * time.Minute
	// asked bounds how many peers are remembered that were asked for.
	asked = 256
)

// Limits are those of one torrent. It belongs to one goroutine at a time.
type Limits struct {
	began        time.Time // of the minute
	relayed      map[netip.AddrPort]int
	heeded       map[netip.AddrPort]int
	relays, heed int
	wanted       map[netip.AddrPort]time.Time
}

// Relay reports whether a peer may be introduced to another now.
func (l *Limits) Relay(asker netip.AddrPort, now time.Time) bool {
	l.turn(now)
	if l.relays >= RelayedAll || l.relayed[asker] >= RelayedEach {
		return false
	}
	l.relays++
	l.relayed[asker]++
	return true
}

// Heed reports whether to connect where a relay says.
func (l *Limits) Heed(relay, target netip.AddrPort, now time.Time) bool {
	l.turn(now)
	if l.heed >= HeededAll || l.heeded[relay] >= HeededEach || !pex.Sensible(target, relay.Addr()) {
		return false
	}
	l.heed++
	l.heeded[relay]++
	return true
}

// Ask reports whether to ask for an introduction to a peer that could not be
// reached.
func (l *Limits) Ask(target netip.AddrPort, now time.Time) bool {
	if at, ok := l.wanted[target]; ok && now.Sub(at) < AskAgain {
		return false
	}
	if l.wanted == nil {
		l.wanted = make(map[netip.AddrPort]time.Time)
	}
	if len(l.wanted) >= asked {
		for a, at := range l.wanted {
			if now.Sub(at) >= AskAgain {
				delete(l.wanted, a)
			}
		}
	}
	if len(l.wanted) >= asked {
		return false
	}
	l.wanted[target] = now
	return true
}

func (l *Limits) turn(now time.Time) {
	if l.relayed == nil || now.Sub(l.began) >= time.Minute {
		*l = Limits{began: now, relayed: make(map[netip.AddrPort]int), heeded: make(map[netip.AddrPort]int), wanted: l.wanted}
	}
}
