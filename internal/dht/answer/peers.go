package answer

import (
	"math/rand/v2"
	"net/netip"
	"slices"
	"time"

	"github.com/warren-p2p/warren/internal/dht/gate"
	"github.com/warren-p2p/warren/internal/dht/krpc"
)

// Bounds of what is kept for others, about 3 MB in all.
const (
	maxHashes  = 4096
	maxPeers   = 32768 // of all info-hashes
	maxOfHash  = 128
	maxOfHost  = 64 // peers that one network may announce
	maxGiven   = 30 // peers in an answer; with these and nodes it fits into a packet
	peerExpiry = 30 * time.Minute
)

// peers are the peers that were announced.
type peers struct {
	by    map[krpc.ID][]announced
	hosts map[netip.Prefix]int
	all   int
}

type announced struct {
	at      netip.AddrPort
	expires time.Time
}

func newPeers() peers {
	return peers{by: make(map[krpc.ID][]announced), hosts: make(map[netip.Prefix]int)}
}

// add keeps a peer, and reports false if there is no room for it. The oldest of
// a full info-hash makes room.
func (p *peers) add(h krpc.ID, at netip.AddrPort, now time.Time) bool {
	list, known := p.by[h]
	if i := slices.IndexFunc(list, func(a announced) bool { return a.at == at }); i >= 0 {
		list = slices.Delete(list, i, i+1) // to the end: the list is in order of time
		p.by[h] = append(list, announced{at, now.Add(peerExpiry)})
		return true
	}
	n := network(at.Addr())
	if p.hosts[n] >= maxOfHost || !known && len(p.by) >= maxHashes {
		return false
	}
	if len(list) >= maxOfHash {
		p.leave(list[0].at.Addr())
		list = slices.Delete(list, 0, 1)
	} else if p.all >= maxPeers {
		return false
	}
	p.hosts[n]++
	p.all++
	p.by[h] = append(list, announced{at, now.Add(peerExpiry)})
	return true
}

// leave takes a peer that goes off the counts.
func (p *peers) leave(a netip.Addr) {
	n := network(a)
	if p.hosts[n]--; p.hosts[n] == 0 {
		delete(p.hosts, n)
	}
	p.all--
}

// get returns up to maxGiven peers, others each time, that an address may be told
// of.
func (p *peers) get(h krpc.ID, to netip.Addr, now time.Time, chance *rand.Rand) []netip.AddrPort {
	list := p.by[h]
	if len(list) == 0 {
		return nil
	}
	var given []netip.AddrPort
	first := chance.IntN(len(list))
	for i := range list {
		a := list[(first+i)%len(list)]
		if len(given) < maxGiven && now.Before(a.expires) && gate.Believable(a.at.Addr(), to) {
			given = append(given, a.at)
		}
	}
	return given
}

// expire forgets who has not announced anew.
func (p *peers) expire(now time.Time) {
	for h, list := range p.by {
		gone := 0
		for gone < len(list) && !now.Before(list[gone].expires) {
			p.leave(list[gone].at.Addr())
			gone++
		}
		if gone == len(list) {
			delete(p.by, h)
		} else {
			p.by[h] = slices.Delete(list, 0, gone)
		}
	}
}
