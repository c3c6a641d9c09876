// Package socks speaks SOCKS version 5 (RFC 1928) as a client, with user names and
// passwords (RFC 1929): connections, and the datagrams of UDP ASSOCIATE.
//
// golang.org/x/net/proxy, which is kept well, knows no datagrams; the exchange before
// both is the same.
package socks

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strconv"
)

// Command is what is asked of a server.
type Command byte

// The commands.
const (
	Connect   Command = 1
	Associate Command = 3
)

// Auth is who asks; zero for nobody.
type Auth struct{ User, Password string }

// Errors of servers.
var (
	ErrMalformed = errors.New("the SOCKS server does not speak version 5")
	ErrAuth      = errors.New("the SOCKS server refuses the user name and password")
	ErrNoMethod  = errors.New("the SOCKS server wants to be spoken to in another way")
	ErrTarget    = errors.New("not an address for a SOCKS server")
)

// ReplyError is a refusal (RFC 1928, section 6).
type ReplyError byte

// Replies that a caller decides on.
const (
	NotAllowed         ReplyError = 2
	CommandUnsupported ReplyError = 7
)

func (e ReplyError) Error() string {
	switch e {
	case 1:
		return "the SOCKS server failed"
	case NotAllowed:
		return "the SOCKS server does not allow it"
	case 3:
		return "the SOCKS server cannot reach that network"
	case 4:
		return "the SOCKS server cannot reach that host"
	case 5:
		return "the SOCKS server says: connection refused"
	case 6:
		return "the SOCKS server says: it took too long"
	case CommandUnsupported:
		return "the SOCKS server does not know that command"
	case 8:
		return "the SOCKS server does not know such addresses"
	}
	return fmt.Sprintf("the SOCKS server refuses with %d", byte(e))
}

const (
	version     = 5
	noAuth      = 0
	byPassword  = 2
	noneOfThese = 0xff

	isIPv4 = 1
	isName = 3
	isIPv6 = 4
)

// Do asks a server, on a connection that was just opened, to do a command for target
// ("host:port"; a name is looked up by the server). It returns what the server says of
// its own address, which is a name only by mistake and then zero.
func Do(c io.ReadWriter, cmd Command, target string, a Auth) (netip.AddrPort, error) {
	dst, err := appendAddr([]byte{version, byte(cmd), 0}, target)
	if err != nil {
		return netip.AddrPort{}, err
	}
	if err := greet(c, a); err != nil {
		return netip.AddrPort{}, err
	}
	if _, err := c.Write(dst); err != nil {
		return netip.AddrPort{}, err
	}
	var head [4]byte
	if _, err := io.ReadFull(c, head[:]); err != nil {
		return netip.AddrPort{}, err
	}
	if head[0] != version || head[2] != 0 {
		return netip.AddrPort{}, ErrMalformed
	}
	at, err := readAddr(c, head[3])
	if head[1] != 0 {
		return netip.AddrPort{}, ReplyError(head[1])
	}
	return at, err
}

// greet agrees on who asks.
func greet(c io.ReadWriter, a Auth) error {
	hello := []byte{version, 1, noAuth}
	if a != (Auth{}) {
		if len(a.User) == 0 || len(a.User) > 255 || len(a.Password) > 255 {
			return ErrAuth
		}
		hello = []byte{version, 2, noAuth, byPassword}
	}
	if _, err := c.Write(hello); err != nil {
		return err
	}
	var got [2]byte
	if _, err := io.ReadFull(c, got[:]); err != nil {
		return err
	}
	switch {
	case got[0] != version:
		return ErrMalformed
	case got[1] == noAuth:
		return nil
	case got[1] != byPassword || a == (Auth{}):
		return ErrNoMethod
	}
	b := append([]byte{1, byte(len(a.User))}, a.User...)
	b = append(append(b, byte(len(a.Password))), a.Password...)
	if _, err := c.Write(b); err != nil {
		return err
	}
	if _, err := io.ReadFull(c, got[:]); err != nil {
		return err
	}
	if got[1] != 0 {
		return ErrAuth
	}
	return nil
}

// appendAddr appends an address as servers want it.
func appendAddr(b []byte, target string) ([]byte, error) {
	host, port, err := net.SplitHostPort(target)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrTarget, err)
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return nil, fmt.Errorf("%w: port %q", ErrTarget, port)
	}
	if ip, err := netip.ParseAddr(host); err == nil {
		return appendAddrPort(b, netip.AddrPortFrom(ip, uint16(n))), nil
	}
	if host == "" || len(host) > 255 {
		return nil, fmt.Errorf("%w: a name of %d bytes", ErrTarget, len(host))
	}
	b = append(append(b, isName, byte(len(host))), host...)
	return binary.BigEndian.AppendUint16(b, uint16(n)), nil
}

func appendAddrPort(b []byte, at netip.AddrPort) []byte {
	ip := at.Addr().Unmap().WithZone("")
	kind := byte(isIPv6)
	if ip.Is4() {
		kind = isIPv4
	}
	b = append(append(b, kind), ip.AsSlice()...)
	return binary.BigEndian.AppendUint16(b, at.Port())
}

// readAddr reads an address of a kind.
func readAddr(r io.Reader, kind byte) (netip.AddrPort, error) {
	size := map[byte]int{isIPv4: 4, isIPv6: 16}[kind]
	if kind == isName {
		var n [1]byte
		if _, err := io.ReadFull(r, n[:]); err != nil {
			return netip.AddrPort{}, err
		}
		size = int(n[0])
	}
	if size == 0 {
		return netip.AddrPort{}, ErrMalformed
	}
	b := make([]byte, size+2)
	if _, err := io.ReadFull(r, b); err != nil {
		return netip.AddrPort{}, err
	}
	if kind == isName {
		return netip.AddrPort{}, nil
	}
	ip, _ := netip.AddrFromSlice(b[:size])
	return netip.AddrPortFrom(ip.Unmap(), binary.BigEndian.Uint16(b[size:])), nil
}
