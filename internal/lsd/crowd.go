package lsd

import (
	"net/netip"
	"time"
)

// Bounds on what is heard.
const (
	maxSenders = 256 // of which is remembered how much they said lately
	burst      = 10  // datagrams at once from one sender
	sustained  = 2 * time.Second
)

// crowd bounds what is listened to, by sender. It takes the time from outside
// and is not safe for concurrent use.
type crowd struct {
	until map[netip.Addr]time.Time // when all that was said is forgotten
}

// hears reports whether a datagram is to be read. When too many speak at once,
// newcomers wait until others are forgotten.
func (c *crowd) hears(from netip.Addr, now time.Time) bool {
	if c.until == nil {
		c.until = make(map[netip.Addr]time.Time)
	}
	until, known := c.until[from]
	if !known && len(c.until) >= maxSenders {
		for a, t := range c.until {
			if !now.Before(t) {
				delete(c.until, a)
			}
		}
		if len(c.until) >= maxSenders {
			return false
		}
	}
	if until.Before(now) {
		until = now
	}
	if until = until.Add(sustained); until.After(now.Add(burst * sustained)) {
		return false
	}
	c.until[from] = until
	return true
}

// local reports whether a sender can be of the network this machine is in.
func local(a netip.Addr) bool {
	a = a.Unmap()
	return a.IsPrivate() || a.IsLinkLocalUnicast() || a.IsLoopback()
}
