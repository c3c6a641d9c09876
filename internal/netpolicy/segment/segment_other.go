//go:build !linux

package segment

import "net/netip"

func (c *Conn) setup() {}

func (c *Conn) read(b []byte) (n, size int, from netip.AddrPort, err error) {
	n, from, err = c.udp.ReadFromUDPAddrPort(b)
	return n, n, from, err
}

func (c *Conn) writeJoined([]byte, int, netip.AddrPort) bool { return false }

// Probe sends nothing: here nobody can be kept from fragmenting.
func (c *Conn) Probe([]byte, netip.AddrPort) error { return ErrTooLong }
