// Package targets bounds how often hosts and networks are dialled in vain that
// anybody may have named: who makes up announces must not be able to aim the dials
// of a whole swarm at somebody.
//
// Each host (an IPv4 address or a /64) may be dialled eight times at once and then
// every five minutes; each network (a /24 or a /48) 32 times and then once a
// minute, by all torrents together. What leads to a peer does not count. This is
// beside the backoff of each address, which doubles with every failure.
package targets

import (
	"maps"
	"net/netip"
	"sync"
	"time"

	"github.com/warren-p2p/warren/internal/hosts"
)

// Pause is how long who may not be dialled is left alone before that is asked
// again.
const Pause = 5 * time.Minute

// maxEntries bounds the memory, of hosts and of networks. Nobody else may be
// dialled when it is full: that takes ten thousand dials in vain within minutes.
const maxEntries = 8192

// bound is how many dials are free, and how soon another one is.
type bound struct {
	burst int
	every time.Duration
}

func perHost() bound    { return bound{8, 5 * time.Minute} }
func perNetwork() bound { return bound{32, time.Minute} }

// Book counts the dials. It is safe for concurrent use; a nil Book bounds nothing.
type Book struct {
	mu sync.Mutex
	// When what was dialled will be forgotten, if nothing more is (a virtual
	// schedule, as GCRA has it).
	hosts, networks map[netip.Prefix]time.Time
	aired           time.Time // when those that time has forgiven were forgotten last
}

// New returns an empty book.
func New() *Book {
	return &Book{hosts: make(map[netip.Prefix]time.Time), networks: make(map[netip.Prefix]time.Time)}
}

// May reports whether a host may be dialled now, and counts that it is. This
// machine may be dialled at will: its peers are those of a proxy, or of Tor.
func (b *Book) May(a netip.Addr, now time.Time) bool {
	if b == nil || hosts.Ours(a) {
		return true
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	host, network := hosts.Host(a), hosts.Network(a)
	b.air(now)
	if !fits(b.hosts, host, perHost(), now) || !fits(b.networks, network, perNetwork(), now) {
		return false
	}
	add(b.hosts, host, perHost(), now)
	add(b.networks, network, perNetwork(), now)
	return true
}

// Return takes back what May has counted: there was a peer, or no dial.
func (b *Book) Return(a netip.Addr) {
	if b == nil || hosts.Ours(a) {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	take(b.hosts, hosts.Host(a), perHost())
	take(b.networks, hosts.Network(a), perNetwork())
}

// air forgets, once a minute, what time has forgiven.
func (b *Book) air(now time.Time) {
	if now.Sub(b.aired) < time.Minute {
		return
	}
	b.aired = now
	for _, m := range []map[netip.Prefix]time.Time{b.hosts, b.networks} {
		maps.DeleteFunc(m, func(_ netip.Prefix, t time.Time) bool { return !t.After(now) })
	}
}

func fits(m map[netip.Prefix]time.Time, k netip.Prefix, of bound, now time.Time) bool {
	until, known := m[k]
	if !known && len(m) >= maxEntries {
		return false
	}
	return until.Sub(now) <= time.Duration(of.burst-1)*of.every
}

func take(m map[netip.Prefix]time.Time, k netip.Prefix, of bound) {
	if until, ok := m[k]; ok {
		m[k] = until.Add(-of.every)
	}
}

func add(m map[netip.Prefix]time.Time, k netip.Prefix, of bound, now time.Time) {
	until := m[k]
	if until.Before(now) {
		until = now
	}
	m[k] = until.Add(of.every)
}
