package conns

import "sync"

// Caps bounds the attempts and connections of all torrents together. It is safe
// for concurrent use; a nil Caps bounds nothing.
type Caps struct {
	mu              sync.Mutex
	halfOpen, conns int // the bounds
	dialing, open   int
}

// NewCaps returns bounds on the attempts under way and on the connections.
func NewCaps(halfOpen, conns int) *Caps { return &Caps{halfOpen: halfOpen, conns: conns} }

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

// dial counts an attempt if there is room for it and its connection.
func (c *Caps) dial() bool {
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

// dialed ends an attempt and counts the connection it is to become, if any; it
// reports whether there was room for it.
func (c *Caps) dialed(connected bool) bool {
	if c == nil {
		return connected
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.dialing--
	if !connected || c.open >= c.conns {
		return false
	}
	c.open++
	return true
}

// accept counts a connection that a peer has opened, if there is room.
func (c *Caps) accept() bool {
	if c == nil {
		return true
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.open >= c.conns {
		return false
	}
	c.open++
	return true
}

func (c *Caps) closed() {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open--
}
