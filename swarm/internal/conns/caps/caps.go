// Package caps bounds the connections of all torrents together, and those that
// one host opens.
package caps

import (
	"net/netip"
	"sync"

	"github.com/warren-p2p/warren/internal/hosts"
)

// One host may have a share of all connections before no more of it are let in.
const (
	share    = 8
	minShare = 5
)

// Caps bounds the attempts and connections of all torrents together. It is safe
// for concurrent use; a nil Caps bounds nothing.
type Caps struct {
	mu              sync.Mutex
	halfOpen, conns int // the bounds
	dialing, open   int
	hosts           map[netip.Prefix]int // of open
}

// New returns bounds on the attempts under way and on the connections.
func New(halfOpen, conns int) *Caps {
	return &Caps{halfOpen: halfOpen, conns: conns, hosts: make(map[netip.Prefix]int)}
}

// Set changes the bounds; what there is stays.
func (c *Caps) Set(halfOpen, conns int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.halfOpen, c.conns = halfOpen, conns
}

// InUse returns the attempts under way and the connections.
func (c *Caps) InUse() (dialing, open int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.dialing, c.open
}

// Crowded reports whether a host has its share.
func (c *Caps) Crowded(a netip.Addr) bool {
	if c == nil {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.hosts[hosts.Host(a)] >= max(c.conns/share, minShare)
}

// Dial counts an attempt if there is room for it and its connection.
func (c *Caps) Dial() bool {
	if c == nil {
		return true
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.dialing >= c.halfOpen || c.open+c.dialing >= c.conns {
		return false
	}
	c.dialing++
	return true
}

// Dialed ends an attempt and counts the connection it is to become, if any; it
// reports whether there was room for it.
func (c *Caps) Dialed(connected bool, a netip.Addr) bool {
	if c == nil {
		return connected
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.dialing--
	return connected && c.enter(a)
}

// Accept counts a connection that a peer has opened, if there is room.
func (c *Caps) Accept(a netip.Addr) bool {
	if c == nil {
		return true
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.enter(a)
}

func (c *Caps) enter(a netip.Addr) bool {
	if c.open >= c.conns {
		return false
	}
	c.open++
	c.hosts[hosts.Host(a)]++
	return true
}

// Pass gives the place of one connection to another.
func (c *Caps) Pass(from, to netip.Addr) {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.leave(from)
	c.open++
	c.hosts[hosts.Host(to)]++
}

// Closed ends what Dialed or Accept has counted.
func (c *Caps) Closed(a netip.Addr) {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.leave(a)
}

func (c *Caps) leave(a netip.Addr) {
	c.open--
	host := hosts.Host(a)
	if c.hosts[host]--; c.hosts[host] == 0 {
		delete(c.hosts, host)
	}
}
