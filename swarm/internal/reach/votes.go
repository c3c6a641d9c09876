package reach

import (
	"net/netip"
	"time"

	"github.com/warren-p2p/warren/internal/netpolicy"
)

const (
	maxVoters = 128       // networks that are remembered
	quorum    = 3         // that must agree
	memory    = time.Hour // for which a vote counts: addresses change
)

// votes counts who sees us under which address of one family. A network has one
// vote, the last it cast, so that nobody decides with many addresses of one. It
// takes the time from outside and is not safe for concurrent use.
type votes struct {
	by map[netip.Prefix]vote
}

type vote struct {
	you netip.Addr
	at  time.Time
}

// cast counts what somebody says. Neither side may be in a network of its own: who
// sits beside us sees another address than those on the Internet.
func (v *votes) cast(voter, you netip.Addr, now time.Time) {
	if !netpolicy.IsPublic(you) || !netpolicy.IsPublic(voter) {
		return
	}
	if v.by == nil {
		v.by = make(map[netip.Prefix]vote)
	}
	n := network(voter)
	if _, again := v.by[n]; !again && len(v.by) >= maxVoters {
		v.forgetOldest()
	}
	v.by[n] = vote{you, now}
}

func (v *votes) forgetOldest() {
	var oldest netip.Prefix
	for n, b := range v.by {
		if !oldest.IsValid() || b.at.Before(v.by[oldest].at) {
			oldest = n
		}
	}
	delete(v.by, oldest)
}

// network is what has one vote: as much as one provider may have.
func network(a netip.Addr) netip.Prefix {
	bits := 16
	if a.Is6() {
		bits = 32
	}
	p, _ := a.Prefix(bits) // in range
	return p
}

// winner returns the address that more than half of the voters see, invalid if
// there is none or too few say anything.
func (v *votes) winner(now time.Time) netip.Addr {
	count := make(map[netip.Addr]int)
	for n, b := range v.by {
		if now.Sub(b.at) >= memory {
			delete(v.by, n)
			continue
		}
		count[b.you]++
	}
	for you, n := range count {
		if n >= quorum && 2*n > len(v.by) {
			return you
		}
	}
	return netip.Addr{}
}
