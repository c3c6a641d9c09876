//go:build !linux

package sndbuf

import "net"

// Widen returns c as it is.
func Widen(c net.Conn) net.Conn { return c }
