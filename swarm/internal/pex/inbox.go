package pex

import (
	"errors"
	"net/netip"
	"time"

	"github.com/warren-p2p/warren/peerwire/extension"
	"github.com/warren-p2p/warren/swarm/internal/conns/hint"
)

// ErrFlood is what ends the connection of a peer that sends message after
// message.
var ErrFlood = errors.New("peer floods us with addresses of others")

// Bounds on what is taken of one peer.
const (
	// early is how soon after one message another counts: less than the minute of
	// BEP 11, for clocks and networks that are not exact.
	early = 45 * time.Second
	// maxEarly messages may come too soon, one a minute is forgiven.
	maxEarly = 8
	// maxTaken addresses are taken of one message.
	maxTaken = 100
	// A peer may bring quota addresses at once, and gets back quotaBack of them
	// each minute: it must not fill the list that all peers share over and over.
	quota     = 100
	quotaBack = 10
	// maxNetwork of the addresses of a message may lie in one /24, or /48: peers
	// must not make us call at one victim many times.
	maxNetwork = 8
)

// An Inbox counts what a peer has told. The zero Inbox is that of a peer that has
// told nothing.
type Inbox struct {
	taken  time.Time // of the last message that counted
	aired  time.Time // when soon and spent were made less last
	soon   int       // messages that came too soon
	spent  int       // of quota
	opened bool
}

// Read parses a message and takes it; see Take. The error is that of
// [extension.ParsePex] or [ErrFlood].
func (in *Inbox) Read(msg []byte, from netip.Addr, now time.Time) ([]hint.Hint, error) {
	p, err := extension.ParsePex(msg)
	if err != nil {
		return nil, err
	}
	return in.Take(p, from, now)
}

// Take returns the addresses to keep of a message that a peer at from sent, in
// its order, with what it says of TLS there. A message that comes too soon counts for nothing; at too many of
// them the error is [ErrFlood].
func (in *Inbox) Take(p extension.Pex, from netip.Addr, now time.Time) ([]hint.Hint, error) {
	in.air(now)
	if in.opened && now.Sub(in.taken) < early {
		if in.soon++; in.soon > maxEarly {
			return nil, ErrFlood
		}
		return nil, nil
	}
	in.taken, in.opened = now, true
	var keep []hint.Hint
	near := make(map[netip.Prefix]int)
	for _, a := range p.Added[:min(len(p.Added), maxTaken)] {
		n := network(a.Addr.Addr())
		if in.spent == quota || near[n] == maxNetwork || !Sensible(a.Addr, from) {
			continue
		}
		near[n]++
		in.spent++
		keep = append(keep, hint.Hint{Addr: a.Addr, TLS: a.Flags&extension.PexTLS != 0})
	}
	return keep, nil
}

// air forgives what is some time ago.
func (in *Inbox) air(now time.Time) {
	if in.aired.IsZero() {
		in.aired = now
	}
	n := int(min(max(now.Sub(in.aired)/time.Minute, 0), quota))
	if n > 0 {
		in.aired = now
	}
	in.soon = max(in.soon-n, 0)
	in.spent = max(in.spent-n*quotaBack, 0)
}
